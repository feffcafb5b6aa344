"""What the reports of a round take, with nothing and with a quarter remembered, and how large their pages are."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accounting.priority import before_other_work
from benchmarks.accounting.processes import environment_with
from benchmarks.accounting.remembered_rounds import remember
from benchmarks.accounting.report_time import ALLURE, VARIABLE
from benchmarks.parts import Options
from benchmarks.parts.desk import PROJECT
from benchmarks.table.row import Row
from hypercare.adapters.demo.process import EmbeddedSystem

NAME = "Reports"
_ROUNDS = 270
_AT_MOST_S, _AT_MOST, _MOST_KB = 5.0, 1.5, 400
_TROUBLED = ("sale-total-a-cent-more", "day-sheet-missing", "sale-entered-twice")
_CRITICAL = ("sale-total-of-yesterday-less", "payment-on-another-sale", "sales-of-two-branches-swapped")
# What Allure and pytest make has each attachment in it.
_NOT_OURS = {"allure", "pytest", "pytest.html"}


@dataclass(frozen=True)
class Made:
    """What a round's reports took beside Allure's own, by the clock and of processor time, and of which steps."""

    wall_s: float
    cpu_s: float
    allure_s: float
    steps: dict[str, float]


def rows(options: Options, versions: list[str]) -> Iterator[Row]:
    system = EmbeddedSystem.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            numbers = range(max(2, options.pairs // 2))
            with before_other_work():
                pairs = [_pair(system.target_file, Path(folder) / str(number)) for number in numbers]
            yield _beside_allure(pairs)
            yield _as_it_grows(pairs)
            reports = Path(folder) / "0" / "remembered"
            for name, faults in (("healthy", ()), ("troubled", _TROUBLED), ("critical", _CRITICAL)):
                for fault in faults:
                    _hypercare("faults", "inject", fault, "--target", str(system.target_file))
                if faults:
                    _round(system.target_file, reports)
                yield _page(name, reports)
            for words in (("week",), ("month",), ("readiness",), ("exit",)):
                _hypercare("report", *words, "--target", str(system.target_file), "--reports", str(reports))
            yield _pages_beside(reports)
    finally:
        system.stop()


def _pair(target_file: Path, folder: Path) -> tuple[Made, Made]:
    """The same round in an empty folder, and in one that remembers many."""
    seed, remembered = folder / "empty", folder / "remembered"
    first = _round(target_file, seed)
    shutil.copytree(seed, remembered, symlinks=True)
    remember(remembered, _ROUNDS)
    return first, _round(target_file, remembered)


def _beside_allure(pairs: Sequence[tuple[Made, Made]]) -> Row:
    made = [one for pair in pairs for one in pair]
    spent, waited = [one.cpu_s for one in made], [one.wall_s for one in made]
    shortest = min(made, key=lambda one: one.wall_s)
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in shortest.steps.items())
    return Row(
        "reports of an evening round, embedded system, its printed page included",
        "",
        f"≤ {_AT_MOST_S:.0f} s beside Allure's own",
        f"{statistics.median(spent):.1f} s",
        max(spent),
        f"{min(spent):.1f} to {max(spent):.1f} of {len(made)} rounds",
        at_most=_AT_MOST_S,
        unit="s",
        note=f"processor time, the most of all rounds counts; by the clock of a busy machine {min(waited):.1f} to"
        f" {max(waited):.1f} s; the shortest: {steps}, and Allure's own {shortest.allure_s:.1f} s",
    )


def _as_it_grows(pairs: Sequence[tuple[Made, Made]]) -> Row:
    ratios = [many.cpu_s / first.cpu_s for first, many in pairs]
    first, many = pairs[-1]
    return Row(
        f"reports with {_ROUNDS} rounds in the history",
        "those of the first round",
        f"≤ {_AT_MOST} x",
        f"{many.cpu_s:.2f} s beside {first.cpu_s:.2f} s",
        statistics.median(ratios),
        f"{min(ratios):.2f} to {max(ratios):.2f} of {len(ratios)} pairs",
        at_most=_AT_MOST,
        note=f"processor time; by the clock {many.wall_s:.1f} s beside {first.wall_s:.1f} s",
    )


def _page(name: str, reports: Path) -> Row:
    page = reports / "latest" / "index.html"
    summary = json.loads(page.with_name("summary.json").read_text(encoding="utf-8"))
    failed = sum(one["outcome"] == "failed" for one in summary["items"])
    kb = len(page.read_bytes()) / 1000
    return Row(
        f"page of a {name} day",
        "",
        f"< {_MOST_KB} kB",
        f"{kb:.0f} kB",
        kb,
        "",
        at_most=_MOST_KB,
        unit="kB",
        note=f"its status is {summary['status']}, {failed} of {len(summary['items'])} items failed",
    )


def _pages_beside(reports: Path) -> Row:
    """All other pages that are ours; the largest counts."""
    pages = [page for page in reports.rglob("*.html") if _is_ours(page.relative_to(reports)) and page.stat().st_size]
    sizes = {_without_day(page.relative_to(reports)): page.stat().st_size / 1000 for page in pages}
    largest = max(sizes, key=lambda page: sizes[page])
    named = {page: kb for page, kb in sizes.items() if "/" not in page}
    return Row(
        "other pages: week, month, gates, index of days, runbook",
        "",
        f"< {_MOST_KB} kB each",
        f"largest {sizes[largest]:.0f} kB ({largest})",
        sizes[largest],
        f"{len(pages)} pages",
        at_most=_MOST_KB,
        unit="kB",
        note=", ".join(f"{page} {kb:.0f} kB" for page, kb in sorted(named.items())),
    )


def _is_ours(page: Path) -> bool:
    return not _NOT_OURS & {*page.parts}


def _without_day(page: Path) -> str:
    return re.sub(r"^\d{4}-\d{2}-\d{2}/", "", str(page))


def _round(target_file: Path, reports: Path) -> Made:
    with tempfile.NamedTemporaryFile(suffix=".json") as times:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["-p", "benchmarks.accounting.report_time"]
        command += ["--round=evening", f"--target={target_file}", f"--reports={reports}"]
        environment = environment_with({VARIABLE: times.name, "PYTHONPATH": str(PROJECT)})
        subprocess.run(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, check=False)
        told = json.loads(Path(times.name).read_text(encoding="utf-8"))
    wall, cpu = told["wall_s"], told["cpu_s"]
    allure, allure_cpu = wall.pop(ALLURE), cpu.pop(ALLURE)
    wall["add_pages"] -= allure
    return Made(sum(wall.values()), sum(cpu.values()) - allure_cpu, allure, wall)


def _hypercare(*words: str) -> None:
    environment = environment_with({"PYTHONPATH": str(PROJECT)})
    command = [sys.executable, "-m", "hypercare", *words]
    subprocess.run(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, check=True)
