"""What the staff pages show of the evaluation; registered as an entry point (`qa.desk.bench`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from eval.caseset import load_cases
from eval.compare import Comparison, compare_runs
from eval.draft import draft_records
from eval.engine import Engine, fresh_home
from eval.errors import EvalError
from eval.measures import MEASURES
from eval.records import Record
from eval.report import html_report
from eval.report.content import Page, facts_about
from eval.runs import Run, read_run, write_run
from eval.score import OUTCOME_LABELS, CaseScore
from eval.session import Plan, run_cases
from eval.tables import scores_json, show_interval
from eval.types import Case
from index.encoder import Encoder
from qa.desk.bench import Measured, Report, Setting, Texts

# Those that say most to somebody who does not evaluate for a living; the report has them all.
_FIRST: Final = (
    "correct", "hit@1", "hit@5", "facts", "first_quote", "refusal_recall", "refusal_precision",
    "false_refusal", "fidelity", "latency_p50", "latency_p95",
)  # fmt: skip
_SHOWN: Final = ("correct", "hit@1", "hit@5", "facts", "refusal_recall", "false_refusal")
_SPLIT: Final = "dev"
_REPORT: Final = "report.html"
_LEFT_OUT: Final = {
    "含个人信息": "这条提问里有个人信息，不能用作题目。",
    "已有": "评测题目里已经有这个问题。",
    "已作答，且无人反映有误": "这个问题答上来了，也没有人说不对，不用起草题目。",
}


@dataclass
class EvalBench:
    """The evaluation as `qa.desk.bench.Bench`. Scored runs are kept until they change."""

    _known: dict[tuple[Path, int], Report] = field(default_factory=dict)

    def latest(self, roots: Sequence[Path]) -> Report | None:
        """The newest finished run among the run folders in ``roots``."""
        found = [folder for root in roots if root.is_dir() for folder in _finished(root)]
        for folder in sorted(found, key=_started, reverse=True):
            key = folder, (folder / "config.json").stat().st_mtime_ns
            if key not in self._known:
                try:
                    self._known[key] = _report(folder)
                except EvalError:
                    continue  # of another version, or damaged: an older one may do
            return self._known[key]
        return None

    def report_html(self, folder: Path) -> str:
        """The whole report of a run as one page.

        :raises RunError: when the folder is no finished run.
        """
        written = folder / _REPORT
        if (
            written.is_file()
            and written.stat().st_mtime >= (folder / "config.json").stat().st_mtime
        ):
            return written.read_text(encoding="utf-8")
        return html_report(read_run(folder))

    def draft(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """A case to be finished by a person, from what somebody asked.

        :raises EvalError: when no case can be made of it.
        """
        found = draft_records([Record(dict(said), "feedback", 1)], load_cases("all"))
        for reason in found.left_out:
            raise EvalError(_LEFT_OUT.get(reason, reason))
        return found.drafts[0]

    def preview(self, before: Texts, after: Texts, setting: Setting) -> Mapping[str, Any]:
        """What a home's word lists gain and lose on the evaluation cases."""
        cases = _sample(load_cases(_SPLIT), setting.sample)
        done = _counter(setting, "cases", 2 * len(cases))
        encoder = _encoder(setting)
        runs = []
        for name, texts in (("before", before), ("after", after)):
            with _opened(texts, encoder, setting) as engine:
                plan = Plan("digests", _SPLIT, cases, date.today(), name)
                runs.append(run_cases(engine, plan, done))
        return comparison_record(compare_runs(*runs), len(cases))

    def run(self, into: Path, setting: Setting) -> Mapping[str, Any]:
        """Run the evaluation; leave a run folder with its report under ``into``, and name it."""
        cases = _sample(load_cases(_SPLIT), setting.sample)
        done = _counter(setting, "cases", len(cases))
        with _opened({}, _encoder(setting), setting) as engine:
            run = run_cases(engine, Plan("digests", _SPLIT, cases, date.today()), done)
        folder = into / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{_SPLIT}"
        save_run(folder, run)
        return {"folder": folder.name, "cases": len(cases)}


def save_run(folder: Path, run: Run) -> None:
    """Write a run folder with scores and report beside it."""
    write_run(folder, run)
    page = Page.of(run)
    scores = json.dumps(scores_json(run, page.scores), ensure_ascii=False, indent=1)
    (folder / "scores.json").write_text(scores, encoding="utf-8")
    (folder / _REPORT).write_text(html_report(run), encoding="utf-8")


def comparison_record(comparison: Comparison, cases: int) -> dict[str, Any]:
    """A comparison as the page shows it."""
    measures = [
        {
            "label": MEASURES[d.name].label,
            "before": MEASURES[d.name].show(d.a),
            "after": MEASURES[d.name].show(d.b),
            "better": d.better,
        }
        for d in comparison.differences
        if d.name in _SHOWN
    ]
    groups = {
        "gained": comparison.gained,
        "lost": comparison.lost,
        "moved": comparison.moved,
    }
    changes = {name: [_change(x, y) for x, y in pairs] for name, pairs in groups.items()}
    return {"cases": cases, "measures": measures, **changes}


def _change(x: CaseScore, y: CaseScore) -> dict[str, str]:
    return {
        "question": x.case.question,
        "before": OUTCOME_LABELS[x.outcome],
        "after": OUTCOME_LABELS[y.outcome],
        "why": y.why or x.why,
    }


def _report(folder: Path) -> Report:
    run = read_run(folder)
    stats = Page.of(run).stats
    measures = tuple(
        Measured(
            label=MEASURES[name].label,
            value=MEASURES[name].show(stats[name].value)
            + (" ms" if MEASURES[name].unit == "ms" else ""),
            interval=show_interval(name, stats[name]),
            cases=stats[name].n,
            what=MEASURES[name].what,
        )
        for name in _FIRST
        if name in stats
    )
    facts = tuple((label, value) for label, value in facts_about(run))
    return Report(folder, run.config.label, run.config.started_at, facts, measures)


def _finished(root: Path) -> Iterator[Path]:
    return (folder for folder in root.iterdir() if (folder / "config.json").is_file())


def _started(folder: Path) -> str:
    try:
        values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return str(values["started_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _sample(cases: Sequence[Case], most: int | None) -> tuple[Case, ...]:
    """About ``most`` of the cases, spread evenly over the file."""
    if most is None or most >= len(cases):
        return tuple(cases)
    return tuple(cases[position * len(cases) // most] for position in range(max(most, 1)))


def _counter(setting: Setting, step: str, total: int) -> Callable[[], None]:
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        setting.told(step, done, total)

    return count


def _encoder(setting: Setting) -> Encoder | None:
    from index import model as model_files
    from index.encoder import load_encoder

    if setting.words_only:
        return None
    return load_encoder(setting.model, model_files.model_dir(setting.model_dir))


@contextmanager
def _opened(texts: Texts, encoder: Encoder | None, setting: Setting) -> Iterator[Engine]:
    """Serve the samples in a fresh home with these word lists."""
    from corpus import CorpusStore
    from index.lexicon import FOLDER
    from index.policy_index import build_index
    from qa.service import Service, index_root

    with fresh_home() as home:
        (home / FOLDER).mkdir()
        for name, text in texts.items():
            (home / FOLDER / Path(name).name).write_text(text, encoding="utf-8")
        store = CorpusStore.open(home, samples=True)
        build_index(store, index_root(home), encoder, progress=setting.told)
        service = Service(home, store, encoder)
        try:
            yield service
        finally:
            service.close()


BENCH: Final = EvalBench()
