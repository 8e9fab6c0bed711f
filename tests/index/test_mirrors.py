"""The hub's cache on this machine, and the mirrors the environment chooses."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ModelFetchError
from index.files import part_path
from index.mirrors import Hub, HubCache, Mirror, default_mirrors
from index.model import fetch
from index.pip_mirror import PipMirror
from tests.index.fetching import CONTENTS, FILES, Bar, names_in
from tests.index.hub import FakeHub

pytestmark = pytest.mark.usefixtures("plain_environment")


class TestHubCache:
    @pytest.fixture
    def cache(self, tmp_path: Path) -> Path:
        """Return a hub cache as huggingface_hub lays it out: snapshots of links to blobs."""
        repo = tmp_path / "hub" / "models--Qdrant--bge-small-zh-v1.5"
        snapshot = repo / "snapshots" / "46e00cc7"
        snapshot.mkdir(parents=True)
        (repo / "blobs").mkdir()
        for name, body in CONTENTS.items():
            (repo / "blobs" / name).write_bytes(body)
            (snapshot / name).symlink_to(repo / "blobs" / name)
        return tmp_path / "hub"

    def test_files_are_copied(self, cache: Path, tmp_path: Path) -> None:
        bar = Bar()
        folder = fetch(tmp_path / "model", [HubCache(cache)], bar, files=FILES)

        assert names_in(folder) == ["model.onnx", "tokenizer.json"]
        assert not (folder / "model.onnx").is_symlink()
        assert bar.drawn == [(file.name, file.size, file.size, True) for file in FILES]

    def test_wrong_bytes_are_refused(self, cache: Path, tmp_path: Path) -> None:
        blob = cache / "models--Qdrant--bge-small-zh-v1.5" / "blobs" / "model.onnx"
        blob.write_bytes(bytes(len(CONTENTS["model.onnx"])))
        folder = tmp_path / "model"

        with pytest.raises(ModelFetchError, match=r"model\.onnx 内容不符，已丢弃"):
            fetch(folder, [HubCache(cache)], files=FILES)
        assert names_in(folder) == ["tokenizer.json"]

    def test_a_broken_download_is_kept_until_it_is_not_needed(
        self, cache: Path, tmp_path: Path
    ) -> None:
        folder = tmp_path / "model"
        folder.mkdir()
        part = part_path(folder, FILES[1])
        part.write_bytes(b"begun")
        with pytest.raises(ModelFetchError):
            fetch(folder, [HubCache(tmp_path)], files=FILES)
        assert part.read_bytes() == b"begun"

        fetch(folder, [HubCache(cache)], files=FILES)
        assert not part.exists()

    def test_an_empty_cache(self, tmp_path: Path) -> None:
        with pytest.raises(ModelFetchError, match=r"Hugging Face 缓存：缓存里没有 tokenizer\.json"):
            fetch(tmp_path / "model", [HubCache(tmp_path)], files=FILES)

    @pytest.mark.parametrize("name", ["HF_HUB_CACHE", "HF_HOME"])
    def test_it_is_used_offline(
        self, cache: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        monkeypatch.setenv(name, str(cache if name == "HF_HUB_CACHE" else cache.parent))
        fetch(tmp_path / "model", default_mirrors()[:2], files=FILES)


class TestDefaultMirrors:
    def test_order(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", "/cache")

        assert default_mirrors() == (
            HubCache(Path("/cache/huggingface/hub")),
            Hub("https://huggingface.co"),
            Hub("https://hf-mirror.com"),
            PipMirror(),
        )

    @pytest.mark.parametrize(
        ("endpoint", "hubs"),
        [
            ("http://hub.gov.cn/", ["http://hub.gov.cn", "https://hf-mirror.com"]),
            ("https://hf-mirror.com", ["https://hf-mirror.com"]),
            ("", ["https://huggingface.co", "https://hf-mirror.com"]),
        ],
    )
    def test_hf_endpoint(
        self, endpoint: str, hubs: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_ENDPOINT", endpoint)

        assert [m.endpoint for m in default_mirrors() if isinstance(m, Hub)] == hubs

    def test_offline_asks_no_hub(
        self, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        mirrors: list[Mirror] = [m for m in default_mirrors() if isinstance(m, Hub)]

        with pytest.raises(ModelFetchError) as caught:
            fetch(tmp_path, mirrors, files=FILES)
        assert [failure.reason for failure in caught.value.failures] == [
            "已设置 HF_HUB_OFFLINE，不联网"
        ] * 2
        assert hub.requests == []

    def test_the_endpoint_is_fetched_from(
        self, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_ENDPOINT", hub.url + "/")
        monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
        fetch(tmp_path / "model", files=FILES)

        assert [path.rsplit("/", 1)[-1] for path, _ in hub.requests] == list(CONTENTS)
