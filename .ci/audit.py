#!/usr/bin/env python3
"""Ask the public advisory services about the locked versions; what could not be asked is said.

``make audit`` runs it in an environment of its own. Exit code 1 only where an advisory was found:
a machine that cannot reach the services (many can reach nothing but a package index) loses nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PINS = Path(__file__).parent / "constraints.txt"
SERVICES = ("pypi", "osv")
SECONDS = 300


def asked(service: str) -> dict[str, Any] | None:
    """Return pip-audit's report, or None where it has none."""
    command = [
        sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "-r", str(PINS),
        "--vulnerability-service", service, "--timeout", "10", "--format", "json",
        "--progress-spinner", "off",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        report = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return report if isinstance(report, dict) else None


def said(reports: dict[str, dict[str, Any] | None]) -> tuple[list[str], int]:
    """Return lines to print and the exit code for what each service reported."""
    known: set[str] = set()
    names: set[str] = set()
    found: dict[tuple[str, str], str] = {}
    for report in reports.values():
        for package in (report or {}).get("dependencies", ()):
            names.add(package["name"])
            if "skip_reason" in package:
                continue
            known.add(package["name"])
            for advisory in package["vulns"]:
                fixed = "、".join(advisory.get("fix_versions", ())) or "还没有修好的版本"
                line = f"{package['name']} {package['version']}：{advisory['id']}（修正于 {fixed}）"
                found[package["name"], advisory["id"]] = line
    if not known:
        return ["没有查成：漏洞通报服务（PyPI、OSV）在这台机器上连不上。不影响安装和测试。"], 0
    lines = [f"查了 {len(known)} 个包，{len(names - known)} 个没有查成，{len(found)} 条通报。"]
    return [*lines, *sorted(found.values())], 1 if found else 0


def main() -> int:
    """Ask each service until one knows every package."""
    reports: dict[str, dict[str, Any] | None] = {}
    for service in SERVICES:
        reports[service] = report = asked(service)
        if report and all("skip_reason" not in package for package in report["dependencies"]):
            break
    lines, code = said(reports)
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
