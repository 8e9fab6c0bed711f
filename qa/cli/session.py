"""Opening what a command works on: the home folder, its documents, its index, the service."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.cli.output import Bars, note

if TYPE_CHECKING:
    from corpus import CorpusStore
    from index.types import Manifest
    from qa.cli.profile import Profile
    from qa.service import Service

HOST, PORT = "127.0.0.1", 7860  # only this machine, unless the operator says otherwise
PER_MINUTE = 120.0  # requests of one address; a family or an office shares one
_WHY = "用 tiaowen model fetch 可以看到取不到模型的原因和离线办法。"


def home_folder(explicit: Path | None) -> Path:
    """Return the home folder: ``--home`` or TIAOWEN_HOME, else the user's data folder."""
    if explicit is not None:
        return explicit.expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("tiaowen", appauthor=False))


def wants_samples() -> bool:
    """Whether a new home starts with the shipped documents (TIAOWEN_SAMPLES=0 says no)."""
    return os.environ.get("TIAOWEN_SAMPLES", "1") != "0"


@contextmanager
def opened_store(home: Path | None) -> Iterator[CorpusStore]:
    """Open the documents alone: enough for what needs neither index nor model."""
    from corpus import CorpusStore

    store = CorpusStore.open(home_folder(home), samples=wants_samples())
    try:
        yield store
    finally:
        store.close()


@contextmanager
def opened(
    home: Path | None, model: str | None, model_dir: Path | None, profile: Profile | None = None,
    *, reranker: str | None = None,
) -> Iterator[Service]:  # fmt: skip
    """Open the service; fetch and build are shown, and a notice about what is missing."""
    from qa.cli.profile import Profile
    from qa.service import open_service

    clock = profile or Profile(wanted=False)
    clock.lap("start")
    with Bars() as bars:
        service = open_service(
            home_folder(home),
            model=model,
            model_dir=model_dir,
            reranker=reranker,
            progress=bars,
            samples=wants_samples(),
            lap=clock.lap,
        )
    try:
        if notice := service.notice():
            note(f"提示：{notice}{_WHY}")
        yield service
    finally:
        service.close()


def build(
    home: Path | None, model: str | None, model_dir: Path | None, *, full: bool, bars: Bars,
    profile: Profile | None = None,
) -> Manifest:  # fmt: skip
    """Build the index of a home, fetching the model if it is missing."""
    from index.policy_index import build_index
    from qa.cli.profile import Profile, ProfiledBars
    from qa.encoding import open_encoder
    from qa.messages import LEXICAL_ONLY

    clock = profile or Profile(wanted=False)
    clock.lap("start")
    with opened_store(home) as store:
        clock.lap("store")
        encoder = open_encoder(model, model_dir, bars)
        clock.lap("encoder")
        if encoder is None:
            note(f"提示：{LEXICAL_ONLY}{_WHY}")
        report = ProfiledBars(bars, clock)
        manifest = build_index(store, index_root(home), encoder, full=full, progress=report)
        clock.lap("finish")
        return manifest


def index_root(home: Path | None) -> Path:
    """Where the index of a home lies."""
    from qa.service import index_root as root_of

    return root_of(home_folder(home))


def state(home: Path | None, model: str | None, model_dir: Path | None) -> dict[str, Any]:
    """Return what is live, as JSON values. Nothing is fetched, built or changed."""
    from index import model as model_files
    from index import snapshot
    from index.encoder import load_encoder, needs_default
    from index.errors import SnapshotError
    from index.policy_index import is_stale

    root = index_root(home)
    files = model_files.status(model_files.model_dir(model_dir))
    name = snapshot.current(root)
    manifest, problem = None, None
    if name is not None:
        try:
            manifest = snapshot.read_manifest(snapshot.snapshot_folder(root, name))
        except SnapshotError as error:  # damaged, or of another release
            problem = str(error)
    usable = files.ready or not needs_default(model)
    encoder = load_encoder(model, files.folder) if usable else None
    with opened_store(home) as store:
        return {
            "home": str(home_folder(home)),
            "documents": len(store.documents()),
            "clauses": len(store.clauses()),
            "index": asdict(manifest) if manifest else None,
            "problem": problem,
            "stale": is_stale(store, root, encoder),
            "model": {
                "name": model or model_files.MODEL_NAME,
                "folder": str(files.folder),
                "ready": usable,
            },
        }
