"""Corpus: text in, clauses out. Load, repair, describe, parse and store policy documents."""

import corpus.formats as _formats  # noqa: F401 - registers its loaders
from corpus.adding import AddResult
from corpus.building import build_document
from corpus.changes import Changes, compare
from corpus.cleaning import Cleaned, clean
from corpus.cleaning.offsets import OffsetMap
from corpus.contacts import Contact, contacts
from corpus.editions import Links, Repeal, links_of, repeals
from corpus.errors import CorpusError, EmptyError, LoadError, TiaowenError, UnknownDocument
from corpus.figures import figures
from corpus.gazetteer import Gazetteer, PlaceMatch, is_within
from corpus.identity import normalise
from corpus.importing import FileReport, ingest
from corpus.loading import Source, read_source
from corpus.metadata import Metadata, read_metadata
from corpus.numerals import chinese_number
from corpus.parsing import PARSER_VERSION, ParsedDocument, parse
from corpus.parsing.leads import parent_lines
from corpus.references import Reach, Reference, find_references, resolve
from corpus.retired import (
    Retired,
    replace_document,
    restore,
    retired_raw,
    retired_version,
    retired_versions,
    withdraw,
)
from corpus.sentences import sentence_spans
from corpus.standing import validity
from corpus.store import CorpusStore
from corpus.types import (
    Clause,
    Document,
    Figure,
    Origin,
    ParseWarning,
    Repair,
    Role,
    Span,
    Unit,
    Validity,
    ValidityState,
)
from corpus.units import units_of
from corpus.zones import zones_of

__all__ = [
    "PARSER_VERSION",
    "AddResult",
    "Changes",
    "Clause",
    "Cleaned",
    "Contact",
    "CorpusError",
    "CorpusStore",
    "Document",
    "EmptyError",
    "Figure",
    "FileReport",
    "Gazetteer",
    "Links",
    "LoadError",
    "Metadata",
    "OffsetMap",
    "Origin",
    "ParseWarning",
    "ParsedDocument",
    "PlaceMatch",
    "Reach",
    "Reference",
    "Repair",
    "Repeal",
    "Retired",
    "Role",
    "Source",
    "Span",
    "TiaowenError",
    "Unit",
    "UnknownDocument",
    "Validity",
    "ValidityState",
    "build_document",
    "chinese_number",
    "clean",
    "compare",
    "contacts",
    "figures",
    "find_references",
    "ingest",
    "is_within",
    "links_of",
    "normalise",
    "parent_lines",
    "parse",
    "read_metadata",
    "read_source",
    "repeals",
    "replace_document",
    "resolve",
    "restore",
    "retired_raw",
    "retired_version",
    "retired_versions",
    "sentence_spans",
    "units_of",
    "validity",
    "withdraw",
    "zones_of",
]
