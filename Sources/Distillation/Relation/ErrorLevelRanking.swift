import Tensors

/// Which rows of answers of a teacher are good enough to learn from (Xu, Liu, Li & Loy, ECCV 2020, section 3.3).
enum ErrorLevelRanking {
  /// The rows that the teacher answers right, and of the others those that it answers least wrong.
  ///
  /// - Parameters:
  ///   - answers: the teacher's, [rows, choices].
  ///   - truths: the right choice of each row.
  ///   - ratio: share of the wrong rows that is kept, rounded down.
  /// - Returns: rows in ascending order of the rank of the right choice, equal ranks in the order of the rows.
  static func kept(_ answers: Tensor, _ truths: [Int], ratio: Double) -> [Int] {
    let ranks = ranks(answers, truths)
    let order = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    let right = ranks.count { $0 == 0 }
    return Array(order.prefix(right + Int(ratio * Double(ranks.count - right))))
  }

  /// How many choices the teacher holds for likelier than the right one; of equally likely ones the earlier.
  static func ranks(_ answers: Tensor, _ truths: [Int]) -> [Int] {
    let choices = answers.shape[1]
    return answers.withFloats { values in
      truths.enumerated().map { row, truth in
        let line = values[row * choices..<(row + 1) * choices]
        let own = line[line.startIndex + truth]
        return line.enumerated().count { $0.element > own || ($0.element == own && $0.offset < truth) }
      }
    }
  }
}
