"""Pages beside a report that say where its figures come from: which check, which round, as of when, and what it asked.

A page each for the checks that told a figure or that did not hold; what all others asked, Allure has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from hypercare.outcome.outcome import Outcome
from hypercare.reports.figures import Figure, figures_of
from hypercare.reports.page import page_assets, rendered
from hypercare.reports.questions import MOST, Question, questions_of, shown
from hypercare.reports.summary import Check, Summary

FOLDER, FIGURES = "questions", "figures.html"


def write_questions(summary: Summary, folder: Path, results: Iterable[Path]) -> None:
    """Write them to `folder`/questions from the folders of Allure results that the report's rounds left.

    Raises:
        OSError: a page cannot be written.
    """
    wanted, told = _wanted(summary), _told_by_checks(summary)
    asked: dict[str, list[Question]] = {}
    for place in results:
        asked |= questions_of(place, wanted)
    if not asked and not told:
        return
    out = folder / FOLDER
    out.mkdir(exist_ok=True)
    assets = page_assets()
    for check, questions in asked.items():
        page = rendered(
            "question_check.html.j2",
            check=wanted[check],
            item=_item_of(check, summary),
            questions=shown(questions),
            total=len(questions),
            most=MOST,
            **assets,
        )
        (out / page_name(check)).write_text(page, encoding="utf-8")
    figures = rendered(
        "figure_sources.html.j2",
        summary=summary,
        figures=told,
        pages={check: page_name(check) for check in asked},
        **assets,
    )
    (out / FIGURES).write_text(figures, encoding="utf-8")


def page_name(check: str) -> str:
    """A name that any file system takes, whatever a check is called."""
    return f"{hashlib.sha256(check.encode()).hexdigest()[:16]}.html"


def pages_there(summary: Summary, folder: Path) -> dict[str, str]:
    """By the ids of checks: the page of what each asked, relative to the report, where there is one."""
    names = {check.nodeid: f"{FOLDER}/{page_name(check.nodeid)}" for item in summary.items for check in item.checks}
    return {check: name for check, name in names.items() if (folder / name).is_file()}


def _wanted(summary: Summary) -> Mapping[str, Check]:
    telling = {source.check for source in summary.figure_sources.values()}
    checks = [check for item in summary.items for check in item.checks]
    return {
        one.nodeid: one for one in checks if one.nodeid in telling or one.outcome in (Outcome.FAILED, Outcome.FLAKY)
    }


def _item_of(check: str, summary: Summary) -> str:
    return next((item.id for item in summary.items if any(one.nodeid == check for one in item.checks)), "")


def _told_by_checks(summary: Summary) -> Sequence[Figure]:
    return [one for one in figures_of(summary) if one.name in summary.figure_sources]
