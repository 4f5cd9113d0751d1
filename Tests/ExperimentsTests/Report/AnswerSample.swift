import Analysis
import Experiments
import Statistics

/// Answers whose verdicts are what a name says, judged as a report judges them.
enum AnswerSample {
  /// Differences of five seeds that give a verdict on the claimed side's sign.
  static func differences(_ verdict: Verdict, _ question: Question) -> [Double] {
    let side = question.side == .larger ? 1.0 : -1.0
    let seeds = [0.9, 1.0, 1.1, 1.05, 0.95]
    return switch verdict {
    case .supported: seeds.map { side * 0.02 * $0 }
    case .contradicted: seeds.map { -side * 0.02 * $0 }
    // The mean lies on the claimed side, as that of a claim that is not decided may do.
    case .inconclusive: [-1, 2, 3, -2, 1].map { side * 0.02 * $0 }
    case .notTestable: [0.02]
    }
  }

  /// One question's answers, one per student.
  static func answers(_ question: Question, _ verdicts: [(student: String, verdict: Verdict)]) -> [Answer] {
    let all = verdicts.map { differences($0.verdict, question) }
    let judged = PairedClaim.judged(
      zip(verdicts, all).map { PairedClaim($0.student, differences: $1, side: question.side) })
    return zip(zip(verdicts, all), judged).map { entry, judgement in
      Answer(question: question, student: entry.0.student, judgement: judgement, differences: entry.1)
    }
  }
}
