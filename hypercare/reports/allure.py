"""The Allure report: every check with its evidence and its history, as one HTML file that opens anywhere."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypercare.reports.allure_config import config_text
from hypercare.reports.allure_history import has_points, replace_history, without_results_of
from hypercare.reports.allure_results import ids_of_tests, prepare_results
from hypercare.reports.generator import generator_program
from hypercare.reports.summary import Summary
from hypercare.shipped import FOLDER

# Beside the pages: which test of them is which check.
TESTS = "tests.json"
_PAGES = {"awesome/index.html": "index.html", "dashboard/index.html": "dashboard.html"}
_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.IGNORECASE | re.DOTALL)
_FROM_OUTSIDE = re.compile(r"<script\b[^>]*\bsrc=[\"']?(https?:)?//", re.IGNORECASE)
_PROGRAM = re.compile(r"<script\b[^>]*\bsrc=[\"']data:text/javascript", re.IGNORECASE)
_META = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src data: blob: 'unsafe-inline' 'unsafe-eval'; "
    "form-action 'none'\">\n"
    '<link rel="icon" href="data:,">\n'
    # The dashboard squeezes two charts side by side on a phone; what is told of the report is cut off; and some tabs
    # are of what no round leaves.
    "<style>@media (max-width: 700px) { [class*='styles_grid__'] { grid-template-columns: minmax(0, 1fr) !important } }"
    "[data-testid='metadata-list'] { grid-template-columns: minmax(0, 1fr) !important }"
    "[data-testid='metadata-item'], [data-testid='metadata-item'] * { white-space: normal !important;"
    "overflow: visible !important; text-overflow: clip !important; max-width: none !important; height: auto !important"
    " }"
    "[data-testid='nav-tab-qualityGate'], [data-testid='nav-tab-globalAttachments'],"
    "[data-testid='nav-tab-globalErrors'] { display: none }</style>"
)
_ICON = re.compile(r"<link\b[^>]*\brel=[\"']?icon[\"']?[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class RoundResults:
    """What one round left: its summary and the folder that allure-pytest wrote into."""

    summary: Summary
    folder: Path


def write_allure(
    summary: Summary,
    rounds: Sequence[RoundResults],
    out: Path,
    *,
    history: Path | None = None,
    append_history: bool = True,
    project: Path = FOLDER,
    timeout_s: float = 120,
) -> str:
    """Write `out`/index.html and `out`/dashboard.html for `summary` from the results of its rounds.

    `history` is a file that Allure reads and, with `append_history`, adds these results to; what an earlier report
    added of them is replaced. `project` is where node_modules may lie.

    Returns:
        an empty string, or in one line why there is no report. Never raises for want of Node, Allure, disk or time.
    """
    program = generator_program(project)
    node = find_node()
    if node is None:
        return "Node is not installed"
    if program is None:
        return "Allure is not installed; `hypercare setup` brings it"
    try:
        with tempfile.TemporaryDirectory(prefix="hypercare-allure-") as scratch:
            return _generate(
                [str(node), str(program)], summary, rounds, out, Path(scratch), history, append_history, timeout_s
            )
    except OSError as error:
        return f"the Allure report cannot be written: {error.strerror or error}"


def _generate(
    command: list[str],
    summary: Summary,
    rounds: Sequence[RoundResults],
    out: Path,
    scratch: Path,
    history: Path | None,
    append_history: bool,
    timeout_s: float,
) -> str:
    folders = [scratch / "results" / one.summary.round for one in rounds]
    prepared = sum(prepare_results(one.folder, into, one.summary) for one, into in zip(rounds, folders, strict=True))
    if not prepared:
        return "the round left no Allure results"
    config, copy = scratch / "allurerc.mjs", scratch / "history.jsonl"
    if history is not None:
        without_results_of(folders, history, copy)
    text = config_text(summary, history=history and copy, append_history=append_history, has_history=has_points(copy))
    config.write_text(text, encoding="utf-8")
    arguments = ["generate", "--config", str(config), "--output", str(scratch / "out"), "--cwd", str(scratch)]
    tests = ids_of_tests(folders)
    reason = _run([*command, *arguments, *map(str, folders)], scratch, timeout_s) or _hand_out(scratch / "out", out)
    if not reason:
        (out / TESTS).write_text(json.dumps(tests, indent=0), encoding="utf-8")
    if history is not None and append_history and not reason:
        replace_history(history, copy, summary.as_of)
    return reason


def _run(command: list[str], folder: Path, timeout_s: float) -> str:
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        return f"Allure did not end within {timeout_s:g} s"
    if ended.returncode == 0:
        return ""
    output = (ended.stderr.strip() or ended.stdout.strip()).splitlines()
    return f"Allure ended with status {ended.returncode}{': ' + output[-1][:200] if output else ''}"


def _hand_out(made: Path, out: Path) -> str:
    pages: dict[str, str] = {}
    for written, name in _PAGES.items():
        page = made / written
        if not page.is_file():
            return "Allure wrote no report"
        try:
            pages[name] = ready_to_hand_out(page.read_text(encoding="utf-8"))
        except UnknownShape as error:
            return str(error)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name, html in pages.items():
        (out / name).write_text(html, encoding="utf-8")
    return ""


def find_node() -> Path | None:
    """Node on the machine, or the one that Playwright brings along; None when there is neither."""
    named = os.environ.get("HYPERCARE_NODE") or shutil.which("node")
    if named:
        return Path(named)
    found = importlib.util.find_spec("playwright")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations))) / "driver"
    return next((path for path in (folder / "node", folder / "node.exe") if path.is_file()), None)


class UnknownShape(Exception):
    """The page is not built as the pinned version of Allure builds it; the message is one line."""


def ready_to_hand_out(html: str) -> str:
    """The page with its data ahead of the program that reads it, and with nothing that calls outside.

    Raises:
        UnknownShape: the program or its data is not found in the page.
    """
    scripts = list(_SCRIPT.finditer(html))
    program = next((one for one in scripts if _PROGRAM.match(one.group())), None)
    data = [one for one in scripts if _is_data(one.group())]
    head = re.search(r"<meta charset=[^>]*>", html, re.IGNORECASE)
    if program is None or head is None or not data:
        raise UnknownShape("the page that Allure wrote has another shape than expected")
    moved = "\n".join(one.group() for one in data)
    dropped = [*data, *(one for one in scripts if _calls_outside(one.group()))]
    icons = [one for one in _ICON.finditer(html, 0, program.start()) if "data:" not in one.group()]
    changes = [(one.start(), one.end(), "") for one in [*dropped, *icons]]
    changes += [(program.start(), program.start(), f"{moved}\n"), (head.end(), head.end(), f"\n{_META}")]
    for start, end, text in sorted(changes, reverse=True):
        html = html[:start] + text + html[end:]
    return html


def _is_data(script: str) -> bool:
    beginning = script[:200]
    return "allureReportDataReady" in beginning or "Promise.allSettled([d(" in beginning


def _calls_outside(script: str) -> bool:
    return bool(_FROM_OUTSIDE.match(script)) or "window.dataLayer" in script[:200]
