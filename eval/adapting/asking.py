"""Fit the update of questions, against passages whose vectors stay as they are.

Fitted for both sides at once, an update pulls questions towards the words of its training
questions and other residents' words suffer. Questions are therefore fitted alone, after the
passages: every clause of a corpus is a wrong one beside the right one.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import normalize

from eval.adapting.fit import Recipe, Report, batches_of, spoken
from eval.adapting.lora import LowRank, load_updatable
from eval.adapting.questions import Asked, City
from index.encoder import QUERY_INSTRUCTION
from index.onnx_bert import pad

QUESTIONS = Recipe(rank=8, epochs=2, schedule=3, batch=32)


def fit_questions(
    model: Path,
    tokenizer: Tokenizer,
    corpora: Sequence[City],
    vectors: Mapping[str, Tensor],
    recipe: Recipe,
    report: Report,
) -> dict[str, LowRank]:
    """Return the fitted updates; on one number of threads the same ones every time.

    :param vectors: by city, of all its units, float32 (units, dim), unit rows.
    """
    torch.manual_seed(recipe.seed)
    shuffle = random.Random(recipe.seed)
    bert, updates = load_updatable(model, recipe.rank)
    learned = [p for update in updates.values() for p in (update.down, update.up)]
    asked = [replace(c, questions=tuple(q for q in c.questions if q.right)) for c in corpora]
    steps = sum(ceil(len(city.questions) / recipe.batch) for city in asked)
    optimiser = torch.optim.AdamW(learned, lr=recipe.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        recipe.rate,
        total_steps=max(recipe.schedule, recipe.epochs) * steps + 1,
        pct_start=0.1,
    )
    for epoch in range(recipe.epochs):
        losses = []
        for city, numbers in batches_of(asked, recipe.batch, shuffle):
            batch = [city.questions[number] for number in numbers]
            rows = _embed(bert, tokenizer, [spoken(one, shuffle) for one in batch])
            loss = _loss(city.scores(vectors[city.name], rows), batch, recipe.temperature)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        report(f"提问第 {epoch + 1} 轮，平均损失 {sum(losses) / len(losses):.3f}")
    return updates


def _embed(bert: nn.Module, tokenizer: Tokenizer, texts: Sequence[str]) -> Tensor:
    """Unit vectors of questions, float32 (n, dim), as `OnnxEncoder` computes them."""
    found = tokenizer.encode_batch([QUERY_INSTRUCTION + text for text in texts])
    ids, mask = (torch.from_numpy(array) for array in pad([encoding.ids for encoding in found]))
    states: Tensor = bert(input_ids=ids, attention_mask=mask).last_hidden_state
    return normalize(states[:, 0], dim=-1)


def _loss(scores: Tensor, batch: Sequence[Asked], temperature: float) -> Tensor:
    """Minus the log share that the right passages take of all that may be chosen, on average."""
    losses = []
    for row, asked in zip(scores / temperature, batch, strict=True):
        right = list(asked.right)
        rows = None if asked.allowed is None else sorted({*asked.allowed, *right})
        choices = row if rows is None else row[rows]
        losses.append(torch.logsumexp(choices, 0) - torch.logsumexp(row[right], 0))
    return torch.stack(losses).mean()
