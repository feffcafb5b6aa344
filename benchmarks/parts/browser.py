"""Log-ins in a browser beside bare Playwright that logs the same accounts in."""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks.accounting.processes import Spent, spent_by
from benchmarks.parts import Options
from benchmarks.parts.desk import BARE, PROJECT, PYTEST, bare_pytest
from benchmarks.table.row import Row, paired
from hypercare.adapters.demo.process import EmbeddedSystem
from hypercare.browser.browser import find_browser

NAME = "Log-ins in a browser"
CHECK = "tests_health/test_users_login.py::test_one_of_each_role_can_log_in_in_the_browser"
VARIABLE = "HYPERCARE_LOG_INS"
_AT_MOST = 1.15


def rows(options: Options, versions: list[str]) -> Iterator[Row]:
    versions.append(f"Playwright {version('playwright')}")
    system = EmbeddedSystem.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            accounts = Path(folder) / "accounts.json"
            accounts.write_text(json.dumps(_log_ins(system.target_file)), encoding="utf-8")
            yield from _beside_bare(system, accounts, options)
    finally:
        system.stop()


def _beside_bare(system: EmbeddedSystem, accounts: Path, options: Options) -> Iterator[Row]:
    spent: dict[str, list[Spent]] = {"ours": [], "theirs": []}

    def ours() -> float:
        spent["ours"].append(spent_by([*PYTEST, CHECK, f"--target={system.target_file}"], cwd=PROJECT))
        return spent["ours"][-1].cpu_s

    def theirs() -> float:
        command = bare_pytest(accounts.parent, "replay_log_ins.py")
        spent["theirs"].append(spent_by(command, environment={**BARE, VARIABLE: str(accounts)}))
        return spent["theirs"][-1].cpu_s

    pairs = paired(ours, theirs, options.pairs)
    longer = [one.wall_s / other.wall_s for one, other in zip(spent["ours"], spent["theirs"], strict=True)][1:]
    yield Row(
        f"log-ins of {len(json.loads(accounts.read_text(encoding='utf-8'))['accounts'])} roles, whole process",
        "bare Playwright, the same accounts",
        f"≤ {_AT_MOST} x",
        pairs.figures(),
        pairs.ratio,
        pairs.spread,
        at_most=_AT_MOST,
        note=f"wall {sorted(longer)[len(longer) // 2]:.2f} x",
    )


def _log_ins(target_file: Path) -> dict[str, object]:
    """The address, the browser, and one account of each role, as the check chooses them."""
    target = tomllib.loads(target_file.read_text(encoding="utf-8"))
    passwords = json.loads((target_file.parent / "secrets.json").read_text(encoding="utf-8"))
    by_role: dict[str, str] = {}
    for account in target["accounts"]:
        by_role.setdefault(account["role"], account["username"])
    asked = "from playwright.sync_api import sync_playwright as p; c = p().start(); print(c.chromium.executable_path)"
    own = spent_by([sys.executable, "-c", f"{asked}; c.stop()"]).output.strip()
    return {
        "url": target["web"]["url"],
        "browser": str(find_browser(Path(own))),
        "accounts": [{"username": name, "password": passwords[name]} for name in by_role.values()],
    }
