"""A head that is trained beside the encoder and then thrown away: it matches word by word.

The vector of a text is that of its first token. Asking in training that single tokens match as
well, and that a small network tells from the matches whether a passage answers, keeps the other
tokens' states meaningful, so that the update does not learn the training questions by heart.
Scores are the sum of the best matches of a question's tokens («late interaction», Khattab and
Zaharia 2020), here weighted by a learned importance.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

_HIDDEN = 512
_HEAD = 64  # numbers a token is matched by
_LOWEST = -1e4  # before a softmax: no share


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of texts for matching: unit rows (n, tokens, 64), mask (n, tokens), 1 for a token.

    ``share`` (n, tokens) adds up to 1 over the tokens of a question.
    """

    rows: Tensor
    mask: Tensor
    share: Tensor | None = None

    def at(self, numbers: Tensor) -> Tokens:
        """Return these texts, in this order."""
        share = None if self.share is None else self.share[numbers]
        return Tokens(self.rows[numbers], self.mask[numbers], share)


class Matching(nn.Module):
    """Scores of questions beside passages, from the states of their tokens."""

    def __init__(self) -> None:
        """Start with one projection for both sides."""
        super().__init__()
        self.question = nn.Linear(_HIDDEN, _HEAD, bias=False)
        self.passage = nn.Linear(_HIDDEN, _HEAD, bias=False)
        nn.init.orthogonal_(self.question.weight)
        self.passage.weight.data.copy_(self.question.weight.data)
        self.importance = nn.Linear(_HIDDEN, 1)
        self.sharpness = nn.Parameter(torch.tensor(2.3))
        self.judge = nn.Sequential(
            nn.Linear(4 * _HEAD + 2, 96), nn.GELU(), nn.Dropout(0.2), nn.Linear(96, 48), nn.GELU()
        )
        self.weigh = nn.Linear(48, 1)
        self.verdict = nn.Linear(48 + 3, 1)

    def read_questions(self, states: Tensor, mask: Tensor, first: int) -> Tokens:
        """Project the states of questions, float32 (n, tokens, 512).

        :param first: tokens of the instruction before the question, [CLS] among them; they and
            [SEP] are not matched.
        """
        mask = mask.clone().float()
        last = mask.sum(1).long() - 1
        mask[:, :first] = 0.0
        mask[torch.arange(len(mask), device=mask.device), last] = 0.0
        share = self.importance(states).squeeze(-1).masked_fill(mask == 0, _LOWEST).softmax(-1)
        return Tokens(normalize(self.question(states), dim=-1), mask, share)

    def read_passages(self, states: Tensor) -> Tensor:
        """Project the states of passages; unit rows."""
        return normalize(self.passage(states), dim=-1)

    def forward(
        self, questions: Tokens, passages: Tokens, cosines: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the matching score and the verdict (a logit) of each pair, both (n,).

        :param cosines: of the pairs' vectors, (n,).
        """
        assert questions.share is not None
        none = passages.mask[:, None] == 0
        match = torch.einsum("btd,bpd->btp", questions.rows, passages.rows).masked_fill(none, -1.0)
        best = match.max(-1).values
        score = (questions.share * best).sum(-1)
        attention = (match * self.sharpness.exp()).masked_fill(none, _LOWEST).softmax(-1)
        found = torch.einsum("btp,bpd->btd", attention, passages.rows)
        rows = questions.rows
        beside = [rows, found, rows * found, (rows - found).abs()]
        judged = self.judge(
            torch.cat([*beside, best[..., None], 5 * questions.share[..., None]], -1)
        )
        weight = self.weigh(judged).squeeze(-1).masked_fill(questions.mask == 0, _LOWEST)
        whole = (weight.softmax(-1)[..., None] * judged).sum(1)
        worst = best.masked_fill(questions.mask == 0, 1.0).min(-1).values
        extra = torch.stack([5 * score, 5 * cosines, worst], -1)
        return score, self.verdict(torch.cat([whole, extra], -1)).squeeze(-1)
