"""Run the program as ``python -m qa.cli``."""

from qa.cli.main import main

main()
