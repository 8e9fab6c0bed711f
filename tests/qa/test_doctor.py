"""`tiaowen doctor`: every kind of trouble is named with what mends it, and nothing is changed."""

from __future__ import annotations

import hashlib
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import CorpusStore, ingest
from corpus.owners import Owner
from index import snapshot
from index.adapter import Kind, shipped
from index.marked import write_marked
from index.model import MODEL_FILES
from index.policy_index import build_index
from qa.backup import UNFINISHED
from qa.doctor import Check, Level, Patient, examine, machine, search
from qa.doctor.checks import ALL
from qa.service import index_root
from tests.disks import read_only, small_disk
from tests.qa.town import write_documents


def make(home: Path) -> Path:
    """A home over invented documents whose index is searched by words alone."""
    with CorpusStore.open(home, samples=False) as store:
        ingest(store, write_documents(home.parent / "originals"))
        build_index(store, index_root(home), None)
    return home


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    return Patient(make(tmp_path / "home"), model_dir=tmp_path / "no-model", port=0)


def looked(patient: Patient) -> dict[str, Check]:
    return {check.name: check for check in examine(patient)}


def state(home: Path) -> dict[str, str]:
    """Digest of every file of a home."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file()
    }


def test_a_home_in_order(patient: Patient) -> None:
    before = state(patient.home)
    found = looked(patient)
    bad = {name: check for name, check in found.items() if check.level is not Level.OK}
    assert set(bad) == {"向量模型"}  # none was fetched
    assert "tiaowen model fetch" in bad["向量模型"].mend
    assert state(patient.home) == before
    for check in found.values():
        assert bool(check.mend) == (check.level is not Level.OK)


def test_a_home_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    found = looked(Patient(tmp_path / "none", model_dir=tmp_path / "no-model", port=0))
    assert not any(check.level is Level.FAIL for check in found.values())
    assert found["索引"].detail == "还没有建立"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("kind", ["passage", "query"])
def test_a_damaged_updated_model(
    kind: Kind, patient: Patient, model_folder: Path, tmp_path: Path
) -> None:
    """Kept beside the model's files; it is looked at, not mended."""
    folder, adapter = tmp_path / "model", shipped().of(kind)
    folder.mkdir()
    for file in MODEL_FILES:
        (folder / file.name).symlink_to(model_folder / file.name)
    asked = replace(patient, model_dir=folder)
    assert "向量适配" not in {check.name for check in search.model(asked)}
    assert adapter is not None
    kept = adapter.kept_file(folder / MODEL_FILES[1].name)
    write_marked(kept, b"good")
    assert [check.level for check in search.model(asked)] == [Level.OK, Level.OK]
    kept.write_bytes(b"goof")
    found = {check.name: check for check in search.model(asked)}["向量适配"]
    assert (found.level, str(kept) in found.mend) == (Level.FAIL, True)
    assert kept.read_bytes() == b"goof"


def test_a_damaged_database(patient: Patient) -> None:
    (patient.home / "feedback.sqlite3").write_bytes(b"no database" * 400)
    found = looked(patient)
    assert found["feedback.sqlite3"].level is Level.FAIL
    assert "tiaowen restore" in found["feedback.sqlite3"].mend
    patient.corpus.write_bytes(b"no database" * 400)
    found = looked(patient)
    assert found["corpus.sqlite3"].level is found["文档"].level is Level.FAIL


@pytest.mark.parametrize(
    ("form", "level", "said"), [(99, "fail", "升级条问"), (0, "warn", "自动升级")]
)
def test_another_release_wrote_it(patient: Patient, form: int, level: str, said: str) -> None:
    with closing(sqlite3.connect(patient.corpus)) as connection:
        connection.execute(f"PRAGMA user_version = {form}")
    check = looked(patient)["文档"]
    assert check.level == level
    assert said in check.mend


def test_a_damaged_and_a_stale_index(patient: Patient) -> None:
    victim = next((index_root(patient.home) / "snapshots").rglob("passages.jsonl"))
    whole = victim.read_bytes()
    victim.write_bytes(whole[:-1])
    check = looked(patient)["索引"]
    assert check.level is Level.FAIL
    assert "tiaowen build" in check.mend
    victim.write_bytes(whole)
    with CorpusStore.open(patient.home) as store:
        store.remove(store.documents()[0].doc_id)
    check = looked(patient)["索引"]
    assert check.level is Level.WARN
    assert "不一致" in check.detail


def test_an_index_of_another_release(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "FORMAT", snapshot.FORMAT + 1)
    check = looked(patient)["索引"]
    assert check.level is Level.WARN
    assert "自动重建" in check.mend


def test_builds_at_work_and_broken_off(patient: Patient) -> None:
    mark = index_root(patient.home) / "build.owner"
    mark.write_text(Owner.this().dump(), encoding="utf-8")
    assert f"进程 {os.getpid()}" in looked(patient)["建立索引"].detail
    assert "正在进行" in looked(patient)["建立索引"].detail
    mark.write_text(replace(Owner.this(), started="0").dump(), encoding="utf-8")
    (index_root(patient.home) / "snapshots" / ".building-1").mkdir()
    check = looked(patient)["建立索引"]
    assert "中断" in check.detail
    assert "留下 1 个" in check.detail
    assert check.level is Level.WARN


def test_an_import_and_a_restore_that_were_broken_off(patient: Patient) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom corpus import CorpusStore\n"
        "with CorpusStore.open(Path(sys.argv[1])).importing(7):\n    os._exit(9)\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code, str(patient.home)], cwd=root, check=False)
    (patient.home / UNFINISHED).touch()
    found = looked(patient)
    assert "中断" in found["加入文件"].detail
    assert found["恢复"].level is Level.FAIL


def test_word_lists(patient: Patient) -> None:
    folder = patient.home / "lexicon"
    folder.mkdir()
    (folder / "synonyms.tsv").write_text("没有官方用语\n", encoding="utf-8")
    assert "第 1 行" in looked(patient)["词表"].detail
    (folder / "synonyms.tsv").write_bytes("娃儿\t儿童\n".encode("gbk"))
    assert looked(patient)["词表"].level is Level.FAIL


def test_a_taken_port(patient: Patient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        check = looked(replace(patient, port=port))[f"端口 {port}"]
    assert check.level is Level.WARN
    assert "有程序正在使用" in check.detail


def test_packages(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "requires", lambda _: ["numpy>=999", "no-such-thing>=1"])
    (check,) = machine.packages(patient)
    assert check.level is Level.FAIL
    assert "numpy 是" in check.detail
    assert "缺少 no-such-thing" in check.detail


def test_other_text(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.getfilesystemencoding", lambda: "ascii")
    (check,) = machine.text(patient)
    assert "ascii" in check.detail
    assert "LANG" in check.mend


def test_a_read_only_home_and_a_full_one(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 30) as disk:
        patient = Patient(make(disk / "home"), model_dir=tmp_path / "no-model", port=0)
        with read_only(disk):
            found = looked(patient)
            assert found["资料文件夹"].level is Level.WARN  # asking goes on
            assert found["corpus.sqlite3"].level is found["索引"].level is Level.OK
            bare = looked(replace(patient, home=disk / "bare"))
            assert bare["资料文件夹"].level is Level.FAIL
        assert found["磁盘空间"].level is Level.FAIL


def test_a_check_that_breaks_is_a_finding(patient: Patient) -> None:
    def broken(_: Patient) -> None:
        raise RuntimeError("odd")

    first, *rest = examine(patient, (broken, *ALL))  # type: ignore[arg-type]
    assert first.level is Level.FAIL
    assert "RuntimeError: odd" in first.detail
    assert rest


def test_the_command(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "qa.cli", *arguments, "--home", str(home)],
            cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
            env={**os.environ, "TIAOWEN_MODEL_DIR": str(tmp_path / "none"),
                 "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip

    home = make(tmp_path / "home")
    good = run("doctor")
    assert good.returncode == 0, good.stderr
    assert "[正常] corpus.sqlite3：完好" in good.stdout
    assert "需要留意" in good.stdout
    saved = run("backup", str(tmp_path / "b.zip"))
    assert saved.returncode == 0, saved.stderr
    assert run("restore", str(tmp_path / "b.zip")).returncode == 1  # it is not empty
    (home / "corpus.sqlite3").write_bytes(b"no database" * 400)
    for command, code in (("doctor", 1), ("build", 2)):
        done = run(command)
        assert done.returncode == code, (command, done.stderr)
        assert "Traceback" not in done.stderr
        assert "tiaowen restore" in done.stdout + done.stderr
    back = run("restore", str(tmp_path / "b.zip"), "--force")
    assert back.returncode == 0, back.stderr
    assert run("doctor", "--json").returncode == 0
