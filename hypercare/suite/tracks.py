"""Which checks may be looked at beside which others, and in which order.

A round spends its time waiting for others: a browser, the API, the database. So its checks go on several tracks at
once, each of which is one line. What must not be looked at beside something else is on its track, comes after it, or is
looked at alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pytest

from hypercare.target_file.seats import Sessions

ALONE = "alone"


class Track(StrEnum):
    """In the order in which they begin, that which answers soonest first. Whoever logs in, in a browser or not, and
    whatever is tried and undone, is PEOPLE; what uses resources of a project's own, or none, is OTHER."""

    DATA = "data"
    API = "api"
    PEOPLE = "people"
    LOGS = "logs"
    BACKUPS = "backups"
    OTHER = "other"


# One log-out may end all sessions of somebody, and one browser is enough.
_OF_PEOPLE = frozenset({"browser", "accounts"})
_RESOURCES = {"backups": Track.BACKUPS, "database": Track.DATA, "api": Track.API, "logs": Track.LOGS}
# What they tell of are requests and log-ins, those of our own among them.
_TELL_WHO_CAME = frozenset({"logs", "users", "activity"})
_OUR_FIXTURES = ("hypercare.", "_pytest.", "pytest_", "allure_")


@dataclass(frozen=True)
class PlannedCheck:
    """`number` is its place in the order in which results are told. It begins when those of `after` have ended, and
    where it `is_alone` when nothing else is looked at."""

    number: int
    track: Track
    after: frozenset[int] = frozenset()
    is_alone: bool = False


def in_running_order(tests: Sequence[pytest.Item], sessions: Sessions = Sessions.ANY) -> list[pytest.Item]:
    """First what looks by itself, a track after the other; then what people do, and what tells of it, in the order of
    the plan; last what is looked at alone, since it measures time."""
    tracks, names = _tracks(tests, sessions), list(Track)
    turns = {test: _turn(test, tracks[test]) for test in tests}
    return sorted(tests, key=lambda test: (turns[test], 0 if turns[test] else names.index(tracks[test])))


def planned(
    tests: Sequence[pytest.Item], plan: Sequence[pytest.Item], sessions: Sessions = Sessions.ANY
) -> list[PlannedCheck]:
    """Of tests in running order; `plan` are the same in the plan's order, `sessions` what the target allows."""
    tracks = _tracks(tests, sessions)
    number_of = {test: number for number, test in enumerate(tests)}
    earlier: set[int] = set()
    after: dict[pytest.Item, frozenset[int]] = {}
    for test in plan:
        after[test] = frozenset(earlier) if _tells_who_came(test) else frozenset()
        if tracks[test] in {Track.PEOPLE, Track.API} and not is_alone(test) and not _tells_who_came(test):
            earlier.add(number_of[test])
    return [PlannedCheck(number_of[test], tracks[test], after[test], is_alone(test)) for test in tests]


def is_alone(test: pytest.Item) -> bool:
    return test.get_closest_marker(ALONE) is not None


class Schedule:
    """What may begin next. Nothing but numbers goes in and out, so that it knows no process and no time."""

    def __init__(self, checks: Sequence[PlannedCheck], at_once: int) -> None:
        self._at_once = at_once
        self._waiting = {track: deque(one for one in checks if one.track is track) for track in Track}
        self._running: dict[Track, PlannedCheck] = {}
        self._ended: set[int] = set()
        self._want_quiet: list[Track] = []
        self._has_quiet: Track | None = None
        self._is_stopped = False

    def begin_next(self) -> PlannedCheck | None:
        """The check that begins now; None while others have to end first, or none is left."""
        if self._is_stopped or self._want_quiet or len(self._running) >= self._at_once:
            return None
        if any(one.is_alone for one in self._running.values()):
            return None
        heads = [line[0] for track, line in self._waiting.items() if line and track not in self._running]
        chosen = next((one for one in heads if not one.is_alone and one.after <= self._ended), None)
        if chosen is None and not self._running:
            chosen = min((one for one in heads if one.after <= self._ended), key=lambda one: one.number, default=None)
        if chosen is not None:
            self._running[chosen.track] = self._waiting[chosen.track].popleft()
        return chosen

    def end(self, check: PlannedCheck) -> None:
        del self._running[check.track]
        self._ended.add(check.number)
        if check.track in self._want_quiet:
            self._want_quiet.remove(check.track)
        if self._has_quiet is check.track:
            self._has_quiet = None

    def want_quiet(self, track: Track) -> None:
        """A check is to be looked at again with nothing beside it."""
        if track in self._running and track not in self._want_quiet:
            self._want_quiet.append(track)

    def give_quiet(self) -> Track | None:
        """Whose wish for quiet is granted now, once: all others wait for it, or for their own turn."""
        if self._has_quiet is not None or any(track not in self._want_quiet for track in self._running):
            return None
        self._has_quiet = next(iter(self._want_quiet), None)
        return self._has_quiet

    def is_through(self, track: Track) -> bool:
        return track not in self._running and not self._waiting[track]

    def stop(self) -> None:
        """Begin nothing more."""
        self._is_stopped = True

    @property
    def running(self) -> list[PlannedCheck]:
        return list(self._running.values())

    @property
    def is_over(self) -> bool:
        return not self._running and (self._is_stopped or not any(self._waiting.values()))


def _tracks(tests: Sequence[pytest.Item], sessions: Sessions) -> dict[pytest.Item, Track]:
    tracks = {test: _track_of(test, sessions) for test in tests}
    with_own = [test for test in tests if _brings_own_resources(test)]
    # A resource of a project's own is there once, whoever uses it.
    theirs = Track.PEOPLE if any(tracks[test] is Track.PEOPLE for test in with_own) else Track.OTHER
    return {**tracks, **dict.fromkeys(with_own, theirs)}


def _track_of(test: pytest.Item, sessions: Sessions) -> Track:
    names = _resources_of(test)
    if names & _OF_PEOPLE:
        return Track.PEOPLE
    track = next((track for name, track in _RESOURCES.items() if name in names), Track.OTHER)
    return Track.PEOPLE if "api" in names and sessions is not Sessions.ANY else track


def _turn(test: pytest.Item, track: Track) -> int:
    if is_alone(test):
        return 2
    return 1 if track is Track.PEOPLE or _tells_who_came(test) else 0


def _tells_who_came(test: pytest.Item) -> bool:
    return not _resources_of(test).isdisjoint(_TELL_WHO_CAME)


def _resources_of(test: pytest.Item) -> frozenset[str]:
    return frozenset(getattr(test, "fixturenames", ()))


def _brings_own_resources(test: pytest.Item) -> bool:
    definitions = getattr(getattr(test, "_fixtureinfo", None), "name2fixturedefs", {})
    modules = (str(one.func.__module__) for some in definitions.values() for one in some)
    return any(not module.startswith(_OUR_FIXTURES) for module in modules)
