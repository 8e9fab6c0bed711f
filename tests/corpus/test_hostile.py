"""Hostile files: refused by name within bounded time and memory, and nothing else happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus import CorpusStore, FileReport, LoadError, ingest
from corpus.confined import Reader
from corpus.importing import import_bytes, import_file
from corpus.limits import Limits
from corpus.loading import shown_name
from tests.corpus import hostile
from tests.corpus.hostile import TEXT

_TIGHT = Limits(seconds=60.0, cpu=40, memory=1 << 30)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One process that reads the files of all tests, harmed ones replaced."""
    with Reader(_TIGHT) as made:
        yield made


@pytest.fixture
def store(tmp_path: Path) -> CorpusStore:
    return CorpusStore.open(tmp_path / "home", samples=False)


def peak_memory(process: subprocess.Popen[bytes]) -> int:
    """Most memory that a process has had so far, in bytes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    line = next(x for x in status.splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "external-entity": ("a.docx", lambda: hostile.external_entity("/etc/passwd"), "DOCTYPE"),
    "billion-laughs": ("a.docx", hostile.billion_laughs, "DOCTYPE"),
    "deep-docx": ("a.docx", hostile.deep_docx, "嵌套过深"),
    "deep-html": ("a.html", hostile.deep_html, "嵌套过深"),
    "bomb-in-a-docx": ("a.docx", hostile.bomb_member, "压缩炸弹"),
    "cut-docx": ("a.docx", lambda: hostile.docx(hostile.word("甲" * 500))[:300], "损坏"),
    "cut-pdf": ("a.pdf", lambda: b"%PDF-1.7\n" + hostile.pdf()[200:300], "损坏"),
    "too-many-words": ("a.txt", lambda: ("政策" * 1_100_000).encode(), "超过 200 万字"),
    "half-an-ole": ("a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4000, "损坏"),
    "entities-in-utf-16": (
        "a.docx",
        lambda: hostile.docx(
            hostile.word("&x;", '<!DOCTYPE d [<!ENTITY x "y">]>')
            .decode().replace("UTF-8", "UTF-16").encode("utf-16")
        ),
        "DOCTYPE",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name_within_bounds(store: CorpusStore, reader: Reader, name: str) -> None:
    file, make, reason = REFUSED[name]
    (report,) = import_bytes(store, make(), file, reader)
    assert report.outcome == "failed"
    assert report.error is not None
    assert report.error.startswith(f"无法导入「{file}」")
    assert reason in report.error
    assert store.documents() == ()
    assert reader._process is not None
    assert peak_memory(reader._process) < _TIGHT.memory


def test_a_page_nested_5000_deep_is_read(store: CorpusStore, reader: Reader) -> None:
    (report,) = import_bytes(store, hostile.deep_html(5000), "deep.html", reader)
    assert report.outcome == "added", report.error
    assert "六周岁的儿童入学" in store.documents()[0].text


def test_a_pdf_with_scripts_and_files_is_only_read(store: CorpusStore, reader: Reader) -> None:
    """The words of its page arrive; what it would start or hand over does not."""
    (report,) = import_bytes(store, hostile.pdf(), "a.pdf", reader)
    assert report.outcome == "added", report.error
    document = store.documents()[0]
    assert "Children of six years" in document.text
    for word in ("launchURL", "attached secret", "evil"):
        assert word not in document.text + document.raw_text
    assert reader._process is not None
    children = Path(f"/proc/{reader._process.pid}/task/{reader._process.pid}/children")
    assert not children.exists() or children.read_text() == ""


def test_names_in_an_archive_lead_nowhere(
    store: CorpusStore, reader: Reader, tmp_path: Path
) -> None:
    before = {path for path in tmp_path.rglob("*") if "home" not in path.parts}
    reports = import_bytes(store, hostile.tricks(), "x.zip", reader)
    assert [r.file for r in reports if r.outcome == "added"] == ["x.zip/好.txt"]
    refused = [(r.file, r.error or "") for r in reports if r.outcome == "failed"]
    for reason, count in (("指到包外", 4), ("控制字符", 1), ("是链接", 1)):
        assert sum(reason in error for _, error in refused) == count
    assert not any("\x1b" in name + error for name, error in refused)
    assert [d.file for d in store.documents()] == ["x.zip/好.txt"]
    after = {path for path in tmp_path.rglob("*") if "home" not in path.parts}
    assert after == before


def test_locked_and_crowded_and_swelling_archives(store: CorpusStore, reader: Reader) -> None:
    (locked,) = import_bytes(store, hostile.locked(), "a.zip", reader)
    assert "有密码" in (locked.error or "")
    started = time.monotonic()
    for raw, reason in ((hostile.crowd(), "超过 2000 个"), (hostile.bomb(400), "解压后超过")):
        (report,) = import_bytes(store, raw, "b.zip", reader)
        assert reason in (report.error or "")
    assert time.monotonic() - started < 30
    assert store.documents() == ()


def test_200_megabytes_are_not_even_read(store: CorpusStore, tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    with big.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    (report,) = ingest(store, [big])
    assert "超过 50 MB" in (report.error or "")


def test_links_in_a_folder(store: CorpusStore, tmp_path: Path) -> None:
    """A link to a file of the folder is that file; one that leads out is refused, not followed."""
    secret = tmp_path / "elsewhere" / "secret.txt"
    secret.parent.mkdir()
    secret.write_text(TEXT, encoding="utf-8")
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "own.txt").write_text(TEXT.replace("3号", "4号"), encoding="utf-8")
    (folder / "again.txt").symlink_to(folder / "own.txt")
    (folder / "out.txt").symlink_to(secret)
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "all").symlink_to(secret.parent)
    (folder / "round").symlink_to(folder)
    (folder / "gone.txt").symlink_to(folder / "nothing.txt")
    reports = {r.file: r for r in ingest(store, [folder])}
    assert {name for name, r in reports.items() if r.error is None} == {"again.txt", "own.txt"}
    assert "指向文件夹外面" in (reports["out.txt"].error or "")
    assert "没有跟进" in (reports["all"].error or "")
    assert "没有跟进" in (reports["round"].error or "")
    assert {d.doc_number for d in store.documents()} == {"某教〔2025〕4号"}
    (named,) = ingest(store, [folder / "out.txt"])  # by name: then it is meant
    assert named.outcome == "added"


def test_devices_and_pipes(store: CorpusStore, reader: Reader, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    for name in ("pipe.txt", "zero.txt"):
        (report,) = import_file(store, tmp_path / name, name, reader)
        assert "不是普通文件" in (report.error or "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("a\x1b]0;x\x07.txt", "a\ufffd]0;x\ufffd.txt", id="terminal"),
        pytest.param("a\nb.txt", "a\ufffdb.txt", id="line"),
        pytest.param("a\u202etxt.exe", "a\ufffdtxt.exe", id="direction"),
        pytest.param("a\udcff.txt", "a\ufffd.txt", id="no-text"),
        pytest.param("某市　通知 (1).txt", "某市　通知 (1).txt", id="plain"),
    ],
)
def test_names_are_fit_to_be_shown(
    store: CorpusStore, reader: Reader, tmp_path: Path, name: str, shown: str
) -> None:
    assert shown_name(name) == shown
    path = tmp_path / os.fsencode(name).decode("utf-8", "surrogateescape")
    path.write_text(TEXT, encoding="utf-8")
    if path.suffix == ".txt":
        (report,) = import_file(store, path, name, reader)
        assert (report.outcome, report.file) == ("added", shown)
        assert store.documents()[0].file == shown


# --- the process that reads ---


def loop(store: CorpusStore, limits: Limits, code: str, tmp_path: Path) -> list[FileReport]:
    """Import two files where reading the first one runs ``code``: what a harmful file might do."""
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import os, sys, time, signal\n"
        "if sys.argv[1:] and 'reader_process' in ' '.join(sys.orig_argv):\n"
        "    sys.path.append(sys.argv[1])\n"
        "    import corpus.building as b\n"
        "    real = b.build_document\n"
        "    def build(source):\n"
        "        if source.file == 'bad.txt':\n"
        f"            {code}\n"
        "        return real(source)\n"
        "    b.build_document = build\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(hook))
        (tmp_path / "bad.txt").write_text(TEXT)
        (tmp_path / "good.txt").write_text(TEXT)
        paths = [tmp_path / "bad.txt", tmp_path / "good.txt"]
        return list(ingest(store, paths, limits=limits))


@pytest.mark.parametrize(
    ("code", "limits", "reason"),
    [
        pytest.param("while True: pass", Limits(cpu=2), "时间超过上限", id="busy"),
        pytest.param("time.sleep(99)", Limits(seconds=4.0), "时间超过上限", id="asleep"),
        pytest.param("x = bytearray(1 << 40)", Limits(), "内存超过上限", id="memory"),
        pytest.param("os.kill(os.getpid(), 11)", Limits(), "意外中止", id="crash"),
        pytest.param("os._exit(0)", Limits(), "意外中止", id="exit"),
        pytest.param("os.write(1, b'{}{' * 9 + b'\\\\n')", Limits(), "意外中止", id="babble"),
        pytest.param("raise RuntimeError", Limits(), "解析出错（RuntimeError）", id="error"),
        pytest.param("raise RecursionError", Limits(), "解析出错（RecursionError）", id="deep"),
        pytest.param("print('noise')", Limits(), "", id="noise"),
    ],
)
def test_what_harms_the_process_costs_one_file(
    store: CorpusStore, tmp_path: Path, code: str, limits: Limits, reason: str
) -> None:
    bad, good = loop(store, limits, code, tmp_path)
    assert reason in (bad.error or "")
    assert (bad.outcome == "failed") == bool(reason)
    assert good.error is None
    assert len(store.documents()) == 1


def test_the_process_and_its_children_end_with_the_import(tmp_path: Path) -> None:
    with Reader() as reader:
        process = reader._process
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None
    with reader:  # it can be used again
        document, clauses, found = reader.build(TEXT.encode(), "a.txt")
    assert (document.doc_number, found) == ("某教〔2025〕3号", "txt")
    assert clauses


def test_the_process_ends_when_we_are_killed() -> None:
    code = (
        "import os, signal\nfrom corpus.confined import Reader\n"
        "r = Reader()\nr.build('一、甲。'.encode(), 'a.txt')\nprint(r._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    pid = int(done.stdout)
    until = time.monotonic() + 20
    while time.monotonic() < until and Path(f"/proc/{pid}").exists():
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        if state == "Z":
            return  # nobody here collects it
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_what_the_process_returns_is_what_would_be_read_here(originals: list[Path]) -> None:
    from corpus import build_document, read_source

    with Reader() as reader:
        for path in originals:
            document, clauses, _ = reader.build(path.read_bytes(), path.name)
            assert (document, clauses) == build_document(read_source(path))


def test_a_refused_file_is_a_load_error(reader: Reader) -> None:
    with pytest.raises(LoadError, match="二进制"):
        reader.build(bytes(range(256)) * 8, "a.txt")


def test_many_open_files_do_not_matter() -> None:
    """A server has more than a thousand; select() would refuse the handles of the process."""
    held = []
    try:
        for _ in range(1100):
            held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        pytest.skip("this machine allows too few open files")
    else:
        with Reader() as reader:
            assert reader.build(TEXT.encode(), "a.txt")[0].doc_number == "某教〔2025〕3号"
    finally:
        for handle in held:
            os.close(handle)
