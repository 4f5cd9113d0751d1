print("kdscope")
