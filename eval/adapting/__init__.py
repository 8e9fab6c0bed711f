"""Train the update of the encoder (`index.adapter`): ``tiaowen eval adapt``."""
