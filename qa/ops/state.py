"""What is serving: asked by health checks and by monitors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from index.policy_index import PolicyIndex


@runtime_checkable
class HasIndex(Protocol):
    """A service over a published snapshot; a stand-in for one may have none."""

    @property
    def index(self) -> PolicyIndex:
        """The index that is serving."""
        ...


@dataclass(frozen=True, slots=True)
class IndexState:
    """The index that serves. ``built`` is ISO 8601; ``model`` None means words alone."""

    snapshot: str
    built: str
    age_seconds: float
    documents: int
    clauses: int
    model: str | None


def index_state(service: object, now: datetime | None = None) -> IndexState | None:
    """Describe the index of a service, None where it has none.

    A clock that was set back gives an age of zero, not a negative one.
    """
    if not isinstance(service, HasIndex):
        return None
    index = service.index
    manifest = index.manifest
    return IndexState(
        snapshot=manifest.snapshot,
        built=manifest.built_at,
        age_seconds=_age(manifest.built_at, now or datetime.now(UTC)),
        documents=manifest.documents,
        clauses=manifest.clauses,
        model=manifest.model if index.dense is not None else None,
    )


def _age(built: str, now: datetime) -> float:
    then = datetime.fromisoformat(built)
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (now - then).total_seconds())
