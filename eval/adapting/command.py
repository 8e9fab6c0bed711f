"""What ``tiaowen eval adapt`` does: fit passages, then questions against them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

import torch
from torch import Tensor

from eval.adapting.asking import fit_questions
from eval.adapting.fit import Recipe, fit
from eval.adapting.lora import LowRank, to_adapter
from eval.adapting.questions import City, cities, home
from eval.engine import Setup
from eval.training_set import HOME, TRAIN
from index import adapter, model
from index.adapter import FILES, Adapter, Adapters, Kind
from index.encoder import OnnxEncoder, batches, unit
from index.onnx_bert import OnnxBert, pad

# Share of a fitted update that is kept: less of it generalises; docs/adr/0005.
STRENGTH: Mapping[Kind, float] = {"passage": 0.5, "query": 0.75}
FOLDER = Path(adapter.__file__).parent
Report = Callable[[str], None]


def adapt(
    out: Path, passages: Recipe, questions: Recipe, setup: Setup, report: Report = lambda _: None
) -> dict[str, float]:
    """Fit on every city and write both adapters into a folder.

    Questions are fitted on those about the five documents as well.

    :param passages: no epochs keep the update of passages that is shipped.
    :return: share of training questions whose clause comes first, before and after.
    """
    folder = model.model_dir(setup.model_dir)
    bert = OnnxBert(folder)
    corpora = tuple(cities(bert))
    file = folder / model.MODEL_FILES[1].name
    out.mkdir(parents=True, exist_ok=True)
    if passages.epochs:
        _, updates = fit(file, bert.tokenizer, corpora, passages, report)
        passage: Adapter | None = _save(out, "passage", file, updates, passages, [TRAIN])
    else:
        passage = adapter.shipped().passage
    corpora = (*corpora, *home(bert))
    vectors = _vectors(folder, Adapters(passage), corpora)
    updates = fit_questions(file, bert.tokenizer, corpora, vectors, questions, report)
    query = _save(out, "query", file, updates, questions, [TRAIN, HOME])
    published = _vectors(folder, Adapters(), corpora)
    return {
        "before": hit_at_one(OnnxEncoder(folder), published, corpora),
        "after": hit_at_one(OnnxEncoder(folder, None, Adapters(passage, query)), vectors, corpora),
    }


def _save(
    out: Path,
    kind: Kind,
    file: Path,
    updates: dict[str, LowRank],
    recipe: Recipe,
    data: Sequence[Path],
) -> Adapter:
    """Write an update, named by what came out: a recipe gives others on another machine.

    :param data: the files of questions it was fitted on.
    """
    made = to_adapter(file, "", updates, STRENGTH[kind])
    told = f"{sorted(asdict(recipe).items())}|{made.digest}".encode()
    name = sha256(told + b"".join(path.read_bytes() for path in data)).hexdigest()[:12]
    replace(made, name=name).save(out / FILES[kind])
    return Adapter.load(out / FILES[kind])  # rounded to half precision


def _vectors(folder: Path, adapters: Adapters, corpora: Sequence[City]) -> dict[str, Tensor]:
    """Vectors of all units of every city, as an index holds them."""
    bert = OnnxEncoder(folder, None, adapters).bert("passage")
    found = {}
    for city in corpora:
        vectors = torch.zeros(len(city.units), bert.dim)
        for batch in batches([len(ids) for ids in city.units]):
            ids, mask = pad([city.units[number] for number in batch])
            vectors[batch] = torch.from_numpy(unit(bert.hidden(ids, mask)[:, 0]))
        found[city.name] = vectors
    return found


def hit_at_one(
    encoder: OnnxEncoder, vectors: Mapping[str, Tensor], corpora: Sequence[City]
) -> float:
    """Share of questions whose best passage by cosine is a right one."""
    hits = total = 0
    for city in corpora:
        asked = [question for question in city.questions if question.right]
        rows = torch.from_numpy(encoder.encode([q.text for q in asked], kind="query"))
        for row, question in zip(
            city.scores(vectors[city.name], rows).tolist(), asked, strict=True
        ):
            allowed = question.allowed or tuple(range(city.passages))
            hits += max(allowed, key=row.__getitem__) in question.right
            total += 1
    return hits / total
