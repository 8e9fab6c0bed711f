"""``python -m eval.bench.staff``: how long staff wait for a page of hits over 60,615 articles.

The articles of STARD are imported and indexed as in `eval.bench.memory`; then every form of the
query language is asked with words of the statutes, a page of ten hits with all counts each time,
as `/staff` does. Wall time, one request at a time.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.beir_data import read_beir
from eval.bench.memory import Tell, imported, statutes
from eval.bench.output import FOLDER, markdown_table, put_between, stamped, tell, write_json
from eval.engine import shared_folder
from index.tokens import default_tokenizer
from qa.search.staff import StaffSearch
from qa.search.types import Request, Sort

_ASKED = 60  # queries of each form
_SEED = 5
_PAGE = 10
Form = Callable[[str, str, str], Request]
FORMS: dict[str, Form] = {
    "一个词": lambda a, _b, _c: Request(a),
    "三个词": lambda a, b, c: Request(f"{a} {b} {c}"),
    "短语": lambda a, b, _c: Request(f"“{a}{b}”"),
    "且或非": lambda a, b, c: Request(f"({a} 或 {b}) 非 {c}"),
    "前缀": lambda a, _b, _c: Request(f"{a[:2]}*"),
    "按文种筛选": lambda a, _b, _c: Request(f"{a} 文种:法"),
    "按日期排序": lambda a, b, _c: Request(f"{a} {b}", sort=Sort.DATE),
    "第一百页": lambda a, _b, _c: Request(a, offset=99 * _PAGE),
    "全部条款": lambda _a, _b, _c: Request("", everything=True),
}


def words_of(texts: Sequence[str], count: int) -> list[tuple[str, str, str]]:
    """Three neighbouring words of ``count`` random texts, so that phrases can be found."""
    draw, cut = random.Random(_SEED), default_tokenizer().terms
    found: list[tuple[str, str, str]] = []
    while len(found) < count:
        words = [word for word in cut(draw.choice(texts)) if len(word) > 1 and word.isalpha()]
        if len(words) >= 3:
            start = draw.randrange(len(words) - 2)
            found.append((words[start], words[start + 1], words[start + 2]))
    return found


def measure(search: StaffSearch, words: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Milliseconds and mean number of hits of every form; the first request of each is left out."""
    rows = []
    for name, form in FORMS.items():
        taken, hits = [], []
        for three in words:
            start = time.perf_counter()
            found = search.search(form(*three))
            taken.append(1000.0 * (time.perf_counter() - start))
            hits.append(found.total)
        p50, p95 = np.percentile(taken[1:], (50, 95))
        rows.append({
            "form": name, "p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1),
            "hits": round(float(np.mean(hits))),
        })  # fmt: skip
    return rows


def run(articles: int | None, out: Path, tell: Tell) -> dict[str, Any]:
    """Measure, and write ``staff.json`` and ``staff.md``."""
    from qa.service import open_service

    data = read_beir(shared_folder() / "bench" / "stard", "train")
    with tempfile.TemporaryDirectory(prefix="tiaowen-staff-") as name:
        home, files = Path(name) / "home", Path(name) / "files"
        statutes(data, files, articles)
        about = imported(home, files, tell)
        service = open_service(home, model="fast")
        try:
            texts = [entry.text for entry in data.corpus[:articles]]
            rows = measure(StaffSearch.over(service), words_of(texts, _ASKED))
        finally:
            service.close()
    result = stamped("staff", {"clauses": about["clauses"], "forms": rows})
    write_json(out / "staff.json", result)
    put_between(out / "staff.md", page(result), "# 工作人员检索要多久\n\n")
    return result


def page(result: dict[str, Any]) -> str:
    """Return the measured part of the page."""
    rows = [(r["form"], f"{r['hits']:,}", r["p50_ms"], r["p95_ms"]) for r in result["forms"]]
    return "\n\n".join((
        f"{result['clauses']:,} 条条款，每种写法 {_ASKED} 次，每次一页十条和全部计数。",
        markdown_table(("写法", "平均命中", "p50 ms", "p95 ms"), rows),
        f"{result['machine']}，提交 {result['commit']}，{result['at']}",
    ))  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the options, measure, print the page."""
    parser = argparse.ArgumentParser(description="六万条法条时，工作人员检索各种写法要多久")
    parser.add_argument("--articles", type=int, help="用多少条法条（默认全部）")
    parser.add_argument("--out", type=Path, default=FOLDER, help="结果写到哪个文件夹")
    options = parser.parse_args(arguments)

    sys.stdout.write(page(run(options.articles, options.out, tell)) + "\n")


if __name__ == "__main__":
    main()
