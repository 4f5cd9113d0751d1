extension Recipe {
  /// The built-in experiment, which needs no download: part-shapes, ResNet-20 teaching ResNet-8 by its logits.
  ///
  /// - Parameters:
  ///   - vocabulary: must have the names that it uses.
  ///   - overrides: `key.path=value`, later ones win.
  ///   - quick: whether the variant of about a minute is wanted.
  /// - Returns: a valid recipe called `partshapes` or `partshapes-quick`.
  /// - Throws: ``InputError`` for an override that cannot be used.
  public static func builtIn(
    vocabulary: Vocabulary, overrides: [String] = [], quick: Bool = false
  ) throws -> Recipe {
    try read(yaml: example, at: "built-in recipe", vocabulary: vocabulary, overrides: overrides, quick: quick)
  }

  /// The built-in experiment as commented YAML, to start one's own recipe from.
  public static let example = """
    # A KDScope recipe: kdscope run THIS-FILE. Check it without running: kdscope recipe --check THIS-FILE.
    # Whatever is left out has a default; --set key.path=value overrides a value from the command line.

    name: partshapes                  # names runs/NAME, reports/NAME, notebooks-data/NAME; default: the file's name

    data:                             # what there is: kdscope datasets; its options: kdscope datasets show part-shapes
      set: part-shapes
      train: 6000                     # training images
      development: 1000               # held out of training: accuracy per epoch, probe images

    teacher:                          # what there is: kdscope models
      model: resnet20
      epochs: 6                       # default: training.epochs; warm-up and falls of the rate keep their share
      # checkpoint: runs/partshapes/seed-1/teacher/epoch-006.safetensors      # instead of training one (without epochs)
      # normalization: imagenet       # of the pixels that a foreign file was trained on; default: what it says, else the data's
      # accuracy: 0.7                 # least one of that checkpoint on development images; default: what it says of itself

    student:                          # the baseline is the same network trained on labels alone
      model: resnet8

    labels:
      weight: 0.1                     # of the cross-entropy with the labels, beside the terms below

    distillation:                     # a sum of terms; what there is: kdscope methods
      - method: kd                    # softened logits
        temperature: 4
        weight: 0.9

    # Several students beside one baseline: put, instead of labels and distillation above,
    #   students:
    #     logits:   { labels: { weight: 0.1 }, distillation: [ { method: kd, temperature: 4, weight: 0.9 } ] }
    #     features: { distillation: [ { method: feature-l2, layers: [layer3], weight: 5 } ] }
    #     hints:                        # the hint's epochs count among training.epochs; budget: joint adds them to these
    #       budget: total
    #       distillation: [ { method: fitnet, stages: hint-first, hint-epochs: 1 } ]
    #     paper:
    #       schedule: two-stage         # not joint: up to the distilled layer by the terms alone (training.epochs), then
    #       classifier-epochs: 4        # what lies behind it by labels, all before it frozen; default: two thirds
    #       measure: [layer3]           # where this student is measured; default: all of analysis.layers
    #       distillation: [ { method: feature-l2, layers: [layer3], position: before-relu } ]

    training:                         # of every network
      epochs: 6
      batch: 32                       # images in a step
      optimizer: sgd                  # sgd (momentum, nesterov), adam or adamw
      learning-rate: 0.05
      momentum: 0.9
      nesterov: true
      weight-decay: 0.0005
      warm-up: 1                      # epochs of linear rise
      # clip-norm: 5                  # largest norm of all gradients together; default: no limit
      gradients: 2                    # steps of each epoch in which terms' and labels' gradients are compared; 0: none
      # checkpoints: [0.25, 0.5]      # moments inside of epochs at which weights are kept and measured, too; default: none
      # keep: measured                # epochs whose weights stay on disk: all (default); measured: the first, the last
      #                               # and what analysis needs; last (with analysis: none)
      schedule:                       # cosine, constant, multi-step, step, exponential, polynomial, plateau
        kind: cosine

    analysis:                         # of baseline and students, at every epoch; analysis: none measures no concepts
      layers: [layer3]                # default: the last layer that is a map; see kdscope models show resnet8
      probe-images: 12                # development images with a mask
      grid: 16                        # cells along each side of an entropy map
      distortion: 0.1                 # tau: mean squared change of the feature over its variance
      thresholds: [0.1, 0.2, 0.4, 0.8]          # concept thresholds b, nats
      draws: 16                       # noise draws per iteration of the solver
      iterations: 16
      procedure: fixed-distortion     # every network at the same distortion; published (as the paper's code); both
      # epochs: [0, 1, 3, 6]          # checkpoints that are measured, the last one among them; default: at most six
      position-images: 12             # pictures without an object, by which maps lose what a cell's place decides
      # position: background          # scrambled (training pictures without phases), fit, none; default: what can be
      # linear: {}                    # how much a linear classifier reads off the layers: layers, images, penalty
      # published:                    # of the published procedure; these are its defaults
      #   candidates: 16              # images asked for validity (default: probe-images, the most that are used)
      #   draws: 96                   # noise draws in a step
      #   steps: 60                   # and extra-steps: 20 where the mean entropy is not reached
      #   valid-from: 0.2667          # share of the epochs before an image must agree with the premise

    seeds: 3                          # repetitions (1, 2, …), or a list of seeds; verdicts need at least 3
    threads: all                      # or a number; results are bit-identical for the same number only

    quick:                            # what --quick changes: key.path: value
      data.train: 2500
      data.development: 400
      data.clutter: 0.2               # easier pictures, for so short a training
      data.pose: 0.4
      teacher.epochs: 3
      training.epochs: 3
      analysis.probe-images: 8

    """
}
