"""Train the update that questions are read with (`index.adapter`): ``tiaowen eval adapt``."""
