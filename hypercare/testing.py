"""For authors of checks: a small target, a clock that stands where it is set, and one check run in a plain test.

What this module exports is public. Within one minor version (0.1.x, 0.2.x ...) it keeps its names, arguments and
meaning, and only gains; what is to go is told in CHANGELOG.md one minor version before it goes. docs/own-checks.md
shows how it is used.
"""

from __future__ import annotations

import inspect
import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from hypercare import fixtures
from hypercare.browser.browser import Browser
from hypercare.browser.local_certificate_keys import keys_only_known_here
from hypercare.database.database import Database
from hypercare.history.memory import Memory
from hypercare.outcome.finding import Finding
from hypercare.outcome.series import Series
from hypercare.outcome.signals import AwaitingPerson, ChannelDown, CheckFailed, MonitorFault, NotCovered
from hypercare.seals import SealStore
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import Target, clock_of

__all__ = ["Ended", "Resources", "load_small_target", "make_target", "run_check", "small_target"]


@dataclass(frozen=True)
class Ended:
    """How a check ended.

    `outcome` is "passed", "failed" (with its `finding`), "not covered" (with its `reason` and the `remedy` that would
    cover it), "down" (a way into the target does not work), "awaiting" (the `reason` is what a person is asked) or
    "fault" (of the monitor). `figures` are those that it told of, `series` how some of them went along the day.
    """

    outcome: str
    finding: Finding | None = None
    reason: str = ""
    remedy: str = ""
    figures: Mapping[str, object] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What the finding says; nothing where there is none."""
        return self.finding.sentence if self.finding is not None else ""


class Resources(dict[str, Any]):
    """What checks may ask for of one target, each made at first use and then shared.

    These are the resources of hypercare/fixtures.py but for `incidents` and `availability`, of which nothing is known
    without a round: what needs the API, a browser or backups looks at what the target names. Nothing is remembered of
    earlier rounds. Others, such as those of one's own, are given by name.
    """

    def __init__(self, target: Target, database: Database | None = None, **others: Any) -> None:
        super().__init__(others)
        self.target = target
        self._open_database = database
        self._closing = ExitStack()

    def __missing__(self, name: str) -> Any:
        self[name] = self._made(name)
        return self[name]

    def close(self) -> None:
        """Close what was opened here."""
        self._closing.close()

    def _made(self, name: str) -> Any:
        if name == "target":
            return self.target
        if name == "database":
            return self._open_database or self._closing.enter_context(closing(Database(self.target)))
        if name == "suite_session":
            return _WithoutRound(self.target, self["database"], self._closing)
        function = _functions().get(name)
        if function is None:
            raise LookupError(
                f"the check asks for {name!r}, which is not made here; give it: run_check(..., {name}=...)"
            )
        made = function(**{one: self[one] for one in inspect.signature(function).parameters})
        if not inspect.isgenerator(made):
            return made
        self._closing.callback(next, made, None)
        return next(made)


@dataclass
class _WithoutRound:
    """What resources take from the session of a round: here nothing was remembered, and nothing will be."""

    target: Target
    database: Database
    closing: ExitStack
    memory: Memory = field(default_factory=Memory)
    seal_store: SealStore = field(default_factory=SealStore)

    @cached_property
    def browser(self) -> Browser:
        return self.closing.enter_context(closing(Browser(lambda: keys_only_known_here(self.target.config))))


def _functions() -> Mapping[str, Callable[..., Any]]:
    """The resources of checks by name; what needs a round of its own to be told to is left out."""
    made = {name: inspect.unwrap(one) for name, one in vars(fixtures).items() if hasattr(one, "__wrapped__")}
    of_rounds = {
        "figure",
        "incidents",
        "availability",
        "earlier_trials_undone",
        "branches_in_focus",
        "gate",
        "ask",
        "reach",
        "reviews",
        "series",
    }
    return {name: function for name, function in made.items() if name not in of_rounds}


def run_check(check: Callable[..., object], target: Target | Resources, **resources: Any) -> Ended:
    """Run a check once, without a round, and say how it ended.

    The check is called with the resources that it asks for, made for the target; those of one's own are given by
    name. Several checks share what they ask for where `Resources` are given in place of a target. An exception that
    is none of the suite's signals is a mistake of the check, and is raised.

    Raises:
        LookupError: the check asks for what is neither made here nor given.
    """
    shared = target if isinstance(target, Resources) else Resources(target)
    figures: dict[str, object] = {}
    series: dict[str, Series] = {}
    told = {"figure": figures.__setitem__, "series": series.__setitem__}
    own_resources = {**told, "branches_in_focus": None, **resources}

    def called() -> None:
        names = inspect.signature(check).parameters
        check(**{name: own_resources[name] if name in own_resources else shared[name] for name in names})

    try:
        return replace(_ended(called, figures), series=series)
    finally:
        if shared is not target:
            shared.close()


def _ended(call: Callable[[], None], figures: Mapping[str, object]) -> Ended:
    try:
        call()
    except CheckFailed as signal:
        return Ended("failed", signal.finding, figures=figures)
    except NotCovered as signal:
        return Ended("not covered", reason=signal.reason, remedy=signal.remedy, figures=figures)
    except ChannelDown as signal:
        return Ended("down", signal.finding, figures=figures)
    except AwaitingPerson as signal:
        return Ended("awaiting", reason=signal.question, figures=figures)
    except MonitorFault as signal:
        return Ended("fault", reason=signal.reason, remedy=signal.remedy, figures=figures)
    except pytest.skip.Exception as skipped:
        return Ended("not covered", reason=str(skipped), figures=figures)
    return Ended("passed", figures=figures)


def small_target(
    folder: Path,
    *,
    tables: str,
    as_of: datetime,
    mapping: Mapping[str, Any] | None = None,
    go_live: date | None = None,
    **sections: Any,
) -> Target:
    """A target that is a SQLite database in a folder, made by the SQL of `tables`, whose clock stands at `as_of`.

    `mapping` and `sections` are as in the target file: `canary={"branch": "T"}`. Without a date of going live the
    business is in its eighth day.
    """
    file = folder / "business.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(tables)
    business = {"clock": str(_standing_clock(folder, as_of)), **sections.pop("business", {})}
    live = go_live or as_of.date() - timedelta(days=7)
    return make_target(
        f"sqlite:///{file}", mapping or {}, as_of, go_live=live, state=folder / "state", business=business, **sections
    )


def load_small_target(folder: Path, text: str, *, as_of: datetime | None = None) -> Target:
    """A target from the text of a target file, which is written into the folder and read as any other.

    It is judged as of the present by its clock, or as of `as_of`; where the file names no clock, that stands there.

    Raises:
        TargetFileProblem: the text cannot be used, with the line on which something is wrong.
    """
    path = folder / "target.toml"
    path.write_text(text, encoding="utf-8")
    config = load_target(path)
    if as_of is not None and config.business.clock is None:
        business = config.business.model_copy(update={"clock": _standing_clock(folder, as_of)})
        config = config.model_copy(update={"business": business})
    return Target(config, folder / "state", as_of or clock_of(config))


def make_target(
    url: str,
    mapping: Mapping[str, Any],
    as_of: datetime,
    *,
    go_live: date = date(2026, 1, 8),
    zone: str = "Europe/Berlin",
    state: Path = Path("unused"),
    **sections: Any,
) -> Target:
    """A target that is nothing but a database with an address. Its clock is the real one, so that an old `as_of` is a
    replay, unless `business` names another."""
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": zone, "go_live": go_live, **sections.pop("business", {})},
            "database": {"url": url},
            "mapping": dict(mapping),
            **sections,
        }
    )
    return Target(config, state, as_of)


def _standing_clock(folder: Path, instant: datetime) -> Path:
    path = folder / "clock.json"
    text = instant.astimezone(UTC).isoformat()
    path.write_text(json.dumps({"set_to": text, "set_at": text, "rate": 0}), encoding="utf-8")
    return path
