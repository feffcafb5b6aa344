"""Letting the suite look at a system with a fault in it: its own checks, run by pytest within this process."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import pytest

from faultlab.fault import Fault, Where
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import read_checklist
from hypercare.plan.rounds import Round
from hypercare.suite.session import SESSION

PROJECT = Path(__file__).parents[1]
FOLDERS = ("tests_health", "tests_data", "tests_workflows", "tests_mobile")
_BROWSER_CLIENTS = frozenset({"web", "phone", "synthetic"})
_CLIENTS = _BROWSER_CLIENTS | {"api"}
_WITHOUT = ("terminal", "cacheprovider", "xdist", "unraisableexception", "threadexception")


# What a check asks for that looks at the suite's own rounds, or asks a person: no fault of a target shows there.
_OF_THE_WATCH = frozenset({"ask", "gate", "reach", "reviews"})


class Scope(Enum):
    """What is looked at. A check reaches the system through the resources that it asks for, and nothing else."""

    EVERYTHING = "everything, through the clients of a running system too"
    NO_BROWSER = "everything that needs no browser"
    CLIENTS = "every client of a running system"
    API = "the API, and what goes through it"
    WEB = "the web app, and what goes through it"
    PHONE = "the phone's app"
    STORED = "database, logs and backups"
    RECORDS = "database, and backups beside it"
    LOGS = "logs"
    BACKUPS = "backups"

    def includes(self, resources: Collection[str]) -> bool:
        """Whether a check that asks for these resources is to be run."""
        if self is Scope.EVERYTHING:
            return True
        if not _OF_THE_WATCH.isdisjoint(resources):
            return False
        if self is Scope.NO_BROWSER:
            return _BROWSER_CLIENTS.isdisjoint(resources)
        if self in _THROUGH:
            return not _THROUGH[self].isdisjoint(resources)
        if not _CLIENTS.isdisjoint(resources):
            return False
        if self is Scope.RECORDS:
            return "logs" not in resources
        return self is Scope.STORED or self.value in resources


_THROUGH = {
    Scope.CLIENTS: _CLIENTS,
    Scope.API: frozenset({"api", "synthetic"}),
    Scope.WEB: frozenset({"web", "synthetic"}),
    Scope.PHONE: frozenset({"phone"}),
}
_OF_GATEWAYS = {Where.API: Scope.API, Where.WEB: Scope.WEB, Where.MOBILE: Scope.PHONE}


def scope_of(fault: Fault) -> Scope:
    """Where a fault can show: a spoilt log shows to nobody who does not read logs, a record to nobody who does."""
    if fault.spoil is not None:
        reaches_phones = "health.mobile" in {*fault.noticed_by, *fault.may_notice}
        if reaches_phones and fault.where is Where.API:
            return Scope.CLIENTS
        return _OF_GATEWAYS.get(fault.where, Scope.CLIENTS)
    if fault.live:
        return Scope.EVERYTHING
    everywhere_else = {Where.LOGS: Scope.LOGS, Where.BACKUP: Scope.BACKUPS, Where.CLOCK: Scope.STORED}
    return everywhere_else.get(fault.where, Scope.RECORDS)


def wider(scopes: Iterable[Scope]) -> Scope:
    """One that takes in what each of them does."""
    several = set(scopes)
    if len(several) == 1:
        return several.pop()
    if several <= set(_THROUGH):
        return Scope.CLIENTS
    return Scope.STORED if several <= {Scope.STORED, Scope.RECORDS, Scope.LOGS, Scope.BACKUPS} else Scope.EVERYTHING


def items_of_round(chosen: Round) -> tuple[str, ...]:
    """The ids of the items that a daily round looks at."""
    return tuple(item.id for item in read_checklist(PROJECT / "checklist.toml").items if chosen in item.rounds)


@dataclass
class _ResultCollector:
    """Chooses which checks run, and keeps how each ended."""

    scope: Scope
    results: list[CheckResult] = field(default_factory=list)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """What is put in between two looks is to be seen as rounds see it."""
        session.config.stash[SESSION].remembers = True

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if self.scope.includes(getattr(one, "fixturenames", ()))]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        result = getattr(report, "hypercare", None)
        if result is not None:
            self.results.append(CheckResult.from_dict(result))


def run_checks(
    target_file: Path,
    reports: Path,
    *,
    scope: Scope,
    items: Collection[str] = (),
    plugins: Collection[object] = (),
    as_of: str = "",
) -> list[CheckResult]:
    """How each check of these items ended, of all items when none are named; each is looked at once.

    `reports` is where the suite keeps its own state, `plugins` go to pytest. `as_of` is the instant to judge as of, as
    `--as-of` takes it.

    Raises:
        RuntimeError: the suite did not look at anything.
    """
    collector = _ResultCollector(scope)
    command = [str(PROJECT / folder) for folder in FOLDERS]
    command += [f"--rootdir={PROJECT}", "-c", str(PROJECT / "pyproject.toml"), "--capture=no", "-o", "timeout=0"]
    command += [word for name in _WITHOUT for word in ("-p", f"no:{name}")]
    command += [f"--target={target_file}", f"--reports={reports}", "--no-retry"]
    if as_of:
        command.append(f"--as-of={as_of}")
    if items:
        command += ["--item", *items]
    status = pytest.main(command, plugins=[*plugins, collector])
    if not collector.results:
        raise RuntimeError(f"the suite did not look at anything (status {int(status)})")
    return collector.results
