import Statistics
import Support

/// Concepts of several networks on the same probe images: what H1, H2 and H3 are judged by.
public struct ConceptStudy: Sendable {
  /// The probe images.
  public let images: ProbeImages
  /// One per network and seed.
  public let series: [EntropySeries]
  /// The thresholds b, nats, ascending as a rule.
  public let thresholds: [Double]
  /// Epochs before it are left out of arg max and union: epoch 0 is not an epoch of learning.
  public let firstEpoch: Moment
  /// How the entropies were measured: decides by which quantities the hypotheses are judged.
  public let procedure: EntropyProcedure
  /// How intervals are found.
  public let bootstrap: Bootstrap

  /// - Parameters:
  ///   - images: the probe images.
  ///   - series: one per network and seed, each with a map of every image at every epoch.
  ///   - thresholds: b, nats.
  ///   - firstEpoch: the first epoch of learning.
  ///   - procedure: how the entropies were measured.
  ///   - bootstrap: how intervals are found.
  public init(
    images: ProbeImages, series: [EntropySeries], thresholds: [Double] = [0.1, 0.2, 0.4, 0.8], firstEpoch: Moment = 1,
    procedure: EntropyProcedure = .fixedDistortion, bootstrap: Bootstrap = Bootstrap()
  ) {
    for run in series {
      precondition(
        (run.maps + run.repeats).allSatisfy { $0.count == images.count },
        "ConceptStudy: \(run.role), seed \(run.seed): maps of other images than the \(images.count) probe images")
    }
    self.images = images
    self.series = series
    self.thresholds = thresholds
    self.firstEpoch = firstEpoch
    self.procedure = procedure
    self.bootstrap = bootstrap
  }

  /// The roles, in the order of their first series.
  public var roles: [String] {
    series.reduce(into: []) { roles, run in if !roles.contains(run.role) { roles.append(run.role) } }
  }

  /// The series of one role.
  public func series(of role: String) -> [EntropySeries] { series.filter { $0.role == role } }

  /// What each image contributes to a quantity in one run.
  ///
  /// - Parameters:
  ///   - quantity: which.
  ///   - run: of which network and seed.
  ///   - threshold: b, nats.
  /// - Returns: one per probe image; nil where the run cannot have the quantity (no repeats, no step distances).
  public func observations(
    of quantity: ConceptQuantity, in run: EntropySeries, threshold: Double
  ) -> [Observation]? {
    switch quantity {
    case .foregroundConcepts, .backgroundConcepts, .foregroundFraction, .backgroundFraction, .conceptShare:
      return countObservations(of: quantity, in: run, at: run.epochs.count - 1, threshold: threshold)
    case .learningDistanceMean, .learningDistanceDeviation:
      return learningObservations(in: run, threshold: threshold, \.distance)
    case .learningShareMean, .learningShareDeviation:
      return learningObservations(in: run, threshold: threshold, \.distanceShare)
    case .learningStepDistanceMean, .learningStepDistanceDeviation:
      guard run.stepDistances != nil else { return nil }
      return learningObservations(in: run, threshold: threshold, \.stepDistance)
    case .learningLayerDistanceMean, .learningLayerDistanceVariance:
      guard run.layerDistances != nil else { return nil }
      return learningObservations(in: run, threshold: threshold, \.layerDistance)
    case .stabilityCountingEmpty:
      guard procedure == .published else { return nil }
      return observations(of: .stability, in: run, threshold: threshold)?.map { found in
        found.flatMapError { $0 == .emptyUnion ? .success(0) : .failure($0) }
      }
    case .stability:
      return images.foreground.enumerated().map { image, foreground in
        run.stability(of: image, foreground: foreground, threshold: threshold, firstEpoch: firstEpoch).map(\.ratio)
      }
    case .noiseFloor:
      guard !run.repeats.isEmpty else { return nil }
      return images.foreground.enumerated().compactMap { image, foreground in
        run.noiseFloor(of: image, foreground: foreground, threshold: threshold)?.map(\.ratio)
      }
    }
  }

  /// What each image contributes to a quantity of counts at any epoch.
  ///
  /// - Parameters:
  ///   - quantity: a count, a fraction or λ; others are programmer errors.
  ///   - run: of which network and seed.
  ///   - position: among the run's stored epochs.
  ///   - threshold: b, nats.
  /// - Returns: one per probe image.
  public func countObservations(
    of quantity: ConceptQuantity, in run: EntropySeries, at position: Int, threshold: Double
  ) -> [Observation] {
    images.foreground.enumerated().map { image, foreground in
      run.conceptCount(of: image, at: position, foreground: foreground, threshold: threshold).flatMap { count in
        switch quantity {
        case .foregroundConcepts: .success(Double(count.foreground))
        case .backgroundConcepts: .success(Double(count.background))
        case .foregroundFraction: .success(count.foregroundFraction)
        case .backgroundFraction: .success(count.backgroundFraction)
        case .conceptShare: count.share.map(Observation.success) ?? .failure(.noConcept)
        default: preconditionFailure("countObservations: \(quantity) is not a count")
        }
      }
    }
  }

  /// When the concepts of an image were learned; the published procedure takes a plain arg max.
  func learningMoment(
    of image: Int, in run: EntropySeries, foreground: [Bool], threshold: Double
  ) -> Result<LearningMoment, Omission> {
    run.learningMoment(
      of: image, foreground: foreground, threshold: threshold, firstEpoch: firstEpoch,
      countsNone: procedure == .published)
  }

  /// A run whose weights never moved has no shares: nothing was ever learned in it.
  private func learningObservations(
    in run: EntropySeries, threshold: Double, _ part: (LearningMoment) -> Double?
  ) -> [Observation] {
    images.foreground.enumerated().map { image, foreground in
      learningMoment(of: image, in: run, foreground: foreground, threshold: threshold)
        .flatMap { part($0).map(Observation.success) ?? .failure(.neverLearned) }
    }
  }
}
