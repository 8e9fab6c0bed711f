"""`tiaowen lexicon check, try`: the word lists that staff edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from eval.cli_options import Corpus, Split, counter
from qa.cli.app import Command, new_app
from qa.cli.options import Code, Home, Json, Model, ModelDir
from qa.cli.output import Bars, line, note, say, say_json, stdout

if TYPE_CHECKING:
    from eval.compare import Comparison
    from index.lexicon_check import Finding
    from qa.service import Service

app = new_app("词表：检查居民说法和用户词典，试一试改动的得失")
_SHOWN = 20  # findings shown of a kind, unless all are asked for


@app.command("check", cls=Command)
def check_command(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            exists=True,
            dir_okay=False,
            help="要检查的居民说法文件（默认随附的和资料文件夹里的）",
        ),
    ] = None,
    home: Home = None,
    everything: Annotated[bool, typer.Option("--all", help="列出全部，不只是每类前二十条")] = False,
    json: Json = False,
) -> None:
    """检查词表：格式、重复、冲突是错误；过于笼统、文件里没有、仍被切开供参考。"""
    found = _check(file, home)
    if json:
        say_json([asdict(f) | {"file": name, "error": f.fault.error} for name, f in found])
    else:
        _print_findings(found, None if everything else _SHOWN)
    if any(finding.fault.error for _, finding in found):
        raise typer.Exit(Code.NOTHING)


def _check(file: Path | None, home: Path | None) -> list[tuple[str, Finding]]:
    """Return findings with the name of the file that they are about."""
    from index.lexicon import FOLDER, lexicon_of
    from index.lexicon_check import check_synonyms, check_words, read_rows
    from index.synonyms import shipped_synonyms
    from index.tokens import search_form, shipped_text
    from qa.cli.session import home_folder, opened_store

    folder = home_folder(home)
    tokenizer = lexicon_of(folder).tokenizer
    with opened_store(home) as store:
        texts = [search_form(clause.text) for clause in store.clauses()]
    joined = "\n".join(texts)
    synonyms = {} if file else {"synonyms.tsv": shipped_synonyms()}
    words = {} if file else {"words.tsv": shipped_text("words.tsv")}
    own = [(folder / FOLDER / "synonyms.tsv", synonyms), (folder / FOLDER / "words.tsv", words)]
    for path, into in [(file, synonyms)] if file else own:
        if path is not None and path.is_file():
            into[str(path)] = path.read_text(encoding="utf-8-sig")
    found: list[tuple[str, Finding]] = []
    for name, text in synonyms.items():
        rows = read_rows(text)
        found += [(name, f) for f in check_synonyms(rows, tokenizer.stop_words, texts)]
    for name, text in words.items():
        found += [(name, f) for f in check_words(text, tokenizer, lambda word: word in joined)]
    return found


def _print_findings(found: Sequence[tuple[str, Finding]], shown: int | None) -> None:
    from rich.table import Table

    counts = Counter(finding.fault for _, finding in found)
    for fault, count in sorted(counts.items(), key=lambda item: (not item[0].error, item[0])):
        kind = "错误" if fault.error else "参考"
        table = Table(title=f"{fault.value}（{kind}，{count} 条）", title_justify="left")
        for column in ("文件", "行", "词", "说明"):
            table.add_column(column)
        rows = [(name, finding) for name, finding in found if finding.fault is fault]
        for name, finding in rows[:shown]:
            table.add_row(Path(name).name, str(finding.line), finding.word, finding.detail)
        stdout().print(table)
        if shown is not None and count > shown:
            note(f"另有 {count - shown} 条，用 --all 全部列出")
    errors = sum(count for fault, count in counts.items() if fault.error)
    say(f"错误 {errors} 条，参考 {len(found) - errors} 条")


@app.command("try", cls=Command)
def try_command(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="改过的居民说法文件"),
    ],
    corpus: Corpus = "digests",
    split: Split = "dev",
    model: Model = None,
    model_dir: ModelDir = None,
    json: Json = False,
) -> None:
    """用改过的居民说法文件答一遍题，列出比现在多答对和少答对的题。

    只看提问一侧：索引里用口语改写的句子和排序模型不变。
    """
    from eval.caseset import load_cases
    from eval.compare import comparison_json
    from eval.engine import Setup, open_engine
    from eval.lexicon import Trial, try_synonyms
    from eval.session import Plan
    from index.synonyms import Synonyms, parse_synonyms

    changed = Synonyms(parse_synonyms(file.read_text(encoding="utf-8-sig")))
    if not len(changed):
        raise typer.BadParameter(f"「{file}」里没有词条：每行是居民说法、制表符、官方用语")
    cases = load_cases(split)
    plan = Plan(corpus, split, cases, date.today(), file.stem)
    with Bars() as bars, open_engine(Setup(corpus, model, model_dir, bars)) as engine:
        trial = Trial(cast("Service", engine), changed)
        done = counter(bars, 2 * len(cases), "试答")
        comparison = try_synonyms(engine, trial, plan, done)
    if json:
        say_json(comparison_json(comparison) | {"entries": len(changed)})
    else:
        _print_comparison(comparison)


def _print_comparison(comparison: Comparison) -> None:
    from eval.compare import change_line
    from eval.tables import difference_table

    stdout().print(difference_table(comparison))
    groups: list[tuple[str, Any, str]] = [
        ("多答对", comparison.gained, "green"),
        ("少答对", comparison.lost, "red"),
        ("对错未变，但结果不同", comparison.moved, "dim"),
    ]
    for title, changes, style in groups:
        line(f"{title}（{len(changes)}）", "bold")
        for before, after in changes:
            line(f"  {change_line(before, after)}", style)
