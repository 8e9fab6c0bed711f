"""The trained update of the encoder: its file, its arithmetic, and what vectors gain by it."""

from __future__ import annotations

import json
import os
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import encoder as encoder_module
from index.adapter import FILES, Adapter, Adapters, Kind, Update, shipped
from index.encoder import QUERY_INSTRUCTION, OnnxEncoder, load_encoder
from index.errors import AdapterError
from index.files import sha256_of
from index.marked import intact, write_marked
from index.model import MODEL_FILES
from index.onnx_bert import MODEL_ID, Floats, OnnxBert, pad

MODEL = MODEL_FILES[1]
TEXTS = ["", "落户", "骑手送单路上摔了谁管", "我家娃户口在外地，能在鲤城上小学吗", "公租房" * 300]
FILE = FILES["query"]
KINDS: tuple[Kind, ...] = ("query", "passage")
_SMALL = st.integers(-8, 8)  # products and sums are exact in half and in single precision

# --- updates of any shape, and a file they fit ---


def _matrix(draw: st.DrawFn, rows: int, columns: int) -> Floats:
    row = st.lists(_SMALL, min_size=columns, max_size=columns)
    values = draw(st.lists(row, min_size=rows, max_size=rows))
    return np.array(values, dtype=np.float32).reshape(rows, columns)


@st.composite
def _placed(draw: st.DrawFn) -> tuple[bytes, tuple[Update, ...]]:
    """A file of matrices with bytes of any kind between them, and updates of these matrices."""
    data, updates = bytearray(draw(st.binary(max_size=9))), []
    for _ in range(draw(st.integers(1, 3))):
        inputs, columns = draw(st.integers(1, 5)), draw(st.integers(1, 7))
        offset = len(data)
        data += _matrix(draw, inputs, columns).astype("<f4").tobytes()
        data += draw(st.binary(max_size=9))
        cuts = sorted(draw(st.sets(st.integers(0, columns), min_size=2, max_size=4)))
        for first, end in pairwise(cuts):  # matrices packed side by side
            rank = draw(st.integers(1, 3))
            down, up = _matrix(draw, inputs, rank), _matrix(draw, rank, end - first)
            updates.append(Update(offset, columns, first, down, up))
    return bytes(data), tuple(updates)


def _added(data: bytes, updates: tuple[Update, ...]) -> bytes:
    """What `Adapter.applied` must return, number by number."""
    changed = bytearray(data)
    for update in updates:
        for i, row in enumerate(update.down.tolist()):
            for j, column in enumerate(update.up.T.tolist()):
                place = update.offset + 4 * (i * update.columns + update.first + j)
                (weight,) = struct.unpack_from("<f", changed, place)
                product = sum(a * b for a, b in zip(row, column, strict=True))
                struct.pack_into("<f", changed, place, weight + product)
    return bytes(changed)


@settings(deadline=None)  # a busy machine
@given(_placed())
def test_the_product_is_added_in_its_place_and_nowhere_else(
    placed: tuple[bytes, tuple[Update, ...]],
) -> None:
    data, updates = placed

    assert Adapter("a", "m", updates).applied(data) == _added(data, updates)


@settings(deadline=None)  # the first file of a session takes longer
@given(_placed(), st.text(max_size=5))
def test_what_is_saved_is_loaded(placed: tuple[bytes, tuple[Update, ...]], name: str) -> None:
    adapter = Adapter(name, "0" * 64, placed[1])
    with TemporaryDirectory() as folder:
        adapter.save(Path(folder) / FILE)
        loaded = Adapter.load(Path(folder) / FILE)

    assert (loaded.name, loaded.model) == (adapter.name, adapter.model)
    for got, saved in zip(loaded.updates, adapter.updates, strict=True):
        assert (got.offset, got.columns, got.first) == (saved.offset, saved.columns, saved.first)
        assert got.down.dtype == got.up.dtype == np.float32
        np.testing.assert_array_equal(got.down, saved.down)
        np.testing.assert_array_equal(got.up, saved.up)


def _update(offset: int = 0, inputs: int = 2, columns: int = 3) -> Update:
    down = np.ones((inputs, 1), dtype=np.float32)
    return Update(offset, columns, 0, down, np.ones((1, columns), dtype=np.float32))


@pytest.mark.parametrize(
    "update",
    [
        pytest.param(_update(offset=-4), id="before"),
        pytest.param(_update(offset=1), id="one-byte-beyond"),
        pytest.param(_update(offset=24), id="behind"),
        pytest.param(_update(inputs=3), id="too-long"),
        pytest.param(_update(inputs=0), id="of-nothing"),
        pytest.param(replace(_update(), first=1), id="beyond-its-columns"),
    ],
)
def test_an_update_outside_the_file_is_refused(update: Update) -> None:
    data = bytes(2 * 3 * 4)

    assert Adapter("a", "m", (_update(),)).applied(data) != data
    with pytest.raises(ValueError, match=r"outside the model file|broadcast"):
        Adapter("a", "m", (update,)).applied(data)


# --- files that are no adapter ---


def _rewritten(path: Path, **changed: Any) -> None:  # noqa: ANN401
    """Write a stored adapter again with other arrays; None leaves one out."""
    with np.load(path) as stored:
        arrays: dict[str, Any] = {**stored, **changed}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


_DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("不是适配文件", encoding="utf-8"),
    "one-array": lambda path: path.write_bytes(_npy(np.zeros(3))),
    "first-half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "zeros-inside": lambda path: path.write_bytes(_zeroed(path.read_bytes())),
    "no-about": lambda path: _rewritten(path, about=None),
    "about-not-json": lambda path: _rewritten(path, about=np.array("{")),
    "about-a-number": lambda path: _rewritten(path, about=np.array("1")),
    "about-without-updates": lambda path: _rewritten(path, about=np.array('{"name": "a"}')),
    "place-not-named": lambda path: _rewritten(
        path, about=np.array(json.dumps({"name": "a", "model": "m", "updates": [{"offset": 0}]}))
    ),
    "factor-missing": lambda path: _rewritten(path, up0=None),
    "pickled": lambda path: _rewritten(path, down0=np.array([{}], dtype=object)),
}


def _npy(array: Floats | np.ndarray[Any, np.dtype[np.float64]]) -> bytes:
    with TemporaryDirectory() as folder:
        np.save(Path(folder) / "a.npy", array)
        return (Path(folder) / "a.npy").read_bytes()


def _zeroed(data: bytes) -> bytes:
    """The stored arrays overwritten; the table of the archive at the end is whole."""
    return data[:60] + bytes(100) + data[160:]


@pytest.mark.parametrize("damage", _DAMAGES)
def test_a_damaged_file_is_named(damage: str, tmp_path: Path) -> None:
    path = tmp_path / FILE
    Adapter("a", "m", (_update(),)).save(path)
    _DAMAGES[damage](path)

    with pytest.raises(AdapterError) as caught:
        Adapter.load(path)

    assert str(caught.value).startswith(f"「{path}」不是可用的向量适配文件：")


def test_every_shorter_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / FILE
    Adapter("a", "m", (_update(),)).save(path)
    data = path.read_bytes()
    for end in range(len(data)):
        path.write_bytes(data[:end])
        with pytest.raises(AdapterError):
            Adapter.load(path)


# --- the encoder ---


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_adapters_are_for_the_pinned_model(kind: Kind) -> None:
    adapter = shipped().of(kind)

    assert adapter is not None
    assert adapter.model == MODEL.sha256
    ends = [u.offset + 4 * len(u.down) * u.columns for u in adapter.updates]
    assert max(ends) <= MODEL.size
    assert all(u.first + u.up.shape[1] <= u.columns for u in adapter.updates)
    assert all(np.isfinite(u.down).all() and np.isfinite(u.up).all() for u in adapter.updates)


@pytest.fixture(scope="module")
def plain(model_folder: Path) -> OnnxEncoder:
    return OnnxEncoder(model_folder, threads=2)


def test_questions_and_passages_are_read_with_their_own(
    plain: OnnxEncoder, model_folder: Path
) -> None:
    adapters = shipped()
    assert adapters.passage is not None
    assert adapters.query is not None
    adapted = load_encoder(None, model_folder, threads=2)
    alike = OnnxEncoder(model_folder, 2, Adapters(adapters.passage, adapters.passage))
    for kind in KINDS:
        vectors = adapted.encode(TEXTS, kind=kind)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
        assert (np.abs(vectors - plain.encode(TEXTS, kind=kind)).max(axis=1) > 1e-3).all(), kind
    np.testing.assert_array_equal(alike.encode(TEXTS), adapted.encode(TEXTS))
    moved = alike.encode(TEXTS, kind="query") - adapted.encode(TEXTS, kind="query")
    assert (np.abs(moved).max(axis=1) > 1e-3).all()
    assert plain.name == MODEL_ID
    # What is stored is not mixed; nothing that is stored depends on how questions are read.
    assert adapted.name == alike.name == f"{MODEL_ID}+{adapters.passage.name}"


def test_an_update_for_another_model_file_is_left_out(
    plain: OnnxEncoder, model_folder: Path
) -> None:
    adapter = shipped().passage
    assert adapter is not None
    other = replace(adapter, model="0" * 64)
    foreign = OnnxEncoder(model_folder, 2, Adapters(other, other))

    assert foreign.name == plain.name
    for kind in KINDS:
        np.testing.assert_array_equal(
            foreign.encode(TEXTS, kind=kind), plain.encode(TEXTS, kind=kind)
        )


def test_adapted_onnx_equals_pytorch_with_the_same_update(
    plain: OnnxEncoder, model_folder: Path, tmp_path: Path
) -> None:
    """The place of every weight is right: the same update there and in the layers of PyTorch."""
    pytest.importorskip("onnx", reason="needed to read the weights")
    torch = pytest.importorskip("torch")
    from eval.adapting.lora import load_updatable, to_adapter

    for file in MODEL_FILES:  # the updated file is kept beside, and not beside the user's
        (tmp_path / file.name).symlink_to(model_folder / file.name)
    torch.manual_seed(7)
    bert, updates = load_updatable(model_folder / MODEL.name, rank=3)
    for update in updates.values():
        torch.nn.init.normal_(update.up, std=0.02)
    adapter = to_adapter(model_folder / MODEL.name, "t", updates, strength=0.5)
    encoder = OnnxEncoder(tmp_path, 2, Adapters(adapter, adapter))
    for update in updates.values():
        update.scale *= 0.5
    for kind in KINDS:
        prefix = QUERY_INSTRUCTION if kind == "query" else ""
        ids, mask = pad(encoder.bert(kind).tokenize([prefix + text for text in TEXTS]))
        with torch.inference_mode():
            states = bert(
                input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)
            ).last_hidden_state
            expected = torch.nn.functional.normalize(states[:, 0], dim=-1).numpy()
        vectors = encoder.encode(TEXTS, kind=kind)
        np.testing.assert_allclose(vectors, expected, atol=5e-6)  # as in test_encoder_torch
        assert np.abs(vectors - plain.encode(TEXTS, kind=kind)).max() > 0.01


class _Session:
    """Stands in for `OnnxBert`; loading takes a while and is counted."""

    def __init__(self, loads: list[Adapter | None], adapter: Adapter | None) -> None:
        loads.append(adapter)
        time.sleep(0.05)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Adapter | None]:
    """Return the adapters that sessions were loaded with, in order of loading."""
    seen: list[Adapter | None] = []
    monkeypatch.setattr(encoder_module, "require", lambda _: None)
    monkeypatch.setattr(
        encoder_module, "OnnxBert", lambda _folder, _threads, adapter: _Session(seen, adapter)
    )
    return seen


@pytest.mark.parametrize("model", [MODEL.sha256, "0" * 64])
def test_a_session_is_loaded_when_it_is_used(
    loads: list[Adapter | None], tmp_path: Path, model: str
) -> None:
    passage, query = Adapter("p", model, ()), Adapter("q", model, ())
    encoder = OnnxEncoder(tmp_path, adapters=Adapters(passage, query))
    assert loads == []
    assert encoder.bert("query") is encoder.bert("query")
    fits = model == MODEL.sha256
    assert loads == [query if fits else None]  # who only asks embeds no passages
    assert (encoder.bert("passage") is encoder.bert("query")) is not fits
    assert loads == ([query, passage] if fits else [None])


def test_read_alike_they_share_a_session(loads: list[Adapter | None], tmp_path: Path) -> None:
    both = Adapter("a", MODEL.sha256, ())
    encoder = OnnxEncoder(tmp_path, adapters=Adapters(both, both))
    assert encoder.bert("query") is encoder.bert("passage")
    assert loads == [both]


def test_threads_load_the_session_once(loads: list[Adapter | None], tmp_path: Path) -> None:
    encoder = OnnxEncoder(tmp_path, adapters=Adapters(query=Adapter("a", MODEL.sha256, ())))
    got: list[OnnxBert] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        got.append(encoder.bert("query"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(loads) == 1
    assert len(got) == 8
    assert all(session is got[0] for session in got)


# --- the updated model as a file ---


def test_the_updated_model_is_kept_beside_the_published_one(tmp_path: Path) -> None:
    source = tmp_path / MODEL.name
    source.write_bytes(bytes(2 * 3 * 4))
    adapter = Adapter("a", "m", (_update(),))
    older = [tmp_path / f"updated-{digit * 12}.onnx" for digit in "01"]
    for age, path in enumerate(older):
        path.write_bytes(b"")
        os.utime(path, (age, age))
    kept = adapter.applied_file(source)
    assert kept is not None
    assert kept.read_bytes() == adapter.applied(source.read_bytes())
    # One for questions and one for passages are in use; what is older is of another version.
    assert [path.exists() for path in older] == [False, True]
    before = kept.stat().st_mtime_ns
    assert adapter.applied_file(source) == kept
    assert kept.stat().st_mtime_ns == before
    kept.write_bytes(b"half")  # a file of another size is made anew
    assert adapter.applied_file(source) == kept
    assert kept.read_bytes() == adapter.applied(source.read_bytes())
    assert Adapter("a", "m", (_update(columns=2),)).digest != adapter.digest


def _flip(path: Path, *, quietly: bool = False) -> None:
    """Turn one bit in the middle; quietly: as a bad disk does, under the old time."""
    stat, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    if quietly:
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    else:
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))  # clocks of disks are coarse


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Adapter, Path, Path]:
    """Return an adapter, its model file and the updated file that is kept."""
    source = tmp_path / MODEL.name
    source.write_bytes(bytes(2 * 3 * 4))
    adapter = Adapter("a", "m", (_update(),))
    made = adapter.applied_file(source)
    assert made is not None
    return adapter, source, made


def test_a_kept_file_with_a_flipped_bit_is_made_anew(kept: tuple[Adapter, Path, Path]) -> None:
    adapter, source, made = kept
    _flip(made)
    assert made.stat().st_size == source.stat().st_size
    assert adapter.applied_file(source) == made
    assert made.read_bytes() == adapter.applied(source.read_bytes())


def test_a_bit_that_turned_under_the_old_time_is_found_by_reading_all(
    kept: tuple[Adapter, Path, Path],
) -> None:
    adapter, source, made = kept
    assert intact(made)
    _flip(made, quietly=True)
    assert adapter.applied_file(source) == made  # a start does not read it
    assert not intact(made)


def test_a_good_kept_file_is_not_read_again_and_a_copied_one_is_read_once(
    kept: tuple[Adapter, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter, source, made = kept
    read: list[Path] = []

    def reading(path: Path) -> str:
        read.append(path)
        return sha256_of(path)

    monkeypatch.setattr("index.marked.sha256_of", reading)
    before = made.stat()
    adapter.applied_file(source)
    assert read == []
    os.utime(made, ns=(before.st_atime_ns, before.st_mtime_ns + 1))  # copied, unpacked, restored
    adapter.applied_file(source)
    adapter.applied_file(source)
    assert read == [made]
    assert made.stat().st_ino == before.st_ino  # and not made anew


@pytest.mark.parametrize("mark", ["", "[1]", "{}", None])
def test_a_kept_file_without_a_mark_is_made_anew(
    kept: tuple[Adapter, Path, Path], mark: str | None
) -> None:
    """As one is that an earlier version made."""
    adapter, source, made = kept
    _flip(made)
    beside = made.with_name(made.name + ".sha256.json")
    beside.unlink()
    if mark is not None:
        beside.write_text(mark, encoding="utf-8")
    adapter.applied_file(source)
    assert made.read_bytes() == adapter.applied(source.read_bytes())
    assert intact(made)


def test_where_nothing_can_be_written_there_is_no_file(tmp_path: Path) -> None:
    source = tmp_path / MODEL.name
    source.write_bytes(bytes(2 * 3 * 4))
    adapter = Adapter("a", "m", (_update(),))
    (tmp_path / f"updated-{adapter.digest}.onnx").mkdir()  # in the way, also for root
    assert adapter.applied_file(source) is None
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [MODEL.name]


@pytest.mark.model
def test_a_damaged_kept_file_is_not_served(tmp_path: Path) -> None:
    """Bytes that are no model, at the right size: the update is applied anew."""
    from index.model import model_dir, status

    if not status(model_dir()).ready:
        pytest.skip("the model is not there")
    for file in MODEL_FILES:
        (tmp_path / file.name).symlink_to(model_dir() / file.name)
    adapter = shipped().query
    assert adapter is not None
    damaged = tmp_path / f"updated-{adapter.digest}.onnx"
    write_marked(damaged, bytes(MODEL.size))  # what was written, and yet nothing that loads
    encoder, expected = OnnxEncoder(tmp_path, None, shipped()), load_encoder(None, model_dir())
    vectors = encoder.encode(TEXTS, kind="query")
    np.testing.assert_allclose(vectors, expected.encode(TEXTS, kind="query"), atol=1e-6)
    assert not damaged.exists()
