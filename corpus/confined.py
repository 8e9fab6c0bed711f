"""Files are read in a process of their own, with limits of time and memory (ADR 0008).

A file that takes too long, wants too much memory or crashes a library costs that process, and is
refused by name; a new one reads the next file.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import corpus
from corpus.errors import CorpusError, LoadError
from corpus.limits import Limits
from corpus.reader_process import RAW, TOO_LARGE
from corpus.records import CLAUSE_COLUMNS, DOCUMENT_COLUMNS, clause_of, document_of
from corpus.types import Clause, Document

_BLOCK = 1 << 16
_MOST_ANSWER = 512 * 1024**2  # bytes; a document of two million characters takes some 60 MB
_TOO_LONG = "读它用的时间超过上限，不像政策文件（可能是恶意文件）。请检查文件来源，或拆分后再导入。"
_CRASHED = "读它的程序意外中止，文件可能已损坏或被做过手脚。请另存为 docx 或 txt 后再导入。"
# The folder of our packages goes last: nothing in it can take the place of Python's own modules.
_START = "import sys; sys.path.append(sys.argv[1]); from corpus.reader_process import main; main()"


class Reader:
    """Reads files one after another in a process of its own; safe to share between threads.

    Use it in a ``with`` block, or `close` it. The process starts at once, so that it is ready
    when the first file is.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        """Start the process."""
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = self._start()

    def __enter__(self) -> Self:
        """Return the reader itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self.close()

    def close(self) -> None:
        """End the process; the next `build` would start another one."""
        with self._lock:
            self._end()

    def build(self, raw: bytes, file: str) -> tuple[Document, tuple[Clause, ...], str]:
        """Read bytes; return the document, its passages and the format that was found.

        :raises LoadError: they cannot be read, or not within the limits.
        """
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = self._start()
            answer = self._ask(self._process, raw, file)
        if "reason" in answer:
            raise LoadError(file, str(answer["reason"]))
        if "error" in answer:
            raise CorpusError(str(answer["error"]))
        return _rebuilt(answer, raw, file)

    def _start(self) -> subprocess.Popen[bytes]:
        root = str(Path(corpus.__file__).parents[1])
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, root],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,  # its children end with it, and Ctrl+C is ours to handle
        )  # fmt: skip
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(asdict(self.limits)).encode() + b"\n")
            process.stdin.flush()
        return process

    def _ask(self, process: subprocess.Popen[bytes], raw: bytes, file: str) -> dict[str, Any]:
        until = time.monotonic() + self.limits.seconds
        header = json.dumps({"file": file, "length": len(raw)}).encode() + b"\n"
        try:
            _send(process, header + raw, until)
            answer = _receive(process, until)
        except TimeoutError:
            self._end()
            return {"reason": _TOO_LONG}
        except (OSError, ValueError):
            return {"reason": _why(self._end(patience=1.0))}
        except BaseException:  # Ctrl+C: what it still says belongs to this file, not to the next
            self._end()
            raise
        if answer.pop("spent", False):
            self._end()
        return answer

    def _end(self, patience: float = 0.0) -> int | None:
        """End the process and all that it started.

        :param patience: seconds in which it may end by itself.
        :return: how it ended by itself, None when it did not.
        """
        process, self._process = self._process, None
        if process is None:
            return None
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
        ended = process.returncode
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process.wait()
        return ended


def read_confined(raw: bytes, file: str) -> tuple[Document, tuple[Clause, ...]]:
    """Read one file in a process of its own: `build_document` for a server.

    :raises LoadError: it cannot be read, or not within the limits.
    """
    with Reader() as reader:
        document, clauses, _ = reader.build(raw, file)
    return document, clauses


def _send(process: subprocess.Popen[bytes], data: bytes, until: float) -> None:
    """Write without ever waiting longer than until then."""
    assert process.stdin is not None
    handle = process.stdin.fileno()
    os.set_blocking(handle, False)
    rest = memoryview(data)
    while rest:
        _wait(handle, select.POLLOUT, until)
        with contextlib.suppress(BlockingIOError):
            rest = rest[os.write(handle, rest[:_BLOCK]) :]


def _receive(process: subprocess.Popen[bytes], until: float) -> dict[str, Any]:
    """Read one frame. Raises ValueError when it ends early or is none."""
    assert process.stdout is not None
    handle = process.stdout.fileno()
    data = bytearray()
    wanted: int | None = None
    begin = 0
    while wanted is None or len(data) < begin + wanted:
        _wait(handle, select.POLLIN, until)
        part = os.read(handle, _BLOCK)
        if not part:
            raise ValueError("the process ended")
        data += part
        if wanted is None and b"\n" in data[:64]:
            begin = data.index(b"\n") + 1
            wanted = int(json.loads(data[:begin])["length"])
            if wanted > _MOST_ANSWER:
                raise ValueError("an answer beyond measure")
        elif wanted is None and len(data) > _BLOCK:
            raise ValueError("no frame")
    answer = json.loads(data[begin:])
    if not isinstance(answer, dict):
        raise ValueError("no answer")
    return answer


def _wait(handle: int, event: int, until: float) -> None:
    left = until - time.monotonic()
    waiting = select.poll()  # select() takes no handle above 1023, and a server has many
    waiting.register(handle, event)
    if left <= 0 or not waiting.poll(left * 1000):
        raise TimeoutError


def _why(code: int | None) -> str:
    """Tell how a process ended that gave no answer."""
    if code == -getattr(signal, "SIGXCPU", 24):
        return _TOO_LONG
    # Libraries in C abort when they get no memory; the system's own killer sends SIGKILL.
    return TOO_LARGE if code == -signal.SIGKILL else _CRASHED


def _rebuilt(
    answer: dict[str, Any], raw: bytes, file: str
) -> tuple[Document, tuple[Clause, ...], str]:
    """Document and passages from their rows; whatever does not fit together is refused."""
    try:
        row = list(answer["document"])
        row[RAW] = raw
        document = document_of(dict(zip(DOCUMENT_COLUMNS, row, strict=True)))
        clauses = tuple(
            clause_of(dict(zip(CLAUSE_COLUMNS, values, strict=True)), document.text)
            for values in answer["clauses"]
        )
        return document, clauses, str(answer["format"])
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise LoadError(file, _CRASHED) from error
