"""Errors of the index room.

TiaowenError
└── RetrievalError          the index or its model, as opposed to documents or the question
    ├── SnapshotError           a stored index is missing, damaged or of another format
    │   └── FormatError             it was written by another release
    ├── BuildBusyError          another process is building in the same place
    ├── StoreError              the store that was chosen is unknown, not installed or not reachable
    └── ModelError
        ├── ModelFetchError     no mirror delivered the model: names every mirror and its reason
        ├── ModelFolderError    the folder the model goes to cannot take it
        ├── ModelMissingError   an encoder was asked for and its files are not there, or are bad
        ├── AdapterError        the trained update for questions cannot be read
        ├── EncoderLoadError    a model chosen with ``--model`` does not load
        └── RerankerLoadError   a model chosen with ``--reranker`` does not load
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import TiaowenError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.owners import Owner

_OFFLINE_WAY = (
    "离线办法：在能上网的机器上运行 tiaowen model fetch，把得到的模型文件夹拷到本机，"
    "再用 --model-dir 或环境变量 TIAOWEN_MODEL_DIR 指向它。"
)


class RetrievalError(TiaowenError):
    """Something is wrong with the index or its model."""


class ModelError(RetrievalError):
    """The embedding model cannot be fetched, found or loaded."""


class MirrorError(Exception):
    """One mirror did not deliver; ``str(error)`` is the reason, a phrase without the mirror's name.

    Caught by ``index.model.fetch``, which goes on to the next mirror.
    """


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one mirror did not deliver."""

    mirror: str
    reason: str


class ModelFetchError(ModelError):
    """Every mirror was tried and files are still missing."""

    def __init__(self, model: str, missing: Sequence[str], failures: Sequence[Failure]) -> None:
        """Name the model, its missing files, and what each mirror said."""
        tried = "".join(
            f"\n  {number}. {failure.mirror}：{failure.reason}"
            for number, failure in enumerate(failures, start=1)
        )
        super().__init__(
            f"没有取到向量模型 {model}（缺 {'、'.join(missing)}）。依次试过：{tried}"
            f"\n{_OFFLINE_WAY}"
        )
        self.model = model
        self.missing = tuple(missing)
        self.failures = tuple(failures)


class ModelFolderError(ModelError):
    """The model folder cannot be made or written: read-only, full, or a file in the way."""

    def __init__(self, folder: Path, reason: str) -> None:
        """Name the folder and the cause."""
        super().__init__(
            f"模型文件夹「{folder}」不能写入：{reason}。"
            "请换一个文件夹（--model-dir 或环境变量 TIAOWEN_MODEL_DIR），"
            "或腾出空间、改好权限后再试。"
        )
        self.folder = folder
        self.reason = reason


class ModelMissingError(ModelError):
    """The files of the model are not in the folder, or are not the pinned ones."""

    def __init__(self, folder: Path, problems: Sequence[str]) -> None:
        """Name the folder and what is wrong with each file."""
        super().__init__(
            f"模型文件夹「{folder}」不完整：{'；'.join(problems)}。"
            "请运行 tiaowen model fetch 取回模型。"
        )
        self.folder = folder
        self.problems = tuple(problems)


class EncoderLoadError(ModelError):
    """A sentence-transformers model named by the operator does not load."""

    def __init__(self, model: str, reason: str) -> None:
        """Name the model and the cause."""
        super().__init__(f"向量模型「{model}」装不上：{reason}")
        self.model = model
        self.reason = reason


class RerankerLoadError(ModelError):
    """A cross-encoder named by the operator does not load."""

    def __init__(self, model: str, reason: str) -> None:
        """Name the model and the cause."""
        super().__init__(
            f"重排模型「{model}」装不上：{reason}。--reranker 要一个 sentence-transformers "
            "CrossEncoder 的模型名或文件夹（safetensors 格式，如 BAAI/bge-reranker-base）；"
            "不能联网时先在别处下载好，再写文件夹的路径。"
            "不写 --reranker 也能回答，次序由自带的排序决定。"
        )
        self.model = model
        self.reason = reason


class AdapterError(ModelError):
    """The trained update for questions cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"「{path}」不是可用的向量适配文件：{reason}")
        self.path = path
        self.reason = reason


class SnapshotError(RetrievalError):
    """A stored index snapshot is missing, damaged or of another format."""

    def __init__(self, snapshot: str, reason: str) -> None:
        super().__init__(f"索引「{snapshot}」不可用：{reason}")
        self.snapshot = snapshot
        self.reason = reason


class FormatError(SnapshotError):
    """A stored index was written by another release; it is built again from the documents."""


class BuildBusyError(RetrievalError):
    """Another process is building an index in the same place."""

    def __init__(self, folder: str, owner: Owner | None = None) -> None:
        """Name the place, and who is at work there when that is known."""
        who = f"（{owner}）" if owner is not None else ""
        super().__init__(f"另一个程序{who}正在「{folder}」建立索引，请等它完成后再试。")
        self.folder = folder
        self.owner = owner


class StoreError(RetrievalError):
    """The chosen store is unknown, its client is not installed, or it does not answer."""
