"""One small file a command: parse options, call one function, print."""
