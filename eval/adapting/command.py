"""What ``tiaowen eval adapt`` does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from eval.adapting.fit import Recipe, embed, fit
from eval.adapting.lora import LowRank, to_adapter
from eval.adapting.questions import City, cities
from eval.engine import Setup
from eval.training_set import TRAIN
from index import adapter, model
from index.encoder import OnnxEncoder

STRENGTH = 0.5  # share of the fitted update that is kept: less of it generalises; docs/adr/0003
FILE = Path(adapter.__file__).parent / adapter.FILE
_CHUNK = 64


def adapt(
    out: Path, recipe: Recipe, setup: Setup, report: Callable[[str], None] = lambda _: None
) -> dict[str, float]:
    """Fit on every city, write the adapter, and tell how many questions find their clause.

    :return: share of training questions whose clause comes first, before and after.
    """
    folder = model.model_dir(setup.model_dir)
    corpora = tuple(cities(setup))
    tokenizer = OnnxEncoder(folder).bert().tokenizer
    file = folder / model.MODEL_FILES[1].name
    bert, updates = fit(file, tokenizer, corpora, recipe, report)
    name = sha256(f"{sorted(asdict(recipe).items())}|{STRENGTH}".encode() + TRAIN.read_bytes())
    to_adapter(file, name.hexdigest()[:12], updates, STRENGTH).save(out)
    shares = {}
    for title, strength in (("before", 0.0), ("after", STRENGTH)):
        for update in updates.values():
            update.scale = LowRank.SCALE * strength
        shares[title] = hit_at_one(bert, tokenizer, corpora)
    return shares


def hit_at_one(bert: BertModel, tokenizer: Tokenizer, corpora: Sequence[City]) -> float:
    """Share of questions whose best passage by cosine is a right one."""
    hits = total = 0
    with torch.no_grad():
        for city in corpora:
            for start in range(0, len(city.questions), _CHUNK):
                batch = city.questions[start : start + _CHUNK]
                scores = city.scores(embed(bert, tokenizer, [asked.text for asked in batch]))
                for row, asked in zip(scores, batch, strict=True):
                    allowed = asked.allowed or tuple(range(city.passages))
                    best = max(allowed, key=row.tolist().__getitem__)
                    hits += best in asked.right
                    total += 1
    return hits / total
