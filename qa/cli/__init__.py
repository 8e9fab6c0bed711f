"""The command line: it renders what the rooms decide, and decides nothing itself."""
