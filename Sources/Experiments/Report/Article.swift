import Foundation

extension String {
  /// A network's name behind its article: a resnet8, an alexnet.
  package var withArticle: String { "\(article) \(self)" }

  /// The same at the beginning of a sentence.
  package var withCapitalArticle: String { "\(article.capitalized) \(self)" }

  private var article: String { first.map { "aeiou".contains($0) } ?? false ? "an" : "a" }
}
