"""What is installed and what is loaded: locked versions, and nothing that runs when it is read."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ROOMS = ("corpus", "index", "qa", "eval")
# Modules that run code of a file that they read.
RUNS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with the dotted name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def keywords(call: ast.Call) -> dict[str, object]:
    return {
        word.arg: word.value.value
        for word in call.keywords
        if word.arg and isinstance(word.value, ast.Constant)
    }


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the name of every imported module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


# What a call is, whether what it is told makes it dangerous, and what to call that.
RULES: tuple[tuple[str, Callable[[dict[str, object]], bool], str], ...] = (
    (r"(np|numpy)\.load", lambda said: said.get("allow_pickle") is not False, "may unpickle"),
    (r"torch\.load", lambda said: said.get("weights_only") is not True, "may unpickle"),
    (r"eval|exec|__import__|yaml\.load|os\.system", lambda _: True, "runs text"),
    (r".*", lambda said: said.get("shell") is True, "has a shell"),
    (r".*", lambda said: said.get("trust_remote_code") is True, "runs code of a model"),
    (r".*", lambda said: said.get("verify") is False, "does not check certificates"),
)


def faults(source: str) -> list[str]:
    """Name what in a source may run code of a file that it loads."""
    tree = ast.parse(source)
    found = [name for name in imports(tree) if name.split(".")[0] in RUNS]
    for name, call in calls(tree):
        said = keywords(call)
        found += [
            f"{name} {why}"
            for pattern, wrong, why in RULES
            if re.fullmatch(pattern, name, re.DOTALL) and wrong(said)
        ]
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "np.load(f)",
        "np.load(f, allow_pickle=True)",
        "torch.load(f)",
        "subprocess.run('x', shell=True)",
        "AutoModel.from_pretrained(n, trust_remote_code=True)",
        "httpx.get(u, verify=False)",
        "eval(text)",
    ],
)
def test_the_scan_finds(source: str) -> None:
    assert faults(source)


def test_nothing_runs_what_it_loads() -> None:
    assert len(SOURCES) > 150
    found = {str(path.relative_to(ROOT)): faults(path.read_text("utf-8")) for path in SOURCES}
    assert {path: named for path, named in found.items() if named} == {}


def test_shipped_data_holds_no_pickle() -> None:
    import numpy as np

    archives = [path for room in ROOMS for path in (ROOT / room).rglob("*.np[yz]")]
    assert archives
    for path in archives:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            assert all(stored[name].dtype != object for name in stored.files)
    for suffix in ("pkl", "pickle", "joblib", "bin", "pt", "pth"):
        assert not [path for room in ROOMS for path in (ROOT / room).rglob(f"*.{suffix}")]


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    text = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8")
    locked = {
        canonicalize_name(line.partition("==")[0]): line.partition("==")[2]
        for line in text.splitlines()
        if line and not line.startswith("#")
    }
    for requirement in map(Requirement, lines):
        name = canonicalize_name(requirement.name)
        assert name in locked, f"{name} is not in .ci/constraints.txt"
        assert locked[name] in requirement.specifier, f"{name} {locked[name]}"


def test_both_commands_install_the_locked_versions() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = re.findall(r"^\t@\$\(PIP\) install .*$", text, re.MULTILINE)
    assert len(installs) == 2
    assert all("-c $(PINS)" in line for line in installs)


# --- pip-audit ---


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SKIPPED = {"name": "gradio", "skip_reason": "Dependency not found on PyPI"}
CLEAN = {"name": "gradio", "version": "6.31.0", "vulns": []}
BAD = {
    "name": "torch",
    "version": "2.13.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.13.1"]}],
}


def test_no_service_no_failure(audit: ModuleType) -> None:
    for reports in (
        {"pypi": None, "osv": None},
        {"pypi": {"dependencies": [SKIPPED]}, "osv": None},
        {},
    ):
        lines, code = audit.said(reports)
        assert code == 0
        assert "没有查成" in lines[0]


def test_what_one_service_skips_the_other_knows(audit: ModuleType) -> None:
    reports = {"pypi": {"dependencies": [SKIPPED, BAD]}, "osv": {"dependencies": [CLEAN, BAD]}}
    lines, code = audit.said(reports)
    assert code == 1
    assert lines == [
        "查了 2 个包，0 个没有查成，1 条通报。",
        "torch 2.13.0：PYSEC-2026-1（修正于 2.13.1）",
    ]


def test_all_well(audit: ModuleType) -> None:
    assert audit.said({"pypi": {"dependencies": [CLEAN]}})[1] == 0
