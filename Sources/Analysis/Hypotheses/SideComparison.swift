import Statistics
import Support

/// A number beside the one that decides a hypothesis: shown with its interval, never judged.
public struct SideComparison: Sendable, Equatable {
  /// Which hypothesis it belongs to.
  public let hypothesis: Hypothesis
  /// Role of the student.
  public let student: String
  /// Its name, with the threshold b in nats behind `@` where it has one.
  public let quantity: String
  /// The side on which the paper has the student; nil for a part of another number.
  public let side: ClaimedSide?
  /// Mean over seeds of the student's values; nil without any.
  public let studentValue: Double?
  /// Mean over seeds of the baseline's values; nil without any.
  public let baselineValue: Double?
  /// student − baseline, paired by seed, with the 95 % Student t interval; nil without pairs.
  public let difference: Estimate?

  init(
    _ hypothesis: Hypothesis, _ student: String, _ quantity: String, _ side: ClaimedSide?,
    _ pairs: [(Double, Double)]
  ) {
    let known = pairs.filter { $0.0.isFinite && $0.1.isFinite }
    self.hypothesis = hypothesis
    self.student = student
    self.quantity = quantity
    self.side = side
    studentValue = mean(of: known.map(\.0))
    baselineValue = mean(of: known.map(\.1))
    difference = studentInterval(of: known.map { $0.0 - $0.1 }, over: "seeds")
  }

  /// 1 where the difference lies on the claimed side, −1 on the other, 0 where it is nought or nothing is claimed.
  public var agreement: Int {
    guard let side, let value = difference?.value, value != 0 else { return 0 }
    return (value > 0) == (side == .larger) ? 1 : -1
  }
}

/// All that is compared beside the primary quantities: the same question asked in other ways.
public struct SideComparisons {
  private let raw: ConceptStudy
  private let adjusted: ConceptStudy
  private let baseline: String

  /// - Parameters:
  ///   - raw: the study of maps as they were measured.
  ///   - adjusted: the study of the same maps without position.
  ///   - baseline: role of the network that students are compared with.
  public init(raw: ConceptStudy, adjusted: ConceptStudy, baseline: String = RoleName.baseline) {
    self.raw = raw
    self.adjusted = adjusted
    self.baseline = baseline
  }

  /// Every comparison of one student.
  public func all(_ student: String) -> [SideComparison] {
    kept(student) + speed(student) + direction(student)
  }

  private func kept(_ student: String) -> [SideComparison] {
    func comparison(_ name: String, _ side: ClaimedSide, _ pairs: [(Double, Double)]) -> SideComparison {
      SideComparison(.moreConcepts, student, name, side, pairs)
    }
    let counts: [(ConceptQuantity, ClaimedSide)] = [
      (.foregroundConcepts, .larger), (.backgroundConcepts, .smaller), (.conceptShare, .larger),
    ]
    func counted(_ study: ConceptStudy, _ suffix: String) -> [SideComparison] {
      study.thresholds.flatMap { b in
        counts.map { quantity, side in
          comparison("\(quantity.rawValue)\(suffix)@\(b)", side, means(of: quantity, study, student, b))
        }
      }
    }
    let characteristic = means(adjusted, student) { run, image, mask in
      run.characteristic(of: image, at: run.epochs.count - 1, foreground: mask)
    }
    let gap = means(raw, student) { run, image, mask in
      run.gap(of: image, at: run.epochs.count - 1, foreground: mask)
    }
    return [comparison("auroc", .larger, characteristic), comparison("gap-raw", .larger, gap)]
      + counted(adjusted, "") + counted(raw, "-raw")
  }

  private func direction(_ student: String) -> [SideComparison] {
    let networks = adjusted.pairs(student: student, baseline: baseline).map {
      (adjusted.evidence(of: $0), adjusted.evidence(of: $1))
    }
    let retention = networks.compactMap { ours, theirs -> (Double, Double)? in
      guard let a = ours.retention, let b = theirs.retention else { return nil }
      return (a, b)
    }
    func comparison(_ name: String, _ side: ClaimedSide?, _ pairs: [(Double, Double)]) -> SideComparison {
      SideComparison(.steadierDirection, student, name, side, pairs)
    }
    let overThresholds = adjusted.thresholds.flatMap { b -> [SideComparison] in
      let stability = means(of: .stability, adjusted, student, b)
      let floor = means(of: .noiseFloor, adjusted, student, b)
      let margin = stability.count == floor.count ? zip(stability, floor).map { ($0.0 - $1.0, $0.1 - $1.1) } : []
      return [
        comparison("stability@\(b)", nil, stability), comparison("noise-floor@\(b)", nil, floor),
        comparison("stability-margin@\(b)", .larger, margin),
        comparison("stability-raw@\(b)", nil, means(of: .stability, raw, student, b)),
      ]
    }
    return [comparison("retention", .larger, retention)] + overThresholds
  }

  /// Mean over the images that have the quantity in both networks, seed by seed.
  private func means(
    of quantity: ConceptQuantity, _ study: ConceptStudy, _ student: String, _ threshold: Double
  ) -> [(Double, Double)] {
    study.pairs(student: student, baseline: baseline).compactMap { ours, theirs -> (Double, Double)? in
      guard let first = study.observations(of: quantity, in: ours, threshold: threshold),
        let second = study.observations(of: quantity, in: theirs, threshold: threshold)
      else { return nil }
      return means(first, second)
    }
  }

  private func means(
    _ study: ConceptStudy, _ student: String, _ value: (EntropySeries, Int, [Bool]) -> Observation
  ) -> [(Double, Double)] {
    study.pairs(student: student, baseline: baseline).compactMap { ours, theirs -> (Double, Double)? in
      let masks = study.images.foreground
      return means(
        masks.indices.map { value(ours, $0, masks[$0]) }, masks.indices.map { value(theirs, $0, masks[$0]) })
    }
  }

  private func means(_ a: [Observation], _ b: [Observation]) -> (Double, Double)? {
    let known = zip(a, b).compactMap { a, b in (try? a.get()).flatMap { a in (try? b.get()).map { (a, $0) } } }
    guard let first = mean(of: known.map(\.0)), let second = mean(of: known.map(\.1)) else { return nil }
    return (first, second)
  }
}

extension SideComparisons {
  private func speed(_ student: String) -> [SideComparison] {
    let networks = adjusted.pairs(student: student, baseline: baseline)
    let evidence = networks.map { (adjusted.evidence(of: $0), adjusted.evidence(of: $1)) }
    let common = evidence.compactMap { ours, theirs -> (Double, Double)? in
      guard let a = ours.curve(), let b = theirs.curve(), let level = [a.max(), b.max()].compactMap({ $0 }).min(),
        level > 0, let first = GapCurve.time(ours.times, a, to: level / 2),
        let second = GapCurve.time(theirs.times, b, to: level / 2)
      else { return nil }
      return (first, second)
    }
    let spread = evidence.compactMap { ours, theirs -> (Double, Double)? in
      guard let a = standardDeviation(of: ours.imageHalfTimes), let b = standardDeviation(of: theirs.imageHalfTimes)
      else { return nil }
      return (a, b)
    }
    func comparison(_ name: String, _ side: ClaimedSide?, _ pairs: [(Double, Double)]) -> SideComparison {
      SideComparison(.fasterLearning, student, name, side, pairs)
    }
    return [comparison("common-time", .smaller, common), comparison("half-time-spread", .smaller, spread)]
      + [ConceptQuantity.learningDistanceMean, .learningDistanceDeviation].flatMap { quantity -> [SideComparison] in
        let paths = networks.compactMap { distances($0, $1, quantity) }
        let name = "\(quantity.rawValue)@\(Hypothesis.threshold)"
        return [
          comparison(name, .smaller, paths.map { ($0.own, $0.baseline) }),
          comparison("\(name)-path", nil, paths.map { ($0.own, $0.crossed) }),
          comparison("\(name)-timing", nil, paths.map { ($0.crossed, $0.baseline) }),
        ]
      }
  }

  /// D of both networks, and D of the student's moments on the baseline's path: own − crossed is length of path, crossed −
  /// baseline is timing at an equal path.
  private func distances(
    _ ours: EntropySeries, _ theirs: EntropySeries, _ quantity: ConceptQuantity
  ) -> (own: Double, crossed: Double, baseline: Double)? {
    guard ours.epochs == theirs.epochs else { return nil }
    let moments = adjusted.images.foreground.indices.compactMap { image -> (Int, Int)? in
      func position(_ run: EntropySeries) -> Int? {
        (try? adjusted.learningMoment(
          of: image, in: run, foreground: adjusted.images.foreground[image], threshold: Hypothesis.threshold
        ).get()).flatMap { run.epochs.firstIndex(of: $0.epoch) }
      }
      return position(ours).flatMap { a in position(theirs).map { (a, $0) } }
    }
    guard moments.count >= quantity.fewestImages else { return nil }
    func value(_ distances: [Double]) -> Double { quantity.statistic(of: distances, Array(distances.indices)) }
    return (
      own: value(moments.map { ours.distances[$0.0] }), crossed: value(moments.map { theirs.distances[$0.0] }),
      baseline: value(moments.map { theirs.distances[$0.1] })
    )
  }
}

extension NetworkEvidence {
  /// The share of the largest gap that is there at the end: g_M / max g_k; nil where no gap is above 0.
  public var retention: Double? {
    guard let curve = curve(), let most = curve.max(), most > 0, let last = curve.last else { return nil }
    return last / most
  }

  /// t½ of the mean curve; nil where it has none.
  public var halfTime: Double? { curve().flatMap { GapCurve.halfTime(times, $0) } }

  /// Mean over images of ρ.
  public var meanStability: Double? { mean(of: stability.compactMap { $0 }) }

  /// Mean over images of ρ in a network that does not change.
  public var meanFloor: Double? { mean(of: floor.compactMap { $0 }) }

  /// t½ of every image that has one.
  var imageHalfTimes: [Double] {
    wholeImages.compactMap { image in GapCurve.halfTime(times, gaps.map { $0[image] ?? .nan }) }
  }
}
