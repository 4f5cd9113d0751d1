import KDScope
import KDScopeCommands

// A network, a method, a measurement and images of one's own.
// swift run -c release OwnNetwork                                        by the library, without a recipe or a folder
// swift run -c release OwnNetwork run Examples/OwnNetwork/own.yaml       by recipes: every command of kdscope knows them
if CommandLine.arguments.count == 1 {
  try teachByLibrary()
} else {
  try ModelCatalog.add(OwnNetwork.entry) { specification, initialiser, _ in
    OwnNetwork(specification, initialiser)
  }
  try MethodRegistry.add(OwnMethod.self)
  try MeasurementCatalog.add(OwnMeasurement.self)
  try DatasetCatalog.add(Stripes.entry) { options, seed, _ in
    Stripes.splits(train: options[Stripes.train], seed: seed)
  }
  KDScopeCommandLine.run()
}
