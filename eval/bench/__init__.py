"""Public benchmarks through the same index and reader: BEIR folders, SQuAD files, NCP."""
