"""What the system offers and nobody asks for: operations that are not used any more, or never were."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from hypercare.history.memory import Memory
from hypercare.logs import Logs
from hypercare.logs.request_use import Operation
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.open_hours import works_on
from hypercare.target_file.target import Target

_NAME = "use of operations by day"
_ASKED = "operations that people were asked about"
_DAYS = 7
# So many earlier days are read from the logs where no round remembers them.
_READ_BACK = 3
_MOST_KINDS = 500
_LEAST_DAYS = 3
# What was asked for so often on each earlier day does not stay away by chance.
_LEAST_A_DAY = 10
# A quiet day on which less than this share of the usual is asked for says nothing of any one operation.
_LEAST_SHARE_OF_A_DAY = 0.6
_PLACEHOLDER = re.compile(r"\{[^/{}]*\}")
_CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
# To come and go is no feature, nor is what machines ask each other.
_NO_FEATURE = re.compile(
    r"log-?in|log-?out|sign-?in|sign-?out|auth|token|session|health|ping|webhook|metrics|handshake", re.IGNORECASE
)

UseOfDay = Mapping[str, int]


@dataclass(frozen=True)
class NeverUsed:
    """What nobody uses: `found` are all, `new` those of which nobody was asked on an earlier day."""

    found: Found
    new: Found


class Features:
    """The operations that people ask for, day by day, as far back as a week."""

    def __init__(self, target: Target, logs: Logs, memory: Memory) -> None:
        self._target = target
        self._logs = logs
        self._memory = memory

    def no_longer_used(self) -> Found:
        """Operations that were asked for on each of the earlier days, and not once today, on a day like the others.

        Raises NotCovered where less than three earlier days are known, or little is asked for today at all.
        """
        today = self._today
        by_day = self._by_day("no longer used")
        use, earlier = by_day[today], [one for day, one in by_day.items() if day != today and one]
        if len(earlier) < _LEAST_DAYS:
            raise NotCovered(
                f"Not enough history: what people ask for is known of {len(earlier)} earlier days, of"
                f" {_LEAST_DAYS} that are needed.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        usual = median(sum(one.values()) for one in earlier)
        if sum(use.values()) < _LEAST_SHARE_OF_A_DAY * usual:
            raise NotCovered(
                f"Today {sum(use.values()):,} requests were made, where {usual:,.0f} are usual: "
                "that is too quiet a day to tell what is not used any more.",
                remedy="Nothing to mend: look again tomorrow.",
            )
        always = set.intersection(*(set(one) for one in earlier))
        least = {name: min(one[name] for one in earlier) for name in always}
        rows = [
            {"what": name, "least on a day": many, "earlier days": len(earlier), "today": 0}
            for name, many in sorted(least.items(), key=lambda pair: -pair[1])
            if many >= _LEAST_A_DAY and name not in use
        ]
        return Found.of_rows(rows, of=len(always), where="access log")

    def never_used(self, described: Iterable[Operation]) -> NeverUsed:
        """Of the described operations that change something, those that nobody asked for in the days that are known.

        `described` begin where the API's own address ends. One counts as used when it is asked for through any way in.
        Raises NotCovered where none of them is found in the logs at all: these tell of another system.
        """
        features = [one for one in described if one.method in _CHANGES and not _NO_FEATURE.search(one.route)]
        asked = Counter[str]()
        for one in self._by_day("never used").values():
            asked.update(one)
        used = [feature for feature in features if any(_is_asked(feature, name) for name in asked)]
        if not used:
            raise NotCovered(
                "None of the operations that the API describes is in the logs of requests.",
                remedy='Name the log of the server that answers for the API as [[logs]] with holds = "access".',
            )
        unused = [str(one) for one in features if one not in used]
        asked_before = self._asked_before(unused)
        all_of_them, new = (
            Found.of_rows(({"what": one} for one in names), of=len(features), where="access log")
            for names in (unused, [one for one in unused if one not in asked_before])
        )
        return NeverUsed(all_of_them, new)

    def _asked_before(self, unused: Sequence[str]) -> frozenset[str]:
        """Those of which people were asked on an earlier day; what is used meanwhile is forgotten."""
        today = self._today.isoformat()
        earlier: Mapping[str, str] = self._memory.recall(_ASKED) or {}
        since = {name: earlier.get(name, today) for name in unused}
        self._memory.keep(_ASKED, since, self._target.as_of)
        return frozenset(name for name, day in since.items() if day < today)

    @property
    def _today(self) -> date:
        return self._target.calendar.date_of(self._target.as_of)

    def _by_day(self, question: str) -> Mapping[date, UseOfDay]:
        """By day, how often each operation was asked for; days before the first that a round remembers are read."""
        today, calendar = self._today, self._target.calendar
        remembered: Mapping[str, Any] = self._memory.recall(_NAME) or {}
        found = {date.fromisoformat(day): dict(use) for day, use in remembered.items()}
        found = {day: use for day, use in found.items() if today - timedelta(days=_DAYS) <= day < today}
        if not found:
            days = [today - timedelta(days=number) for number in range(1, _DAYS + 1)]
            worked = [day for day in days if day >= calendar.go_live and works_on(self._target.config.business, day)]
            found = {day: self._read(day, question) for day in worked[:_READ_BACK]}
        found[today] = self._read(today, question)
        self._memory.keep(_NAME, {day.isoformat(): use for day, use in found.items()}, self._target.as_of)
        return found

    def _read(self, day: date, question: str) -> dict[str, int]:
        """What was asked for by this hour: what is done late each day has not been done yet today."""
        calendar, now = self._target.calendar, self._target.as_of
        period = self._target.today
        if day != self._today:
            period = calendar.day(day).until(calendar.at(day, now.astimezone(calendar.zone).time()))
        use = self._logs.use(period, question)
        return {str(operation): many for operation, many in use.asked.most_common(_MOST_KINDS)}


def operations_described(description: object, base: str) -> Sequence[Operation]:
    """The operations of an OpenAPI description; `base` is the path of the API's address, which their own may repeat.

    Raises NotCovered where it is no such description.
    """
    paths = description.get("paths") if isinstance(description, dict) else None
    if not isinstance(paths, dict) or not paths:
        raise NotCovered(
            "What the API says of itself is no OpenAPI description.",
            remedy="Name its address as [api] description: it is JSON with `paths`.",
        )
    return [
        Operation(method.upper(), path.removeprefix(base.rstrip("/")) or "/")
        for path, verbs in paths.items()
        if isinstance(verbs, dict)
        for method in verbs
        if method.upper() in {*_CHANGES, "GET"}
    ]


def _is_asked(feature: Operation, asked: str) -> bool:
    method, _, route = asked.partition(" ")
    return method == feature.method and _pattern(feature.route).search(_PLACEHOLDER.sub("1", route)) is not None


def _pattern(route: str) -> re.Pattern[str]:
    """A route that ends like this one, with anything in place of what identifies a record."""
    parts: Collection[str] = [re.escape(part) for part in _PLACEHOLDER.split(route.rstrip("/"))]
    return re.compile("[^/]+".join(parts) + "/?$")
