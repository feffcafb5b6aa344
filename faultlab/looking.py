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


class Sight(Enum):
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

    def takes_in(self, resources: Collection[str]) -> bool:
        """Whether a check that asks for these resources is to be run."""
        if self is Sight.EVERYTHING:
            return True
        if self is Sight.NO_BROWSER:
            return _BROWSER_CLIENTS.isdisjoint(resources)
        if self in _THROUGH:
            return not _THROUGH[self].isdisjoint(resources)
        if not _CLIENTS.isdisjoint(resources):
            return False
        if self is Sight.RECORDS:
            return "logs" not in resources
        return self is Sight.STORED or self.value in resources


_THROUGH = {
    Sight.CLIENTS: _CLIENTS,
    Sight.API: frozenset({"api", "synthetic"}),
    Sight.WEB: frozenset({"web", "synthetic"}),
    Sight.PHONE: frozenset({"phone"}),
}
_OF_GATEWAYS = {Where.API: Sight.API, Where.WEB: Sight.WEB, Where.MOBILE: Sight.PHONE}


def sight_of(fault: Fault) -> Sight:
    """Where a fault can show: a spoilt log shows to nobody who does not read logs, a record to nobody who does."""
    if fault.spoil is not None:
        reaches_phones = "health.mobile" in {*fault.noticed_by, *fault.may_notice}
        if reaches_phones and fault.where is Where.API:
            return Sight.CLIENTS
        return _OF_GATEWAYS.get(fault.where, Sight.CLIENTS)
    if fault.live:
        return Sight.EVERYTHING
    everywhere_else = {Where.LOGS: Sight.LOGS, Where.BACKUP: Sight.BACKUPS, Where.CLOCK: Sight.STORED}
    return everywhere_else.get(fault.where, Sight.RECORDS)


def wider(sights: Iterable[Sight]) -> Sight:
    """One that takes in what each of them does."""
    several = set(sights)
    if len(several) == 1:
        return several.pop()
    if several <= set(_THROUGH):
        return Sight.CLIENTS
    return Sight.STORED if several <= {Sight.STORED, Sight.RECORDS, Sight.LOGS, Sight.BACKUPS} else Sight.EVERYTHING


def items_of_round(chosen: Round) -> tuple[str, ...]:
    """The ids of the items that a daily round looks at."""
    return tuple(item.id for item in read_checklist(PROJECT / "checklist.toml").items if chosen in item.rounds)


@dataclass
class _Eye:
    """Chooses which checks run, and keeps how each ended."""

    sight: Sight
    results: list[CheckResult] = field(default_factory=list)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """What is put in between two looks is to be seen as rounds see it."""
        session.config.stash[SESSION].remembers = True

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if self.sight.takes_in(getattr(one, "fixturenames", ()))]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        result = getattr(report, "hypercare", None)
        if result is not None:
            self.results.append(CheckResult.from_dict(result))


def look(
    target_file: Path,
    reports: Path,
    *,
    sight: Sight,
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
    eye = _Eye(sight)
    command = [str(PROJECT / folder) for folder in FOLDERS]
    command += [f"--rootdir={PROJECT}", "-c", str(PROJECT / "pyproject.toml"), "--capture=no", "-o", "timeout=0"]
    command += [word for name in _WITHOUT for word in ("-p", f"no:{name}")]
    command += [f"--target={target_file}", f"--reports={reports}", "--no-retry"]
    if as_of:
        command.append(f"--as-of={as_of}")
    if items:
        command += ["--item", *items]
    status = pytest.main(command, plugins=[*plugins, eye])
    if not eye.results:
        raise RuntimeError(f"the suite did not look at anything (status {int(status)})")
    return eye.results
