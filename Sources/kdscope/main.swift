import KDScopeCommands

KDScopeCommandLine.run()
