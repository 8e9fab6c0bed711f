"""Promises about the project as a whole: packaging, layers, commands, what gets installed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distributions, packages_distributions, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.main import get_command

from eval.cli import app as eval_app
from qa.cli.main import app

ROOT = Path(__file__).parents[1]
ROOMS = ("corpus", "index", "qa", "eval")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PEERS = ("on_haystack.py", "on_llamaindex.py", "on_txtai.py")
CUDA = re.compile(r"^(nvidia-|cuda-|triton$)")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def sources() -> tuple[Path, ...]:
    found = tuple(sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")))
    assert found, "no source files found"
    return found


def text_files() -> Iterator[Path]:
    """Yield the files of the project: not what tools and set-up leave beside them."""
    places = [ROOT / name for name in (*ROOMS, "tests", "docs", ".ci")]
    # Git has a folder of that name, or in a second work tree a file that leads to it.
    single = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]
    for path in [*single, *(path for place in places for path in place.rglob("*"))]:
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".png",):
            yield path


# --- packaging ---


def test_every_folder_with_code_is_a_package() -> None:
    missing = {path.parent for path in sources() if not (path.parent / "__init__.py").is_file()}
    assert not missing


def test_data_files_are_packaged() -> None:
    patterns = project()["tool"]["setuptools"]["package-data"]
    listed = {
        path
        for room, globs in patterns.items()
        for glob in globs
        for path in (ROOT / room).glob(glob)
    }
    there = {
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc", ".md")
    }
    assert there <= listed, "not covered by package-data"


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level names that a module imports when it runs, not those for typing."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        node
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING"
        for statement in test.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def distributions_of(paths: Iterable[Path]) -> set[str]:
    """Return the third-party distributions that modules import."""
    known = packages_distributions()
    own = {*sys.stdlib_module_names, *ROOMS, "tests"}
    names = {name for path in paths for name in imported(path)} - own
    return {canonicalize_name(known.get(name, [name])[0]) for name in names}


def declared(*extras: str) -> set[str]:
    """Return the names of the dependencies, with those of extras."""
    metadata = project()["project"]
    lines = [*metadata["dependencies"]]
    for extra in extras:
        lines += metadata["optional-dependencies"][extra]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def test_dependencies_are_what_the_code_imports() -> None:
    # The drivers of the comparison run where the peers are installed, apart from the project.
    ours = [path for path in sources() if path.name not in PEERS]
    used = distributions_of(ours)
    assert not used - declared("milvus", "train"), "imported, not declared"
    idle = {"torch", "mcp"}  # a pin alone; what Gradio imports for its MCP server
    assert not declared() - used - idle, "declared, not imported"


def test_development_extra_is_what_the_tests_import() -> None:
    used = distributions_of((ROOT / "tests").rglob("*.py"))
    assert not used - declared("milvus", "dev"), "imported by tests, not declared"


def test_licence() -> None:
    assert project()["project"]["license"] == "Apache-2.0"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text


# --- no CUDA ---


def required(name: str, seen: set[str]) -> None:
    """Collect what a distribution requires on this machine, all the way down."""
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        return
    for requirement in map(Requirement, lines):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        found = canonicalize_name(requirement.name)
        if found not in seen:
            seen.add(found)
            required(found, seen)


def test_nothing_required_is_a_cuda_package() -> None:
    seen: set[str] = set()
    for line in project()["project"]["dependencies"]:
        name = canonicalize_name(Requirement(line).name)
        seen.add(name)
        required(name, seen)
    assert "torch" in seen
    assert not [name for name in sorted(seen) if CUDA.match(name)]


def test_no_cuda_package_is_installed() -> None:
    names = {canonicalize_name(dist.metadata["Name"]) for dist in distributions()}
    assert not [name for name in sorted(names) if CUDA.match(name)]


def test_pins_hold_torch_and_nothing_local() -> None:
    pins = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in pins if line and not line.startswith("#")]
    assert "torch==2.13.0" in lines
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line), line
        assert not CUDA.match(line)


# --- layers ---


def test_layers() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_import_linter_knows_every_room() -> None:
    linter = project()["tool"]["importlinter"]
    assert set(linter["root_packages"]) == set(ROOMS)
    assert linter["contracts"][0]["layers"] == ["eval", "qa", "index", "corpus"]


# --- commands ---


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield our own commands by their full name."""
    group = group or get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands())


EVAL_COMMANDS = dict(commands(get_command(eval_app), ("eval",)))


def test_commands_are_those_of_the_design() -> None:
    assert set(COMMANDS) == {
        "chat", "ask", "batch", "search", "build", "status", "verify",
        "corpus add", "corpus list", "corpus show", "corpus clauses", "corpus check", "corpus diff",
        "corpus remove", "corpus export", "model fetch", "model status",
        "backup", "restore", "doctor",
        "user add", "user list", "user remove", "user passwd", "user role",
    }  # fmt: skip


def test_evaluation_commands() -> None:
    wanted = {"run", "score", "report", "compare", "gate", "beir"}
    assert {f"eval {name}" for name in wanted} <= set(EVAL_COMMANDS)


@pytest.mark.parametrize("name", [*COMMANDS, *EVAL_COMMANDS])
def test_help_is_chinese(name: str) -> None:
    command = {**COMMANDS, **EVAL_COMMANDS}[name]
    assert CHINESE.search(command.help or "")
    for parameter in command.params:
        assert CHINESE.search(parameter.help or ""), parameter.name


@pytest.mark.parametrize("name", [*COMMANDS, *EVAL_COMMANDS])
def test_readme_tells_of_every_command(name: str) -> None:
    readme = ROOT / "README.md"
    if not readme.is_file():
        pytest.skip("README.md is not written yet")
    text = readme.read_text(encoding="utf-8")
    group, _, command = name.rpartition(" ")
    pattern = rf"tiaowen {group} [^\n]*\b{command}\b" if group else rf"tiaowen {command}\b"
    assert re.search(pattern, text), f"README.md does not mention: tiaowen {name}"


# --- what may not be written ---


def test_no_paths_of_one_machine() -> None:
    pattern = re.compile(r"(/home/\w|/Users/\w|/root/|/work/\w|/workspace\w*/|[A-Z]:\\\\Users)")
    checked = 0
    for path in text_files():
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # sample files in other encodings
        checked += 1
        found = pattern.search(text)
        assert found is None, f"{path.relative_to(ROOT)}: {found and found.group()}"
    assert checked > 50


def test_makefile_says_what_each_target_does() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("chat", "test", "trust", "check", "clean", "lock"):
        assert re.search(rf"^{target}:.*## .*{CHINESE.pattern}", text, re.MULTILINE), target
