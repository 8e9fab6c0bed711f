"""Fetching the model: status, mirrors in order, and what is said when it fails."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from index import model
from index.errors import MirrorError, ModelFetchError, ModelFolderError
from index.files import ModelFile
from index.mirrors import Hub
from index.model import FileState, fetch, model_dir, status
from index.progress import Progress
from tests.index.fetching import CONTENTS, FILES, names_in
from tests.index.hub import FakeHub

pytestmark = pytest.mark.usefixtures("plain_environment")


class Fails:
    """A mirror that never delivers."""

    name = "甲"

    def deliver(self, files: Sequence[ModelFile], folder: Path, progress: Progress) -> None:
        raise MirrorError("没有货")


class Delivers:
    """A mirror that has some files at hand."""

    name = "乙"

    def __init__(self, *names: str) -> None:
        self.names = names
        self.asked: list[tuple[str, ...]] = []

    def deliver(self, files: Sequence[ModelFile], folder: Path, progress: Progress) -> None:
        self.asked.append(tuple(file.name for file in files))
        for file in files:
            if file.name not in self.names:
                raise MirrorError(f"没有 {file.name}")
            (folder / file.name).write_bytes(CONTENTS[file.name])


class TestModelDir:
    def test_explicit_wins(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("TIAOWEN_MODEL_DIR", str(tmp_path / "named"))

        assert model_dir(tmp_path / "given") == tmp_path / "given"
        assert model_dir() == tmp_path / "named"

    def test_default_is_in_the_users_cache(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert model_dir().parts[-2:] == ("models", "bge-small-zh-v1.5")
        assert "tiaowen" in model_dir().parts


class TestStatus:
    def test_present_missing_and_bad(self, tmp_path: Path) -> None:
        (tmp_path / "tokenizer.json").write_bytes(b"short")
        found = status(tmp_path, files=FILES)

        assert [(e.file.name, e.state, e.size) for e in found.files] == [
            ("tokenizer.json", FileState.BAD, 5),
            ("model.onnx", FileState.MISSING, 0),
        ]
        assert not found.ready
        assert found.wanted == FILES

    def test_no_folder(self, tmp_path: Path) -> None:
        assert status(tmp_path / "none", files=FILES).wanted == FILES
        assert not (tmp_path / "none").exists()

    def test_a_verified_file_is_not_read_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fetch(tmp_path, [Delivers(*CONTENTS)], files=FILES)
        monkeypatch.setattr(model, "sha256_of", pytest.fail)

        assert status(tmp_path, files=FILES).ready

    @pytest.mark.parametrize("verify", [False, True])
    def test_a_changed_file_is_bad(self, tmp_path: Path, verify: bool) -> None:
        fetch(tmp_path, [Delivers(*CONTENTS)], files=FILES)
        (tmp_path / "model.onnx").write_bytes(bytes(len(CONTENTS["model.onnx"])))

        assert status(tmp_path, verify=verify, files=FILES).wanted == FILES[1:]

    def test_verify_sees_what_size_and_time_hide(self, tmp_path: Path) -> None:
        fetch(tmp_path, [Delivers(*CONTENTS)], files=FILES)
        path = tmp_path / "model.onnx"
        before = path.stat()
        path.write_bytes(bytes(before.st_size))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

        assert status(tmp_path, files=FILES).ready
        assert not status(tmp_path, files=FILES, verify=True).ready
        assert not status(tmp_path, files=FILES).ready  # verify took the mark away

    @pytest.mark.parametrize("marker", ["", "[]", "{", '{"model.onnx": 3}', "\xff"])
    def test_a_damaged_marker_is_no_harm(self, tmp_path: Path, marker: str) -> None:
        fetch(tmp_path, [Delivers(*CONTENTS)], files=FILES)
        (tmp_path / model._MARKER).write_text(marker, encoding="latin-1")

        assert status(tmp_path, files=FILES).ready

    def test_other_files_do_not_pass_for_verified_ones(self, tmp_path: Path) -> None:
        fetch(tmp_path, [Delivers(*CONTENTS)], files=FILES)
        newer = tuple(ModelFile(f.name, f.size, "0" * 64) for f in FILES)

        assert status(tmp_path, files=newer).wanted == newer


class TestFetch:
    def test_what_is_there_needs_no_mirror(self, tmp_path: Path) -> None:
        for name, body in CONTENTS.items():
            (tmp_path / name).write_bytes(body)

        assert fetch(tmp_path, [], files=FILES) == tmp_path

    def test_each_mirror_is_asked_for_what_is_still_missing(self, tmp_path: Path) -> None:
        first, second, third = Delivers("tokenizer.json"), Delivers(*CONTENTS), Delivers()
        fetch(tmp_path, [Fails(), first, second, third], files=FILES)

        assert first.asked == [("tokenizer.json", "model.onnx")]
        assert second.asked == [("model.onnx",)]
        assert third.asked == []
        assert names_in(tmp_path) == ["model.onnx", "tokenizer.json"]

    def test_a_bad_file_is_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "model.onnx").write_bytes(b"bad")
        fetch(tmp_path, [Delivers(*CONTENTS)], files=FILES)

        assert (tmp_path / "model.onnx").read_bytes() == CONTENTS["model.onnx"]

    def test_a_mirror_that_lies_is_not_believed(self, tmp_path: Path) -> None:
        class Lies(Delivers):
            def deliver(self, files: Sequence[ModelFile], folder: Path, progress: Progress) -> None:
                for file in files:
                    (folder / file.name).write_bytes(b"something")

        with pytest.raises(ModelFetchError):
            fetch(tmp_path, [Lies()], files=FILES)

    def test_the_error_names_every_mirror_and_the_offline_way(self, tmp_path: Path) -> None:
        with pytest.raises(ModelFetchError) as caught:
            fetch(tmp_path, [Fails(), Delivers("tokenizer.json")], files=FILES)

        assert str(caught.value) == (
            "没有取到向量模型 bge-small-zh-v1.5（缺 model.onnx）。依次试过：\n"
            "  1. 甲：没有货\n"
            "  2. 乙：没有 model.onnx\n"
            "离线办法：在能上网的机器上运行 tiaowen model fetch，把得到的模型文件夹拷到本机，"
            "再用 --model-dir 或环境变量 TIAOWEN_MODEL_DIR 指向它。"
        )
        assert [failure.mirror for failure in caught.value.failures] == ["甲", "乙"]

    def test_two_processes_fetch_once(self, tmp_path: Path, hub: FakeHub) -> None:
        hub.faults = ["redirect", "truncated", "truncated"]
        spawn = multiprocessing.get_context("spawn")
        workers = [spawn.Process(target=_fetch, args=(tmp_path, hub.url)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

        assert [worker.exitcode for worker in workers] == [0, 0, 0]
        assert names_in(tmp_path) == ["model.onnx", "tokenizer.json"]
        assert len([path for path, asked in hub.requests if asked is None]) == 3  # one redirected


def _fetch(folder: Path, url: str) -> None:
    fetch(folder, [Hub(url)], files=FILES)


class TestFolder:
    def test_a_file_in_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        with pytest.raises(ModelFolderError) as caught:
            fetch(tmp_path / "file", [Fails()], files=FILES)
        assert str(caught.value) == (
            f"模型文件夹「{tmp_path / 'file'}」不能写入：有同名的文件挡住了。"
            "请换一个文件夹（--model-dir 或环境变量 TIAOWEN_MODEL_DIR），"
            "或腾出空间、改好权限后再试。"
        )
        with pytest.raises(ModelFolderError, match="路径中间有一段不是文件夹"):
            fetch(tmp_path / "file" / "deeper", [Fails()], files=FILES)

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /sys")
    def test_a_read_only_place(self) -> None:
        """Root may write to read-only folders, but not to /sys."""
        with pytest.raises(ModelFolderError, match=r"没有权限|只读文件系统"):
            fetch(Path("/sys/tiaowen"), [Fails()], files=FILES)

    def test_a_complete_read_only_folder_is_fine(self, tmp_path: Path) -> None:
        fetch(tmp_path, [Delivers(*CONTENTS)], files=FILES)
        (tmp_path / model._MARKER).unlink()
        tmp_path.chmod(0o555)
        try:
            assert fetch(tmp_path, [], files=FILES) == tmp_path
        finally:
            tmp_path.chmod(0o755)

    def test_too_little_room_is_said_before_anything_is_fetched(
        self, tmp_path: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usage = type("Usage", (), {"free": 400_000})
        monkeypatch.setattr("index.model.shutil.disk_usage", lambda _: usage)

        with pytest.raises(ModelFolderError, match=r"磁盘空间不够（还要 1\.2 MB，只剩 0\.4 MB）"):
            fetch(tmp_path, [Hub(hub.url)], files=FILES)
        assert hub.requests == []

    @pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
    def test_a_disk_that_fills_up_ends_it(self, tmp_path: Path, hub: FakeHub) -> None:
        """A limit of 50,000 bytes a file stands in for the full disk: same call, same error."""
        program = (
            "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
            "import sys; from pathlib import Path; from tests.index import test_model as t\n"
            "try: t.fetch(Path(sys.argv[1]), [t.Hub(sys.argv[2]), t.Fails()], files=t.FILES)\n"
            "except t.ModelFolderError as error: print(error.reason)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path), hub.url],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONUTF8": "1"},
        )

        assert done.stdout.decode() == "文件大小超过系统限制\n"
        assert len(hub.requests) == 2
        assert not (tmp_path / "model.onnx").exists()
