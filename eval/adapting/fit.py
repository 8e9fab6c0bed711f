"""Fit the update: the clause that answers must come first among all clauses of its corpus."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import normalize
from transformers import BertModel

from eval.adapting.lora import LowRank, load_updatable
from eval.adapting.questions import Asked, City
from index.encoder import QUERY_INSTRUCTION
from index.onnx_bert import pad

Report = Callable[[str], None]
CONTEXT_SHARE = 0.3  # of the questions with an earlier one, so many are read together with it


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the update is fitted; ``temperature`` divides cosines before the softmax."""

    rank: int = 8
    epochs: int = 2
    rate: float = 3e-4
    batch: int = 32
    temperature: float = 0.05
    seed: int = 0


def embed(bert: BertModel, tokenizer: Tokenizer, texts: Sequence[str]) -> Tensor:
    """Unit vectors of questions, float32 (n, dim), as `OnnxEncoder` computes them."""
    rows = [
        encoding.ids for encoding in tokenizer.encode_batch([QUERY_INSTRUCTION + t for t in texts])
    ]
    ids, mask = pad(rows)
    output = bert(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))
    first: Tensor = output.last_hidden_state[:, 0]
    return normalize(first, dim=-1)


def fit(
    model: Path, tokenizer: Tokenizer, corpora: Sequence[City], recipe: Recipe, report: Report
) -> tuple[BertModel, dict[str, LowRank]]:
    """Return the encoder and its fitted updates; deterministic for one number of threads."""
    torch.manual_seed(recipe.seed)
    shuffle = random.Random(recipe.seed)
    bert, updates = load_updatable(model, recipe.rank)
    learned = [p for update in updates.values() for p in (update.down, update.up)]
    steps = recipe.epochs * sum(ceil(len(c.questions) / recipe.batch) for c in corpora)
    optimiser = torch.optim.AdamW(learned, lr=recipe.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.rate, total_steps=steps + 1, pct_start=0.1
    )
    for epoch in range(recipe.epochs):
        losses = []
        for city, batch in _batches(corpora, recipe.batch, shuffle):
            vectors = embed(bert, tokenizer, [_text(asked, shuffle) for asked in batch])
            loss = _loss(city, batch, vectors, recipe.temperature)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        report(f"第 {epoch + 1} 轮，平均损失 {sum(losses) / len(losses):.3f}")
    return bert, updates


def _text(asked: Asked, shuffle: random.Random) -> str:
    if asked.context and shuffle.random() < CONTEXT_SHARE:
        return f"{asked.context}，{asked.text}"
    return asked.text


def _batches(
    corpora: Sequence[City], size: int, shuffle: random.Random
) -> list[tuple[City, list[Asked]]]:
    batches = []
    for city in corpora:
        questions = list(city.questions)
        shuffle.shuffle(questions)
        batches += [(city, questions[i : i + size]) for i in range(0, len(questions), size)]
    shuffle.shuffle(batches)
    return batches


def _loss(city: City, batch: Sequence[Asked], vectors: Tensor, temperature: float) -> Tensor:
    """Minus the log share that the right passages take of all that may be chosen."""
    scores = city.scores(vectors) / temperature
    losses = []
    for row, asked in zip(scores, batch, strict=True):
        choices = row if asked.allowed is None else row[list(asked.allowed)]
        right = torch.logsumexp(row[list(asked.right)], 0)
        losses.append(torch.logsumexp(choices, 0) - right)
    return torch.stack(losses).mean()
