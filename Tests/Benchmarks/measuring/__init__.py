"""What the benchmarks are made of: programs to start, a client of the agent protocol, and one module a row."""
