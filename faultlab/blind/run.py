"""Putting drawings in, one after another, and what the checks made of each."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from faultlab.blind.shape import ASKED, QUIET, Drawing
from faultlab.columns.table_use import Only, WhatRemembers
from faultlab.injecting import inject, undo
from faultlab.problem import LabProblem
from faultlab.proving.prepared_day import target_file_of
from faultlab.scene import scene_of
from faultlab.suite_run import Scope, run_checks
from hypercare.adapters.demo.process import advance, copy_prepared
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of

_EARLIER_ROUNDS = (timedelta(days=1), timedelta(hours=3))
_AT_ONCE = 8
_OF_BACKUPS = "tests_health/test_backups.py"
_BAD = (Outcome.FAILED, Outcome.FLAKY, Outcome.MONITOR_FAULT)


@dataclass(frozen=True)
class DrawingResult:
    """What a drawing was answered with. `said` are the sentences, each with its items and level."""

    drawing: Drawing
    level: str
    said: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def noticed(self) -> bool:
        return self.level != QUIET

    @property
    def right(self) -> bool:
        """At a level that a person expects; for a healthy day, quiet."""
        shape = self.drawing.shape
        return not self.trouble and (not self.noticed if shape.healthy else self.level in shape.expected)

    @property
    def words(self) -> str:
        """In a line."""
        shape = self.drawing.shape
        says = self.trouble or f"{self.level}, expected {' or '.join(shape.expected) or QUIET}"
        return f"{shape.id}: {says}{'' if self.right else ' (not so)'}"

    def as_dict(self) -> dict[str, object]:
        """Built-in types only: id, kind, happens, chosen, expected, level, right, said, trouble."""
        shape = self.drawing.shape
        return {
            "id": shape.id,
            "kind": shape.kind.value,
            "happens": shape.happens,
            "chosen": self.drawing.chosen,
            "expected": list(shape.expected),
            "level": self.level,
            "right": self.right,
            "said": list(self.said),
            "trouble": self.trouble,
        }


def look_at(drawings: Sequence[Drawing], prepared: Path, seed: int = 1) -> Iterator[DrawingResult]:
    """Each drawing in turn, those of the same hour in the same copy of the business.

    Eight at once tell which checks stir at all; of each alone, these are asked, and all where they did not notice it.

    Raises LabProblem where the healthy system is not found healthy.
    """
    os.environ["PYTEST_ADDOPTS"] = "--assert=plain"
    ordered = sorted(drawings, key=_moment)
    for (day, at), several in groupby(ordered, key=_moment):
        workshop = Path(tempfile.mkdtemp(prefix="hypercare-blind-"))
        try:
            yield from _look_on(list(several), _copy(prepared, workshop / "state", day, at, seed), workshop)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)


def _moment(drawing: Drawing) -> tuple[int, time]:
    return drawing.shape.day, drawing.shape.at


def _copy(prepared: Path, state: Path, day: int, at: time, seed: int) -> Path:
    ready = prepared / f"day-{day}-{at:%H%M}-{seed}"
    if not ready.is_dir():
        draft = ready.with_suffix(".part")
        shutil.rmtree(draft, ignore_errors=True)
        prepared.mkdir(parents=True, exist_ok=True)
        copy_prepared(draft, days=day, seed=seed)
        advance(draft, f"{at:%H:%M}")
        draft.rename(ready)
    shutil.copytree(ready, state)
    return target_file_of(state)


def _look_on(drawings: Sequence[Drawing], target_file: Path, workshop: Path) -> Iterator[DrawingResult]:
    reports, remembered = workshop / "reports", workshop / "remembered"
    now = clock_of(load_target(target_file))
    for length in _EARLIER_ROUNDS:
        as_of = (now - length).isoformat(timespec="seconds")
        run_checks(target_file, reports, scope=Scope.RECORDS, as_of=as_of, plugins=[WhatRemembers()])
    shutil.copytree(reports, remembered)
    business = _Business(target_file, reports, remembered)
    stirred = [_said(one) for one in business.results() if _outcome(one) != QUIET]
    if stirred:
        raise LabProblem(f"the healthy system is not found healthy: {'; '.join(stirred)}")
    for start in range(0, len(drawings), _AT_ONCE):
        several = drawings[start : start + _AT_ONCE]
        stirring = business.stirred_by(several)
        for drawing in several:
            look = business.look(drawing, stirring)
            # One may hide another: what was not noticed among several is looked at alone by all.
            yield look if look.right or look.trouble else business.look(drawing)


@dataclass(frozen=True)
class _Business:
    """One copy at one hour; `remembered` is what rounds before left."""

    target_file: Path
    reports: Path
    remembered: Path

    def stirred_by(self, drawings: Sequence[Drawing]) -> list[str]:
        """The checks that stir when all of these are in at once: no other need be asked about one of them alone."""
        with ExitStack() as put_in:
            for drawing in drawings:
                with suppress(LabProblem):
                    inject(drawing.fault, self.target_file)
                    put_in.callback(undo, drawing.fault, self.target_file)
            seen_before = any(drawing.shape.seen_before for drawing in drawings)
            return [one.nodeid for one in self.results(seen_before=seen_before) if _outcome(one) != QUIET]

    def look(self, drawing: Drawing, checks: Collection[str] | None = None) -> DrawingResult:
        """What these checks, by default all, say of one drawing alone."""
        try:
            inject(drawing.fault, self.target_file)
        except LabProblem as problem:
            return DrawingResult(drawing, QUIET, trouble=str(problem))
        try:
            only = [] if checks is None else [Only(checks, until_one_fails=False)]
            some = checks is None or bool(checks)
            results = self.results(*only, seen_before=drawing.shape.seen_before) if some else []
        finally:
            undo(drawing.fault, self.target_file)
        stirred = [one for one in results if _outcome(one) != QUIET]
        worst = max((_outcome(one) for one in stirred), key=_ORDER.index, default=QUIET)
        return DrawingResult(drawing, worst, tuple(_said(one) for one in stirred))

    def results(self, *plugins: object, seen_before: bool = False) -> list[CheckResult]:
        shutil.rmtree(self.reports, ignore_errors=True)
        shutil.copytree(self.remembered, self.reports)
        if seen_before:
            with self._hours_ago():
                run_checks(self.target_file, self.reports, scope=Scope.RECORDS, plugins=[WhatRemembers()])
        others = [*plugins, _WithoutBackups()]
        return run_checks(self.target_file, self.reports, scope=Scope.RECORDS, plugins=others)

    @contextmanager
    def _hours_ago(self) -> Iterator[None]:
        """While the business's clock stands back by three hours."""
        with scene_of(self.target_file, "clock-set-back") as scene:
            scene.originals.begin()
            scene.put_clock_forward(hours=-_EARLIER_ROUNDS[-1].total_seconds() / 3600)
            try:
                yield
            finally:
                scene.put_back()
                scene.originals.forget()


class _WithoutBackups:
    """A plugin: no backup has what is drawn as of before it was made."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if not one.nodeid.startswith(_OF_BACKUPS)]


_ORDER = (QUIET, ASKED, "L1", "L2", "L3", "broken")


def _outcome(result: CheckResult) -> str:
    if result.outcome is Outcome.AWAITING:
        return ASKED
    if result.outcome is Outcome.FAILED:
        return str(result.level)
    return "broken" if result.outcome in _BAD else QUIET


def _said(result: CheckResult) -> str:
    return f"{', '.join(result.items)} ({_outcome(result)}): {result.sentence or result.detail}"
