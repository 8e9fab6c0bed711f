"""Where the model's bytes may come from, in the order they are tried.

1. the hub: its cache on this machine, then over HTTP (HF_ENDPOINT, HF_HUB_OFFLINE, HF_HOME …),
2. other public copies, 3. the package index pip is configured for (``index.pip_mirror``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.download import Patience, download
from index.errors import MirrorError
from index.files import CHUNK, ModelFile, take
from index.pip_mirror import PipMirror
from index.progress import Progress

REPO = "Qdrant/bge-small-zh-v1.5"  # the ONNX export of BAAI/bge-small-zh-v1.5
HUB = "https://huggingface.co"
COPIES = ("https://hf-mirror.com",)  # same paths as the hub, reachable from mainland China


class Mirror(Protocol):
    """One place that may have the files."""

    @property
    def name(self) -> str:
        """What the place is called in messages."""
        ...

    def deliver(self, files: Sequence[ModelFile], folder: Path, progress: Progress) -> None:
        """Put every one of ``files`` into ``folder``, each checked by digest.

        :raises MirrorError: one could not be delivered; those before it are in place.
        :raises ModelFolderError: the folder did not take them: no other mirror would help.
        """
        ...


@dataclass(frozen=True, slots=True)
class HubCache:
    """What other programs on this machine already fetched from the hub."""

    folder: Path
    repo: str = REPO

    @property
    def name(self) -> str:
        """What the place is called in messages."""
        return "本机的 Hugging Face 缓存"

    def deliver(self, files: Sequence[ModelFile], folder: Path, progress: Progress) -> None:
        """Copy the files out of the cache; see ``Mirror``."""
        for file in files:
            copies = [path for path in self._copies(file) if path.stat().st_size == file.size]
            if not copies:
                raise MirrorError(f"缓存里没有 {file.name}")
            # Newest snapshot first; copies of one size nearly always are one content.
            take(folder, file, _chunks(max(copies, key=lambda p: p.stat().st_mtime)), progress)

    def _copies(self, file: ModelFile) -> list[Path]:
        repo = self.folder / f"models--{self.repo.replace('/', '--')}"
        try:
            return [path for path in repo.glob(f"snapshots/*/{file.name}") if path.is_file()]
        except OSError as error:
            raise MirrorError(f"缓存读不了（{error.strerror}）") from error


@dataclass(frozen=True, slots=True)
class Hub:
    """A server that speaks the hub's addresses."""

    endpoint: str
    repo: str = REPO
    offline: bool = False
    patience: Patience = field(default_factory=Patience)

    @property
    def name(self) -> str:
        """What the place is called in messages."""
        return self.endpoint

    def deliver(self, files: Sequence[ModelFile], folder: Path, progress: Progress) -> None:
        """Download the files; see ``Mirror``."""
        if self.offline:
            raise MirrorError("已设置 HF_HUB_OFFLINE，不联网")
        for file in files:
            url = f"{self.endpoint}/{self.repo}/resolve/main/{file.name}"
            download(url, folder, file, progress, self.patience)


def default_mirrors() -> tuple[Mirror, ...]:
    """Return the mirrors in the order they are tried, as the environment sets them now."""
    endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or HUB
    offline = any(
        os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE")
        for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    )
    hubs = [endpoint, *(copy for copy in COPIES if copy != endpoint)]
    return (
        HubCache(_hub_cache_folder()),
        *(Hub(hub, offline=offline) for hub in hubs),
        PipMirror(),
    )


def _hub_cache_folder() -> Path:
    """Return the hub cache as huggingface_hub finds it, read now and without importing it."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if value := os.environ.get(name):
            return Path(value).expanduser()
    if value := os.environ.get("HF_HOME"):
        return Path(value).expanduser() / "hub"
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "huggingface" / "hub"


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except OSError as error:
        raise MirrorError(f"缓存读不了（{error.strerror}）") from error
