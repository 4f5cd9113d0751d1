import Analysis
import Foundation
import Support

/// Answers of networks at other temperatures than 1, in double precision: logits are known up to a constant of each
/// image, which softmax does not see.
package enum SoftAnswers {
  /// log softmax(z / T) of an image.
  private static func logs(_ answers: Predictions, _ image: Int, at temperature: Double) -> [Double] {
    let row = answers.logProbabilities[image * answers.classes..<(image + 1) * answers.classes].map { $0 / temperature }
    let largest = row.max() ?? 0
    let total = log(row.reduce(0) { $0 + exp($1 - largest) })
    return row.map { ($0 - largest) - total }
  }

  /// Mean probability of a class over the images of another one, of softmax(z / T).
  package static func meanProbability(
    _ answers: Predictions, of wanted: Int, where label: Int, at temperature: Double
  ) -> Double {
    let own = answers.labels.indices.filter { answers.labels[$0] == label }
    return own.reduce(0) { $0 + exp(logs(answers, $1, at: temperature)[wanted]) } / Double(own.count)
  }

  private static func mean(_ answers: Predictions, _ value: (Int) -> Double) -> Double {
    answers.labels.indices.reduce(0) { $0 + value($1) } / Double(max(1, answers.count))
  }

  /// Mean over images of the entropy of softmax(z / T), nats.
  package static func entropy(_ answers: Predictions, at temperature: Double) -> Double {
    mean(answers) { image in logs(answers, image, at: temperature).reduce(0) { $0 - exp($1) * $1 } }
  }

  /// log K, nats.
  package static func largestEntropy(_ answers: Predictions) -> Double { log(Double(answers.classes)) }

  /// T² · KL(softmax(v / T) ‖ softmax(z / T)), mean over images, nats.
  ///
  /// - Parameters:
  ///   - own: z, of the student.
  ///   - teacher: v, on the same images.
  ///   - temperature: T.
  /// - Returns: nats, from 0.
  package static func scaledDivergence(_ own: Predictions, from teacher: Predictions, at temperature: Double) -> Double
  {
    precondition(own.count == teacher.count, "SoftAnswers: \(own.count) and \(teacher.count) images")
    return temperature * temperature
      * mean(own) { image in
        zip(logs(teacher, image, at: temperature), logs(own, image, at: temperature))
          .reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
      }
  }

  /// What that tends to as T grows: ‖z̃ − ṽ‖² / 2K with centred logits, mean over images (Hinton et al., 2015, section
  /// 2.1).
  package static func limit(_ own: Predictions, from teacher: Predictions) -> Double {
    let classes = own.classes
    return mean(own) { image in
      let differences = (image * classes..<(image + 1) * classes).map {
        own.logProbabilities[$0] - teacher.logProbabilities[$0]
      }
      let centre = differences.reduce(0, +) / Double(classes)
      return differences.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / (2 * Double(classes))
    }
  }
}
