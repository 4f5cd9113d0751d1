import Analysis
import Statistics

/// What a report asks of every student, held against the same network that learned from labels alone.
package enum Question: Hashable, CaseIterable {
  /// Is it right more often?
  case accuracy
  /// Is it what Cheng et al. say that distillation makes of a student?
  case hypothesis(Hypothesis)

  package static var allCases: [Question] { [.accuracy] + Hypothesis.allCases.map(Question.hypothesis) }

  /// What is claimed of the student's quantity.
  package var side: ClaimedSide {
    switch self {
    case .accuracy: .larger
    case .hypothesis(let hypothesis): hypothesis.side
    }
  }

  /// Factor from the quantity to the number that is printed.
  package var scale: Double { self == .accuracy ? 100 : 1 }

  /// Where the quantity can lie.
  var range: ClosedRange<Double> {
    switch self {
    case .accuracy: QuantityRange.share
    case .hypothesis(let hypothesis): hypothesis.range
    }
  }

  /// Unit of the number that is printed; empty for ratios.
  package var unit: String {
    switch self {
    case .accuracy: "points"
    case .hypothesis(let hypothesis): hypothesis.unit
    }
  }

  /// What stands at the rows of figures; ``Hypothesis/symbol`` as it is drawn.
  package var label: String {
    switch self {
    case .accuracy: "accuracy"
    case .hypothesis(let hypothesis): "\(hypothesis.rawValue): \(hypothesis.drawnSymbol)"
    }
  }

  /// What brackets call it; nil for accuracy, which needs no name.
  package var short: String? {
    guard case .hypothesis(let hypothesis) = self else { return nil }
    return hypothesis.rawValue
  }

  /// The question of a table's row.
  package var asked: String {
    switch self {
    case .accuracy: "Is it right more often? Test accuracy, points"
    case .hypothesis(let hypothesis):
      "\(hypothesis.rawValue): \(hypothesis.claim). Difference of \(hypothesis.symbol)"
        + (hypothesis.unit.isEmpty ? "" : ", \(hypothesis.unit)")
        + ", claimed \(hypothesis.side == .larger ? "> 0" : "< 0")"
    }
  }

  /// The question of a table's column.
  package var headed: String {
    switch self {
    case .accuracy: "Right more often, points"
    case .hypothesis(.moreConcepts): "H1: keeps more of the object, g, nats"
    case .hypothesis(.fasterLearning): "H2: learns it sooner, t½"
    case .hypothesis(.steadierDirection): "H3: makes fewer detours, ρ − ρ_floor"
    }
  }

  /// What a verdict says in a word: as much is made of one side as of the other.
  package func word(_ verdict: Verdict) -> String {
    guard self == .accuracy else { return verdict.rawValue }
    return switch verdict {
    case .supported: "better"
    case .contradicted: "worse"
    case .inconclusive, .notTestable: verdict.rawValue
    }
  }

  /// What a student does by a verdict that decides, behind its name or names.
  ///
  /// - Parameters:
  ///   - isClaimed: whether the difference lies on the claimed side.
  ///   - isOne: whether there is one student.
  /// - Returns: a predicate in plain words.
  package func predicate(isClaimed: Bool, isOne: Bool) -> String {
    switch self {
    case .accuracy: "\(isOne ? "is" : "are") right \(isClaimed ? "more" : "less") often"
    case .hypothesis(.moreConcepts): "\(isOne ? "keeps" : "keep") \(isClaimed ? "more" : "less") of the object"
    case .hypothesis(.fasterLearning): "\(isOne ? "learns" : "learn") the object \(isClaimed ? "sooner" : "later")"
    case .hypothesis(.steadierDirection):
      "\(isOne ? "makes" : "make") \(isClaimed ? "fewer" : "more") detours on the way"
    }
  }

  /// What is not known where nothing is decided.
  func openMatter(isOne: Bool) -> String {
    let (it, s) = isOne ? ("it", "s") : ("they", "")
    return switch self {
    case .accuracy: "whether \(it) \(isOne ? "is" : "are") right more or less often"
    case .hypothesis(.moreConcepts): "whether \(it) keep\(s) more or less of the object"
    case .hypothesis(.fasterLearning): "whether \(it) learn\(s) the object sooner or later"
    case .hypothesis(.steadierDirection): "whether \(it) make\(s) fewer or more detours"
    }
  }
}

extension Hypothesis {
  /// Its symbol as figures draw it, with marks for subscripts.
  var drawnSymbol: String {
    self == .moreConcepts ? "gap g" : symbol.drawnSymbol
  }
}

extension Verdict {
  /// The sign of a verdict in tables and figures.
  package var sign: String {
    switch self {
    case .supported: "✓"
    case .contradicted: "✗"
    case .inconclusive: "?"
    case .notTestable: "–"
    }
  }
}
