import Experiments
import Support
import Testing

@Suite("A recipe that cannot run")
struct RecipeRefusalTests {
  /// What follows `minimal()` (its line 6), and the line that it is refused with.
  static let refused: [(String, String)] = [
    ("trainning: { epochs: 3 }", "r.yaml:6:1: 'trainning' is no key of a recipe; did you mean 'training'? known: "),
    ("training: { epoch: 3 }", "r.yaml:6:13: 'epoch' is no key of training; did you mean 'epochs'? known: "),
    ("training: { epochs: many }", "r.yaml:6:21: epochs is many; it takes a whole number from 1 to 10000"),
    ("training: { epochs: 0 }", "r.yaml:6:21: epochs is 0; it takes a whole number from 1 to 10000"),
    ("training: { epochs: 2.5 }", "r.yaml:6:21: epochs is 2.5; it takes a whole number"),
    ("training: { epochs: '3' }", "r.yaml:6:21: epochs is 3; it takes a whole number"),
    ("training: { epochs: [3] }", "r.yaml:6:21: epochs is [3]; it takes a whole number"),
    ("training: { epochs: { a: 1 } }", "r.yaml:6:21: epochs is a mapping; it takes a plain value"),
    ("training: { epochs: }", "r.yaml:6:21: epochs has no value; write one"),
    ("training: { learning-rate: nan }", "r.yaml:6:28: learning-rate is nan; it takes a number"),
    ("training: { learning-rate: 1e999 }", "r.yaml:6:28: learning-rate is 1e999; it takes a number"),
    ("training: { learning-rate: -0.1 }", "r.yaml:6:28: learning-rate is -0.1; it takes a number"),
    ("training: { optimizer: lion }", "r.yaml:6:24: optimizer is lion; it takes one of sgd, adam, adamw, dot"),
    ("training: { optimizer: SDG }", "r.yaml:6:24: optimizer is SDG; did you mean 'sgd'? it takes one of sgd, adam, "),
    ("training: { lr: 0.1 }", "r.yaml:6:13: 'lr' is no key of training; did you mean 'learning-rate'? known: batch, "),
    ("training: { batch_size: 8 }", "r.yaml:6:13: 'batch_size' is no key of training; did you mean 'batch'? known: "),
    ("epochs: 3", "r.yaml:6:1: 'epochs' is no key of a recipe; did you mean training.epochs? known: analysis, "),
    ("probe-image: 3", "r.yaml:6:1: 'probe-image' is no key of a recipe; did you mean analysis.probe-images? known: "),
    ("colour: red", "r.yaml:6:1: 'colour' is no key of a recipe; known: analysis, "),
    (
      "training: { schedule: { kind: multi-step, milestones: [2] } }",
      "r.yaml:6:43: 'milestones' is no key of training.schedule; did you mean 'at'? known: at, cooldown, "
    ),
    ("training: { nesterov: yes }", "r.yaml:6:23: nesterov is yes; it takes true or false"),
    ("training: { nesterov: true, momentum: 0 }", "r.yaml:6:23: nesterov without momentum; give a momentum"),
    ("training: { optimizer: adam, momentum: 0.5 }", "r.yaml:6:40: adam has no momentum; drop it"),
    ("training: { optimizer: adamw, nesterov: true }", "r.yaml:6:41: adamw has no nesterov; drop it"),
    ("training: { epochs: 5, warm-up: 5 }", "r.yaml:6:33: warm-up takes 5 of 5 epochs; it must be shorter"),
    ("training: 3", "r.yaml:6:11: training is 3; it takes a mapping"),
    (
      "training: { epochs: 10, schedule: { kind: multi-step, at: [5, 10] } }",
      "r.yaml:6:59: at epoch 10 the rate cannot fall in order; it takes rising whole epochs below the 10"
    ),
    (
      "training: { schedule: { kind: multi-step, at: [5, 3] } }",
      "r.yaml:6:47: at epoch 3 the rate cannot fall in order"
    ),
    ("training: { schedule: { kind: multi-step } }", "r.yaml:6:23: a multi-step schedule needs 'at'; it takes rising"),
    ("training: { schedule: { kind: cosine, at: [3] } }", "r.yaml:6:43: a cosine schedule has no 'at'; drop it"),
    ("training: { schedule: { kind: step } }", "r.yaml:6:23: a step schedule needs 'every'; the epochs between"),
    (
      "training: { schedule: { kind: cosine, patience: 3 } }",
      "r.yaml:6:49: a cosine schedule has no 'patience'; drop it, or take kind: plateau"
    ),
    (
      "training: { schedule: { kind: plateau, factor: 1 } }",
      "r.yaml:6:48: a plateau with the factor 1 never falls; take less"
    ),
    (
      "training: { learning-rate: 0.1, schedule: { kind: plateau, minimum-rate: 0.5 } }",
      "r.yaml:6:74: the rate begins at 0.1, not above its minimum; give a minimum-rate below"
    ),
    ("training: { schedule: { at: [3] } }", "r.yaml:6:29: a cosine schedule has no 'at'; drop it"),
    ("analysis: { layers: [layer4] }", "r.yaml:6:21: resnet8 has no layer 'layer4'; did you mean 'layer1'? known: "),
    ("analysis: { layers: [layer3, layer3] }", "r.yaml:6:21: layers names one twice"),
    ("analysis: { thresholds: [0.1, -0.2] }", "r.yaml:6:25: thresholds cannot be used; it takes different positive"),
    ("analysis: { thresholds: [] }", "r.yaml:6:25: thresholds cannot be used"),
    (
      "analysis: { grid: 12 }",
      "r.yaml:6:19: grid 12 does not divide images of 32 pixels; it takes one of 1, 2, 4, 8, 16, 32"
    ),
    ("analysis: { distortion: 0 }", "r.yaml:6:25: distortion is 0; it takes a number from 0.0001 to 10"),
    (
      "analysis: { procedure: publish }",
      "r.yaml:6:24: procedure is publish; did you mean 'published'? it takes one of fixed-distortion, published, both"
    ),
    ("analysis: { epochs: [1, 2] }", "r.yaml:6:21: epochs cannot be used; it takes different numbers from 0 to"),
    (
      "analysis: { probe-images: 8, published: { candidates: 7 } }",
      "r.yaml:6:55: 7 candidates for 8 images; ask at least as many as probe-images"
    ),
    ("schedule: two-stage", "r.yaml:6:11: kd learns from logits, and a two-stage student learns features first; use"),
    ("classifier-epochs: 3", "r.yaml:6:20: student has no second stage; add schedule: two-stage"),
    ("labels: { weight: -1 }", "r.yaml:6:19: weight is -1; it takes a number from 0"),
    ("schedule: later", "r.yaml:6:11: schedule is later; it takes one of joint, two-stage"),
    ("seeds: 0", "r.yaml:6:8: seeds is 0; it takes their number, from 1 to 1000, or a list"),
    ("seeds: [1, 1]", "r.yaml:6:8: seeds cannot be used; it takes"),
    ("seeds: [0]", "r.yaml:6:8: seeds cannot be used; it takes"),
    ("threads: none", "r.yaml:6:10: threads is none; it takes 'all' or a whole number"),
    (
      "students: { a: { distillation: [ { method: kd } ] } }",
      "r.yaml:5:15: 'distillation' stands beside 'students'; move it"
    ),
    ("quick: { name: x }", "r.yaml:6:10: 'name' cannot differ in the quick variant; leave it out"),
    ("quick: { a..b: 1 }", "r.yaml:6:10: 'a..b' is no key path; write keys joined by single dots"),
    ("seeds: 1\nseeds: 2", "r.yaml:6:1: 'seeds' is given more than once; keep one"),
    ("? [a, b] : 1", "r.yaml:6:3: a key must be a word; write 'key: value'"),
    ("training: { epochs: 3", "r.yaml:"),
    ("\ttraining: 3", "r.yaml:6:1: not YAML ("),
    ("---\nname: second", "r.yaml:6:1: but found another document; keep one document"),
  ]

  @Test("is refused with place, problem and remedy in one line", arguments: refused)
  func places(_ extra: String, _ expected: String) throws {
    let line = try #require(refusal(minimal(extra)))
    #expect(line.hasPrefix(expected))
    #expect(!line.contains("\n"))
  }

  @Test(
    "is refused for its networks, data and terms too",
    arguments: [
      (
        "model: resnet20", "model: resnet21",
        "r.yaml:3:19: there is no model 'resnet21'; resnet comes as resnet8, resnet14, resnet20,"
      ),
      (
        "model: resnet8", "model: restnet8",
        "r.yaml:4:19: there is no model 'restnet8'; did you mean 'resnet8'? known: "
      ),
      ("model: resnet8", "modle: resnet8", "r.yaml:4:10: student.model is missing; it takes the name of a model: "),
      (
        "model: resnet8", "model: resnet8, epochs: 3",
        "r.yaml:4:28: 'epochs' is no key of student; did you mean training.epochs? known: model"
      ),
      ("model: resnet20", "model: vgg11, dropout: 2", "r.yaml:3:35: dropout is 2; it takes a number from 0 to 0.95"),
      (
        "model: resnet20", "model: resnet20, checkpoint: /no/such.safetensors",
        "r.yaml:3:41: checkpoint '/no/such.safetensors' cannot be read"
      ),
      (
        "model: resnet20", "model: resnet20, checkpoint: /etc/passwd, epochs: 3",
        "r.yaml:3:62: epochs are given for a teacher that is read"
      ),
      (
        "set: part-shapes", "set: partshapes",
        "r.yaml:2:14: there is no data set 'partshapes'; did you mean 'part-shapes'? known: "
      ),
      (
        "set: part-shapes", "set: part-shapes, train: 500",
        "r.yaml:2:34: 1000 development images against 500 for training; hold out"
      ),
      (
        "set: part-shapes", "set: part-shapes, texture-corelation: 1",
        "r.yaml:2:27: 'texture-corelation' is no key of data; did you mean"
      ),
      ("method: kd", "method: kdd", "r.yaml:5:27: there is no method 'kdd'; did you mean 'kd'? known: feature-l2, kd"),
      (
        "method: kd", "method: kd, temperature: 0", "r.yaml:5:44: temperature is 0; it takes a number from 0.05 to 1000"
      ),
      (
        "method: kd", "method: kd, temprature: 4",
        "r.yaml:5:31: 'temprature' is no key of distillation.0; did you mean 'temperature'?"
      ),
      (
        "method: kd", "method: feature-l2, layers: [layer9]", "r.yaml:5:47: resnet8 has no layer 'layer9'; did you mean"
      ),
      (
        "method: kd", "method: feature-l2, layers: [layer2, layer3]",
        "r.yaml:5:47: the student's layer2 is [16, 16, 32] and the teacher's layer3 is [8, 8, 64]; choose layers"
      ),
      ("[ { method: kd } ]", "[]", "r.yaml:5:15: student learns nothing from the teacher; add distillation"),
      ("[ { method: kd } ]", "kd", "r.yaml:5:15: distillation is kd; it takes a list"),
      ("distillation: [ { method: kd } ]", "seeds: 1", "r.yaml:1:1: no distillation; add distillation:"),
      ("name: small", "name: ../up", "r.yaml:1:7: name is '../up'; it takes a name of letters"),
      (
        "name: small", "name: Größe 1",
        "r.yaml:1:7: name is 'Größe 1'; it takes a name of letters (a to z, A to Z), digits, '-', '_' and '.', at most 64, such as "
          + "groesse-1"
      ),
      (
        "name: small", "name: ' .Élan (Ωmega)/v2. '",
        "r.yaml:1:7: name is ' .Élan (Ωmega)/v2. '; it takes a name of letters (a to z, A to Z), digits, '-', '_' and '.', at most 64, "
          + "such as elan-mega-v2"
      ),
      (
        "name: small", "name: 大きさ",
        "r.yaml:1:7: name is '大きさ'; it takes a name of letters (a to z, A to Z), digits, '-', '_' and '.', at most 64"
      ),
      (
        "distillation: [ { method: kd } ]", "students: { Mit Größe: { distillation: [ { method: kd } ] } }",
        "r.yaml:5:13: a student cannot be called 'Mit Größe'; take letters (a to z, A to Z), digits, '-', '_' and '.', at most 64, "
          + "such as mit-groesse; and none of teacher, baseline, state"
      ),
      ("name: small", "name: .hidden", "r.yaml:1:7: name is '.hidden'; it takes a name of letters"),
      ("name: small", "threads: 2", "r.yaml:1:1: name is missing; it takes a name of letters"),
      (
        "distillation: [ { method: kd } ]", "students: { teacher: { distillation: [ { method: kd } ] } }",
        "r.yaml:5:13: a student cannot be called 'teacher'"
      ),
      ("distillation: [ { method: kd } ]", "students: {}", "r.yaml:5:11: students is empty; add one"),
      (
        "distillation: [ { method: kd } ]", "labels: { weight: 0 }\ndistillation: [ { method: kd, weight: 0 } ]",
        "r.yaml:6:15: all weights are 0; give one"
      ),
    ])
  func parts(_ old: String, _ new: String, _ expected: String) throws {
    let line = try #require(refusal(minimal().replacing(old, with: new)))
    #expect(line.hasPrefix(expected))
  }

  @Test("says which depths exist with their rule")
  func depths() throws {
    let line = try #require(refusal(minimal().replacing("resnet20", with: "resnet21")))
    #expect(
      line.hasSuffix(
        "resnet8, resnet14, resnet20, resnet26, resnet32, resnet44, resnet56, resnet110, "
          + "resnet18, resnet34, resnet50, resnet101, resnet152"))
  }

  @Test(
    "names a bad --set by its key",
    arguments: [
      ("training.epochs", "--set training.epochs: no value; write --set key.path=value"),
      ("=3", "--set =3: no value; write"),
      ("training.epochs=", "--set training.epochs: no value; write training.epochs=value"),
      ("training.epochs=abc", "--set training.epochs: epochs is abc; it takes a whole number"),
      ("trainig.epochs=3", "--set trainig.epochs: 'trainig' is no key of a recipe; did you mean 'training'?"),
      (
        "distillation.1.weight=3",
        "--set distillation.1.weight: distillation has no element '1'; its elements are 0 to 0"
      ),
      ("name.x=3", "--set name.x: name is small, not a mapping; set name itself"),
      ("training..epochs=3", "--set training..epochs: 'training..epochs' is no key path"),
      ("analysis.layers=[layer1", "--set analysis.layers: not YAML ("),
      (
        "name=@home",
        "--set name: not YAML (found character that cannot start any token); put a text in quotes twice, as"
      ),
      ("name=Größe 1", "--set name: name is 'Größe 1'; it takes a name of letters (a to z"),
      ("name=a #1", "--set name: name is 'a #1'; it takes a name of letters (a to z"),
      ("epochs=3", "--set epochs: 'epochs' is no key of a recipe; did you mean training.epochs?"),
      ("seeds=*x", "--set seeds: found undefined alias; write the value out"),
    ])
  func badOverrides(_ override: String, _ expected: String) throws {
    let line = try #require(refusal(minimal(), set: [override]))
    #expect(line.hasPrefix(expected))
  }

  @Test("has no quick variant unless it says what that is")
  func noQuick() throws {
    let line = try #require(refusal(minimal(), quick: true))
    #expect(line.hasPrefix("r.yaml: has no quick variant; add a section such as quick:"))
  }
}
