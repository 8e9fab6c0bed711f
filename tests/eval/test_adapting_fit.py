"""Training of the update: a small fit from end to end, and the way into the model file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from eval.adapting.asking import _loss, fit_questions
from eval.adapting.fit import Fitting, Recipe, fit
from eval.adapting.lora import LowRank, load_updatable, to_adapter
from eval.adapting.questions import Asked, City
from index.encoder import QUERY_INSTRUCTION, OnnxEncoder
from index.model import MODEL_FILES
from index.onnx_bert import OnnxBert


@pytest.fixture(scope="module")
def model_file(model_folder: Path) -> Path:
    return model_folder / MODEL_FILES[1].name


# --- a small fit from end to end ---

_CLAUSES = (
    "鲤城区:居住证持有人可以申请子女入学。", "鲤城区:用人单位应当依法缴纳社会保险费。",
    "鲤城区:公租房每两年复核一次收入。", "鲤城区:高温津贴按月发放。",
)  # fmt: skip
_ASKED = (
    Asked("娃上学要啥", "", (0,), (1,), None), Asked("房子啥时候再查", "", (2,), (3,), (1, 2, 3)),
    Asked("天热有钱拿吗", "在工地干活", (3,), (), None), Asked("能养狗吗", "", (), (2,), None),
)  # fmt: skip


@pytest.fixture(scope="module")
def small(model_folder: Path) -> tuple[OnnxBert, City]:
    """Four clauses of one sentence each, and a question without an answer among four."""
    bert = OnnxBert(model_folder, 2)
    units = tuple(bert.tokenize([*_CLAUSES, *_CLAUSES]))
    owner = torch.tensor([0, 1, 2, 3] * 2)
    return bert, City("小", units, owner, ((4,), (5,), (6,), (7,)), _ASKED)


def test_the_instruction_is_masked_and_the_question_is_not(
    small: tuple[OnnxBert, City], model_file: Path
) -> None:
    bert, _ = small
    work = Fitting(model_file, bert.tokenizer, Recipe(rank=2))
    texts = ["天热有钱拿吗", "公租房"]
    states, mask = work.states(work.question_ids(texts))
    read = work.head.read_questions(states, mask, work.instruction)
    for text, row in zip(texts, read.mask, strict=True):
        ids = bert.tokenizer.encode(QUERY_INSTRUCTION + text).ids
        kept = [ids[place] for place in row.nonzero().flatten().tolist()]
        assert kept == bert.tokenizer.encode(text).ids[1:-1]


def test_before_the_first_step_vectors_are_the_published_ones(
    small: tuple[OnnxBert, City], model_file: Path, model_folder: Path
) -> None:
    bert, city = small
    work = Fitting(model_file, bert.tokenizer, Recipe(rank=2))
    published = OnnxEncoder(model_folder, 2)
    got = work.embed(work.question_ids([asked.text for asked in city.questions])).cpu().numpy()
    expected = published.encode([asked.text for asked in city.questions], kind="query")
    tolerance = 5e-6 if work.device.type == "cpu" else 2e-2  # half precision on a GPU

    np.testing.assert_allclose(got, expected, atol=tolerance)
    vectors = work.embed(city.units).cpu().numpy()
    np.testing.assert_allclose(vectors[:4], published.encode(_CLAUSES), atol=tolerance)


def test_wrong_passages_are_allowed_ones_and_words_come_first(
    small: tuple[OnnxBert, City], model_file: Path
) -> None:
    bert, city = small
    work = Fitting(model_file, bert.tokenizer, Recipe(rank=2))
    hard = work.hard(city, work.embed(city.units))

    assert [set(rows) for rows in hard] == [{1, 2, 3}, {1, 3}, {0, 1, 2}, {0, 1, 2, 3}]
    assert [rows[0] for rows in (hard[0], hard[1], hard[3])] == [1, 3, 2]
    listed = [work._listed(asked, rows) for asked, rows in zip(_ASKED, hard, strict=True)]
    assert [rows[0] for rows in listed[:3]] == [0, 2, 3]
    assert all(len(set(rows)) == len(rows) for rows in listed)


def test_fitting_lowers_the_loss(small: tuple[OnnxBert, City], model_file: Path) -> None:
    bert, city = small
    recipe = Recipe(rank=4, epochs=6, schedule=3, rate=2e-3, batch=2)
    told: list[str] = []
    model, updates = fit(model_file, bert.tokenizer, [city], recipe, told.append)
    losses = [float(line.rsplit(" ", 1)[1]) for line in told]

    assert len(losses) == 6  # more epochs than the rate was planned for are no error
    assert losses[-1] < 0.8 * losses[0]
    assert not model.training
    assert all(update.up.abs().max() > 0 for update in updates.values())
    assert all(not p.requires_grad for u in updates.values() for p in u.linear.parameters())


def test_questions_are_fitted_against_passages_that_stay(
    small: tuple[OnnxBert, City], model_file: Path, model_folder: Path
) -> None:
    bert, city = small
    vectors = {city.name: torch.from_numpy(OnnxEncoder(model_folder, 2).encode(_CLAUSES * 2))}
    before = vectors[city.name].clone()
    recipe = Recipe(rank=4, epochs=6, schedule=3, rate=2e-3, batch=2)
    runs: list[dict[str, LowRank]] = []
    told: list[str] = []
    for _ in range(2):
        told.clear()
        runs.append(fit_questions(model_file, bert.tokenizer, [city], vectors, recipe, told.append))
    losses = [float(line.rsplit(" ", 1)[1]) for line in told]

    assert len(losses) == 6
    assert losses[-1] < 0.8 * losses[0]
    assert torch.equal(vectors[city.name], before)
    for first, second in zip(*(run.values() for run in runs), strict=True):
        torch.testing.assert_close(first.up, second.up, atol=1e-4, rtol=1e-3)


def test_the_loss_is_the_share_of_the_right_among_those_allowed() -> None:
    scores = torch.tensor([[0.9, 0.5, 0.1, 0.3]])
    free = Asked("问", "", (1, 3), (), None)
    held = Asked("问", "", (1,), (), (2, 3))

    all_four = torch.logsumexp(scores[0] / 0.5, 0) - torch.logsumexp(scores[0, [1, 3]] / 0.5, 0)
    assert _loss(scores, [free], 0.5).item() == pytest.approx(all_four.item(), abs=1e-6)
    # The right one counts although it is out of scope, and what is out of scope does not.
    three = torch.logsumexp(scores[0, [1, 2, 3]] / 0.5, 0) - scores[0, 1] / 0.5
    assert _loss(scores, [held], 0.5).item() == pytest.approx(three.item(), abs=1e-6)
    both = _loss(scores.repeat(2, 1), [free, held], 0.5).item()
    assert both == pytest.approx((all_four.item() + three.item()) / 2, abs=1e-6)


# --- the way into the model file ---


@pytest.fixture(scope="module")
def updates(model_file: Path) -> dict[str, LowRank]:
    """Updates as if they had been fitted: the second factor is not zero."""
    found = load_updatable(model_file, rank=2)[1]
    for number, update in enumerate(found.values()):
        torch.nn.init.normal_(update.up, generator=torch.Generator().manual_seed(number))
    return found


def test_an_update_of_no_strength_changes_nothing(
    model_file: Path, updates: dict[str, LowRank]
) -> None:
    data = model_file.read_bytes()

    assert to_adapter(model_file, "t", updates, 0.0).applied(data) == data
    assert to_adapter(model_file, "t", updates, 1.0).applied(data) != data


def test_every_weight_is_found_once(model_file: Path, updates: dict[str, LowRank]) -> None:
    """Where an update goes stands the weight of the layer it was fitted for, and no other goes."""
    data = model_file.read_bytes()
    taken = []
    for update, place in zip(
        updates.values(), to_adapter(model_file, "t", updates, 1.0).updates, strict=True
    ):
        inputs, outputs = update.linear.in_features, update.linear.out_features
        values = np.frombuffer(data, "<f4", inputs * place.columns, place.offset)
        weight = values.reshape(inputs, place.columns)[:, place.first : place.first + outputs]
        np.testing.assert_array_equal(weight, update.linear.weight.numpy().T)
        np.testing.assert_allclose(place.up, update.SCALE * update.up.detach().numpy())
        taken.append((place.offset, place.first))
    assert len(set(taken)) == len(taken) == 4 * 6  # layers; query, key, value, and three dense


def test_a_weight_that_stands_twice_is_refused(
    model_file: Path, updates: dict[str, LowRank], tmp_path: Path
) -> None:
    model = onnx.load(str(model_file))
    nodes = {node.name: node for node in model.graph.node}
    name = nodes["/encoder/layer.0/attention/output/dense/MatMul"].input[1]
    copy = model.graph.initializer.add()
    copy.CopyFrom(next(t for t in model.graph.initializer if t.name == name))
    copy.name = "copy"
    onnx.save(model, str(tmp_path / "twice.onnx"))

    with pytest.raises(ValueError, match="does not stand exactly once"):
        to_adapter(tmp_path / "twice.onnx", "t", updates, 1.0)
