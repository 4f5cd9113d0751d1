import Foundation
import Reporting
import Support

/// A README.md as Hugging Face reads it: facts for programs at the top, in YAML, then text for people.
public struct ModelCard: Sendable, Equatable {
  /// One measured number.
  public struct Metric: Sendable, Equatable {
    /// Its identifier there, such as `accuracy`.
    public let type: String
    /// What it is, in words.
    public let name: String
    /// The number, rounded as it is shown.
    public let value: Double

    /// - Parameters:
    ///   - type: identifier, such as `accuracy`.
    ///   - name: what it is, in words.
    ///   - value: the number.
    public init(_ type: String, _ name: String, _ value: Double) {
      self.type = type
      self.name = name
      self.value = value
    }
  }

  /// Name of the model.
  public let name: String
  /// Words that it is found by.
  public let tags: [String]
  /// Name of the data set.
  public let data: String
  /// Which part of it the numbers are of.
  public let split: String
  /// What was measured there.
  public let metrics: [Metric]
  /// The text for people, without its title.
  public let body: [Block]

  /// - Parameters: as the properties.
  public init(name: String, tags: [String], data: String, split: String, metrics: [Metric], body: [Block]) {
    self.name = name
    self.tags = tags
    self.data = data
    self.split = split
    self.metrics = metrics
    self.body = body
  }

  /// The whole file.
  public var text: String {
    // The licence is nobody's to choose but the author's; `unknown` is one of the words that the hub knows.
    "---\nlicense: unknown  # choose yours, such as apache-2.0: huggingface.co/docs/hub/repositories-licenses\n"
      + frontMatter.yaml + "---\n\n" + Report(title: MarkdownText(plain: name), blocks: body).markdown
  }

  private var frontMatter: DocumentNode {
    .map([
      "library_name": .text("kdscope"), "pipeline_tag": .text("image-classification"),
      "tags": .list(tags.map { .text($0) }), "metrics": .list(metrics.map { .text($0.type) }),
      "model-index": .list([
        .map([
          "name": .text(name),
          "results": .list([
            .map([
              "task": .map(["type": .text("image-classification"), "name": .text("Image classification")]),
              "dataset": .map(["type": .text(data), "name": .text(data), "split": .text(split)]),
              "metrics": .list(
                metrics.map { metric in
                  .map(["type": .text(metric.type), "value": .number(metric.value), "name": .text(metric.name)])
                }),
            ])
          ]),
        ])
      ]),
    ])
  }

  /// Writes the card, making its folder if need be.
  ///
  /// - Throws: ``WorkError`` if the hub would refuse it, and as ``AtomicFile``.
  public func write(to url: URL) throws {
    let text = text
    if let problem = ModelCardCheck.problems(in: text).first {
      throw WorkError("\(url.path): the card would be refused: \(problem); nothing was written")
    }
    try Folders.create(url.deletingLastPathComponent())
    try AtomicFile.write(Data(text.utf8), to: url)
  }
}
