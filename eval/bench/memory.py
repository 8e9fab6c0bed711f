"""``python -m eval.bench.memory``: a server's memory over a few documents and over 60,615 articles.

The articles of STARD are written out as statutes, imported, indexed with ``--model fast`` (the
published model would take hours here) and served, all by the program's own commands. A million
clauses are not imported: their figure is reckoned from the two and from ``scale.json``.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from eval.bench.beir_data import Beir, read_beir
from eval.bench.output import FOLDER, markdown_table, put_between, stamped, tell, write_json
from eval.bench.served import round_trips, serving
from eval.engine import shared_folder
from eval.errors import EvalError

_ARTICLE = re.compile(r"^(.*?)(第[〇零一二三四五六七八九十百千万\d]+条.*)$")
_MILLION = 1_000_000
_ASKED = 50
Tell = Callable[[str], None]


def statutes(data: Beir, folder: Path, most: int | None) -> int:
    """Write the first articles as one Markdown file for each statute; return how many files."""
    found: dict[str, list[str]] = {}
    for entry in data.corpus[:most]:
        title, label = split_title(entry.title)
        found.setdefault(title, []).append(f"{label}　{entry.text}")
    folder.mkdir(parents=True, exist_ok=True)
    for number, (title, articles) in enumerate(found.items()):
        text = "\n\n".join((f"# {title}", *articles))
        (folder / f"{number:05}.md").write_text(text + "\n", encoding="utf-8")
    return len(found)


def split_title(title: str) -> tuple[str, str]:
    """Part a benchmark's title into statute and article.

    >>> split_title("某某法第十二条")
    ('某某法', '第十二条')
    """
    match = _ARTICLE.match(title)
    return (match[1] or title, match[2]) if match else (title, "第一条")


def imported(home: Path, files: Path, tell: Tell) -> dict[str, Any]:
    """Import and index a folder by the program's commands; seconds of each, bytes on disk."""
    start = time.perf_counter()
    _command("corpus", "add", str(files), "--home", str(home))
    added = time.perf_counter()
    tell(f"导入 {added - start:.0f} 秒")
    manifest = json.loads(
        _command("build", "--json", "--model", "fast", "--home", str(home)).splitlines()[-1]
    )
    built = time.perf_counter()
    tell(f"建索引 {built - added:.0f} 秒：{manifest['clauses']} 段，{manifest['spans']} 个句向量")
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    return {
        "clauses": manifest["clauses"], "vectors": manifest["clauses"] + manifest["spans"],
        "documents": manifest["documents"], "dense": manifest["dense"],
        "import_s": round(added - start, 1), "build_s": round(built - added, 1),
        "disk_mb": round(size / 1e6, 1),
    }  # fmt: skip


def served(home: Path, questions: Sequence[str], *options: str) -> dict[str, Any]:
    """Serve a home; memory when the page is there, and after some questions."""
    with serving(home, *options) as server:
        idle = server.rss_mb()
        trips = round_trips(server, questions)
        return {
            "ready_s": round(server.ready_s, 2),
            "idle": idle,
            "after": server.rss_mb(),
            **trips,
        }


def _command(*arguments: str) -> str:
    command = [sys.executable, "-m", "qa.cli", *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise EvalError(f"{' '.join(arguments[:2])} 没有做成：{done.stderr.strip()[-400:]}")
    return done.stdout


def run(articles: int | None, out: Path, tell: Tell) -> dict[str, Any]:
    """Measure both sizes and write ``memory.json`` and ``memory.md``."""
    data = read_beir(shared_folder() / "bench" / "stard", "train")
    questions = list(data.queries.values())[:_ASKED]
    rows = []
    with tempfile.TemporaryDirectory(prefix="tiaowen-memory-") as name:
        small, large, files = (Path(name) / part for part in ("small", "large", "files"))
        _command("build", "--home", str(small))
        manifest = json.loads(_command("build", "--json", "--home", str(small)).splitlines()[-1])
        rows.append({
            "documents": manifest["documents"], "clauses": manifest["clauses"],
            "vectors": manifest["clauses"] + manifest["spans"],
            **served(small, questions),
        })  # fmt: skip
        tell(f"{statutes(data, files, articles)} 部法律")
        _command("build", "--home", str(large), "--model", "fast")
        about = imported(large, files, tell)
        rows.append({**about, **served(large, questions, "--model", "fast")})
    result = stamped("memory", {"sizes": rows, "million": million(rows)})
    write_json(out / "memory.json", result)
    put_between(out / "memory.md", page(result), "# 服务占多少内存\n\n")
    return result


def million(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Reckon the memory of a million clauses: what a clause adds between the two sizes."""
    small, large = rows
    added = large["after"]["anonymous_mb"] - small["after"]["anonymous_mb"]
    each = added / (large["clauses"] - small["clauses"])
    return {
        "kb_a_clause": round(each * 1000, 2),
        "anonymous_mb": round(small["after"]["anonymous_mb"] + each * _MILLION),
    }


def page(result: dict[str, Any]) -> str:
    """Return the measured part of the page."""
    head = (
        "文件", "条款", "向量", "启动后内存 MB", "答过问题后", "其中不可丢弃", "页面就绪 s",
        "经 HTTP 作答 p50/p95 ms", "导入 s", "建索引 s", "磁盘 MB",
    )  # fmt: skip
    rows = [
        (
            f"{row['documents']:,}", f"{row['clauses']:,}", f"{row['vectors']:,}",
            row["idle"]["rss_mb"], row["after"]["rss_mb"], row["after"]["anonymous_mb"],
            row["ready_s"], f"{row['http']['p50']:.1f}/{row['http']['p95']:.1f}",
            row.get("import_s", "—"), row.get("build_s", "—"), row.get("disk_mb", "—"),
        )
        for row in result["sizes"]
    ]  # fmt: skip
    reckoned = result["million"]
    return "\n\n".join((
        markdown_table(head, rows),
        f"每条条款在内存里约 {reckoned['kb_a_clause']:.1f} KB，一百万条推算为 "
        f"{reckoned['anonymous_mb'] / 1000:.1f} GB（不含可以随时丢弃的映射页）。",
        f"{result['machine']}，提交 {result['commit']}，{result['at']}",
    ))  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the options, measure, print the page."""
    parser = argparse.ArgumentParser(description="五份文件和六万条法条时，服务占多少内存")
    parser.add_argument("--articles", type=int, help="用多少条法条（默认全部）")
    parser.add_argument("--out", type=Path, default=FOLDER, help="结果写到哪个文件夹")
    options = parser.parse_args(arguments)

    sys.stdout.write(page(run(options.articles, options.out, tell)) + "\n")


if __name__ == "__main__":
    main()
