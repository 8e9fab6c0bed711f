"""Identity of documents and clauses: ids that survive re-import and edits elsewhere."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256

from opencc import OpenCC

_NOISE = re.compile(r"[\W_]+")
_ORDER = re.compile(r"(?:令|公告|通告)第\d+号\Z")  # counted afresh by every government and congress


@lru_cache(maxsize=2)
def _converter(direction: str = "t2s") -> OpenCC:
    return OpenCC(direction)


def normalise(text: str) -> str:
    """Return comparable form: NFKC, simplified script, lower case, letters and digits only."""
    return _NOISE.sub("", simplified(unicodedata.normalize("NFKC", text))).lower()


def simplified(text: str) -> str:
    """Text in simplified script (character by character for the most part)."""
    return str(_converter().convert(text)) if not text.isascii() else text


def aligned(text: str) -> str:
    """Simplified text of exactly the same length, so that offsets stay true."""
    plain = simplified(text)
    if len(plain) == len(text):
        return plain
    return "".join(c if len(s := simplified(c)) != 1 else s for c in text)


def traditional_of(text: str) -> str:
    """Text in traditional script."""
    return str(_converter("s2t").convert(text))


def document_identity(title: str, doc_number: str | None, issuer: str | None, kind: str) -> str:
    """Return what makes two files the same document: the 文号, else issuer and title.

    The number of a 令 or 公告 does not tell of which term it is: it counts with the title.
    A 解读 is known by its title alone, as its issuer is often left out.
    """
    if doc_number and _ORDER.search(doc_number):
        return f"number:{normalise(doc_number)}:{normalise(title)}"
    if doc_number:
        return "number:" + normalise(doc_number)
    by = "" if kind == "解读" or not issuer else normalise(issuer)
    return f"title:{by}:{normalise(title)}"


def document_id(identity: str) -> str:
    """Ten hex characters of the identity's SHA-256."""
    return sha256(identity.encode()).hexdigest()[:10]


def is_part(part: str, whole: str) -> bool:
    """Whether ``part`` is ``whole`` with some characters left out."""
    rest = iter(whole)
    return all(char in rest for char in part)
