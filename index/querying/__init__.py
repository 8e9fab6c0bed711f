"""The query language of staff search: text to tree, tree to a query of the full-text engine."""

from index.querying.errors import QueryError
from index.querying.nodes import And, Field, Node, Not, Or, Phrase, Prefix, Word, Words, printed
from index.querying.parser import parse

__all__ = [
    "And",
    "Field",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "QueryError",
    "Word",
    "Words",
    "parse",
    "printed",
]
