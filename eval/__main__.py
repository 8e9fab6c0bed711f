"""Run the evaluation commands as ``python -m eval``."""

from eval.cli import app

app()
