"""What ``tiaowen eval adapt`` does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

import torch
from torch import nn

from eval.adapting.fit import Fitting, Recipe, fit
from eval.adapting.lora import LowRank, to_adapter
from eval.adapting.questions import City, cities
from eval.engine import Setup
from eval.training_set import TRAIN
from index import adapter, model
from index.onnx_bert import OnnxBert

STRENGTH = 0.5  # share of the fitted update that is kept: less of it generalises; docs/adr/0005
FILE = Path(adapter.__file__).parent / adapter.FILE


def adapt(
    out: Path, recipe: Recipe, setup: Setup, report: Callable[[str], None] = lambda _: None
) -> dict[str, float]:
    """Fit on every city, write the adapter, and tell how many questions find their clause.

    :return: share of training questions whose clause comes first, before and after.
    """
    folder = model.model_dir(setup.model_dir)
    bert = OnnxBert(folder)
    corpora = tuple(cities(bert))
    file = folder / model.MODEL_FILES[1].name
    work = Fitting(file, bert.tokenizer, recipe)
    before = hit_at_one(work, corpora)
    work.bert, updates = fit(file, bert.tokenizer, corpora, recipe, report)
    made = to_adapter(file, "", updates, STRENGTH)
    name = sha256(f"{sorted(asdict(recipe).items())}|{made.digest}".encode() + TRAIN.read_bytes())
    # By what came out: the same recipe gives other weights on another machine.
    replace(made, name=name.hexdigest()[:12]).save(out)
    for update in updates.values():
        update.scale = LowRank.SCALE * STRENGTH
    nn.Module.to(work.bert, work.device)
    return {"before": before, "after": hit_at_one(work, corpora)}


def hit_at_one(work: Fitting, corpora: Sequence[City]) -> float:
    """Share of questions whose best passage by cosine is a right one."""
    hits = total = 0
    with torch.no_grad():
        for city in corpora:
            asked = [question for question in city.questions if question.right]
            questions = work.embed(work.question_ids([question.text for question in asked]))
            scores = city.scores(work.embed(city.units), questions)
            for row, question in zip(scores.tolist(), asked, strict=True):
                allowed = question.allowed or tuple(range(city.passages))
                hits += max(allowed, key=row.__getitem__) in question.right
                total += 1
    return hits / total
