"""Cases in, scores out: the evaluation room.

Write ``from eval.metrics import …``; ``import eval`` would hide the builtin of that name.
"""
