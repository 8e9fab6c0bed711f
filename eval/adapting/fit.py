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
from torch.nn.functional import binary_cross_entropy_with_logits, normalize
from transformers import BertModel

from eval.adapting.lora import LowRank, load_updatable
from eval.adapting.matching import Matching, Tokens
from eval.adapting.questions import Asked, City
from index.encoder import QUERY_INSTRUCTION
from index.onnx_bert import pad

Report = Callable[[str], None]
_CONTEXT_SHARE = 0.35  # of the questions with an earlier one, so many are read together with it
_SENTENCES = 3  # of a passage that are read: the nearest to the question
_LONGEST = 256  # tokens of a sentence that are read
_HARD = 14  # wrong passages that the others are drawn from
_AT_ONCE = 256  # texts embedded together
_HEAD_RATE = 1e-3
_WRONG_WEIGHT = 0.3  # of all wrong passages of a question: some of them answer, unmarked


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the update is fitted; ``temperature`` divides cosines before the softmax.

    ``wrong``: passages beside the right one; ``schedule``: epochs that the rate is planned for,
    at least ``epochs``.
    """

    rank: int = 16
    epochs: int = 2
    schedule: int = 3
    rate: float = 3e-4
    batch: int = 64
    wrong: int = 6
    temperature: float = 0.05
    seed: int = 0


class Fitting:
    """The encoder, its updates and the head while they are fitted. Not for threads."""

    def __init__(self, model: Path, tokenizer: Tokenizer, recipe: Recipe) -> None:
        """Load everything to the GPU where there is one: two cores take hours."""
        torch.manual_seed(recipe.seed)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.bert, self.updates = load_updatable(model, recipe.rank)
        nn.Module.to(self.bert, self.device)
        self.head = Matching().to(self.device)
        self.tokenizer, self.recipe = tokenizer, recipe
        self.instruction = len(tokenizer.encode(QUERY_INSTRUCTION).ids) - 1
        self.shuffle = random.Random(recipe.seed)

    def states(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Return the last hidden states (n, tokens, 512) and the mask of token ids."""
        ids, mask = (torch.from_numpy(array).to(self.device) for array in pad(rows))
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            found = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        return found.float(), mask

    def question_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return token ids of questions, with the instruction."""
        found = self.tokenizer.encode_batch([QUERY_INSTRUCTION + text for text in texts])
        return [encoding.ids for encoding in found]

    @torch.no_grad()
    def embed(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """Return unit vectors, float32 (n, 512), without learning from them."""
        self.bert.train(False)
        order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
        vectors = torch.zeros(len(rows), 512, device=self.device)
        for start in range(0, len(order), _AT_ONCE):
            batch = order[start : start + _AT_ONCE]
            states, _ = self.states([rows[number] for number in batch])
            vectors[batch] = normalize(states[:, 0], dim=-1)
        return vectors

    def hard(self, city: City, vectors: Tensor) -> list[list[int]]:
        """Return, for each question of a city, wrong passages: the best by words, by vectors."""
        scores = city.scores(
            vectors, self.embed(self.question_ids([q.text for q in city.questions]))
        )
        found = []
        for asked, row in zip(city.questions, scores, strict=True):
            top = torch.topk(_within(row, asked), min(20, city.passages)).indices.tolist()
            wrong = dict.fromkeys((*asked.near, *top))
            allowed = range(city.passages) if asked.allowed is None else set(asked.allowed)
            found.append([n for n in wrong if n in allowed and n not in asked.right])
        return found

    def loss(
        self, city: City, vectors: Tensor, batch: Sequence[Asked], hard: Sequence[Sequence[int]]
    ) -> Tensor:
        """Return the mean loss of some questions of one city.

        :param vectors: of all its units, as they were at the start of the epoch.
        """
        states, mask = self.states(
            self.question_ids([spoken(asked, self.shuffle) for asked in batch])
        )
        own = normalize(states[:, 0], dim=-1)
        questions = self.head.read_questions(states, mask, self.instruction)
        listed = [self._listed(asked, wrong) for asked, wrong in zip(batch, hard, strict=True)]
        owners = [number for number, rows in enumerate(listed) for _ in rows]
        chosen = [
            nearest(city, vectors, own[number].detach(), row)
            for number, rows in enumerate(listed)
            for row in rows
        ]
        passages, cosines = self._passages(city, chosen, own, owners)
        at = torch.tensor(owners, device=self.device)
        scores, verdicts = self.head(questions.at(at), passages, cosines)
        stale = city.scores(vectors, own)
        total = torch.zeros((), device=self.device)
        for number, (asked, rows) in enumerate(zip(batch, listed, strict=True)):
            mine = at == number
            if asked.right:
                others = _others(stale[number], asked, rows)
                total = total + first_wins(
                    torch.cat([cosines[mine], others]), self.recipe.temperature
                )
                total = total + first_wins(scores[mine], self.recipe.temperature)
                total = total + first_wins(verdicts[mine], 1.0)
            total = total + judged(verdicts[mine], answered=bool(asked.right))
        return total / len(batch)

    def _listed(self, asked: Asked, wrong: Sequence[int]) -> list[int]:
        """Return passages to score: a right one first, the two nearest wrong ones, some others."""
        count = self.recipe.wrong if asked.right else 4
        rest = list(wrong[2:_HARD])
        drawn = self.shuffle.sample(rest, min(max(0, count - 2), len(rest)))
        right = [self.shuffle.choice(asked.right)] if asked.right else []
        return [*right, *wrong[:2], *drawn]

    def _passages(
        self, city: City, chosen: Sequence[Sequence[int]], own: Tensor, owners: Sequence[int]
    ) -> tuple[Tokens, Tensor]:
        """Read the chosen sentences: their tokens side by side, and the best of their cosines."""
        units = sorted(
            {unit for group in chosen for unit in group}, key=lambda u: len(city.units[u])
        )
        tokens: dict[int, Tensor] = {}
        heads: dict[int, Tensor] = {}
        for start in range(0, len(units), _AT_ONCE):
            part = units[start : start + _AT_ONCE]
            states, mask = self.states([_shortened(city.units[unit]) for unit in part])
            rows, ends = self.head.read_passages(states), mask.sum(1).tolist()
            for number, unit in enumerate(part):
                tokens[unit] = rows[number, 1 : ends[number] - 1]
                heads[unit] = normalize(states[number, 0], dim=-1)
        joined = [torch.cat([tokens[unit] for unit in group]) for group in chosen]
        padded = nn.utils.rnn.pad_sequence(joined, batch_first=True)
        filled = nn.utils.rnn.pad_sequence(
            [torch.ones(len(rows), device=self.device) for rows in joined], batch_first=True
        )
        cosines = [
            (torch.stack([heads[unit] for unit in group]) @ own[owner]).max()
            for group, owner in zip(chosen, owners, strict=True)
        ]
        return Tokens(padded, filled), torch.stack(cosines)


def fit(
    model: Path, tokenizer: Tokenizer, corpora: Sequence[City], recipe: Recipe, report: Report
) -> tuple[BertModel, dict[str, LowRank]]:
    """Return the encoder and its fitted updates."""
    work = Fitting(model, tokenizer, recipe)
    learned = [p for update in work.updates.values() for p in (update.down, update.up)]
    groups = [
        {"params": learned, "lr": recipe.rate},
        {"params": list(work.head.parameters()), "lr": _HEAD_RATE},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = sum(ceil(len(city.questions) / recipe.batch) for city in corpora)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        [recipe.rate, _HEAD_RATE],
        total_steps=max(recipe.schedule, recipe.epochs) * steps + 1,
        pct_start=0.1,
    )
    for epoch in range(recipe.epochs):
        vectors = {city.name: work.embed(city.units) for city in corpora}
        hard = {city.name: work.hard(city, vectors[city.name]) for city in corpora}
        work.bert.train()
        losses = []
        for city, numbers in batches_of(corpora, recipe.batch, work.shuffle):
            batch = [city.questions[number] for number in numbers]
            wrong = [hard[city.name][number] for number in numbers]
            loss = work.loss(city, vectors[city.name], batch, wrong)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*learned, *work.head.parameters()], 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        report(f"第 {epoch + 1} 轮，平均损失 {sum(losses) / len(losses):.3f}")
    work.bert.train(False)
    return work.bert.cpu(), work.updates


def first_wins(scores: Tensor, temperature: float) -> Tensor:
    """Return minus the log share that the first of the scores (n,) takes of all."""
    sharp = scores / temperature
    return torch.logsumexp(sharp, 0) - sharp[0]


def judged(verdicts: Tensor, *, answered: bool) -> Tensor:
    """Return the loss of verdicts (n,): the first passage answers, or none does."""
    if not answered:
        wanted = torch.full_like(verdicts, 0.02)
        return binary_cross_entropy_with_logits(verdicts, wanted)
    wanted = torch.zeros_like(verdicts)
    wanted[0] = 0.95
    weights = torch.full_like(verdicts, _WRONG_WEIGHT / max(1, len(verdicts) - 1))
    weights[0] = 1.0
    return binary_cross_entropy_with_logits(verdicts, wanted, weights, reduction="sum")


def nearest(city: City, vectors: Tensor, question: Tensor, row: int) -> tuple[int, ...]:
    """Return the sentences of a passage that are nearest to a question, in printed order."""
    units = city.sentences[row]
    if len(units) <= _SENTENCES:
        return units
    cosines = vectors[list(units)] @ question
    top = torch.topk(cosines, _SENTENCES).indices.tolist()
    return tuple(units[number] for number in sorted(top))


def _shortened(ids: list[int]) -> list[int]:
    """Return at most the longest number of tokens; the last stays [SEP]."""
    return ids if len(ids) <= _LONGEST else [*ids[: _LONGEST - 1], ids[-1]]


def _within(scores: Tensor, asked: Asked) -> Tensor:
    """Return the scores with those of passages that may not be chosen put last."""
    if asked.allowed is None:
        return scores
    lowest = torch.full_like(scores, -9.0)
    allowed = list(asked.allowed)
    lowest[allowed] = scores[allowed]
    return lowest


def _others(scores: Tensor, asked: Asked, listed: Sequence[int]) -> Tensor:
    """Return the scores of the wrong passages that are not listed."""
    kept = torch.ones(len(scores), dtype=torch.bool, device=scores.device)
    if asked.allowed is not None:
        kept[:] = False
        kept[list(asked.allowed)] = True
    kept[[*asked.right, *listed]] = False
    return scores[kept]


def spoken(asked: Asked, shuffle: random.Random) -> str:
    """Return the text of a question, now and then with the earlier one it leans on."""
    joined = asked.context and shuffle.random() < _CONTEXT_SHARE
    return f"{asked.context}，{asked.text}" if joined else asked.text


def batches_of(
    corpora: Sequence[City], size: int, shuffle: random.Random
) -> list[tuple[City, list[int]]]:
    """Return the questions of every city in batches, by number, all of them shuffled."""
    batches = []
    for city in corpora:
        numbers = list(range(len(city.questions)))
        shuffle.shuffle(numbers)
        batches += [(city, numbers[i : i + size]) for i in range(0, len(numbers), size)]
    shuffle.shuffle(batches)
    return batches
