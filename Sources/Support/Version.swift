/// Version of the program, as `kdscope --version` and every report have it.
public let programVersion = "0.1.0"
