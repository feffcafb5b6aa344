"""From the looks of other probers to samples of ours: which way each is of, and how far apart they were meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low
from urllib.parse import urlsplit

from hypercare.http.reachability import address_of
from hypercare.probing.imports.sample import ImportedSample, UnreadableFile
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.sample import Sample
from hypercare.uptime_history.arguments import known_ways

_NEIGHBOURS = 3
_ALIKE = 1.5
_DEFAULT_INTERVAL = timedelta(seconds=60)
_LONGEST_WORDS = 500


@dataclass(frozen=True)
class Assignment:
    """What the person says who imports: the way and branch that it is of, who looked, and how often.

    `only` picks the series whose name or address holds the text.
    """

    prober: str
    way: str = ""
    branch: str = ""
    only: str = ""
    interval: timedelta | None = None


def samples_of(looks: Iterable[ImportedSample], said: Assignment, config: TargetConfig) -> list[Sample]:
    """The looks as samples.

    Raises:
        UnreadableFile: it is not to be seen of which way a series is.
    """
    series: dict[tuple[str, str, str, str], list[ImportedSample]] = {}
    for look in looks:
        if said.only.lower() in f"{look.series} {look.url}".lower():
            series.setdefault((look.series, look.url, look.way, look.branch), []).append(look)
    if not series:
        raise UnreadableFile(f"no series in it has {said.only!r} in its name" if said.only else "it holds no look")
    samples: list[Sample] = []
    for (name, url, way, branch), members in series.items():
        way = said.way or way or _way_at(url, config)
        if not way:
            told = name or url or "the only series"
            raise UnreadableFile(f"it is not to be seen of which way {told} is; say it with --way, or pick with --only")
        if way not in known_ways(config):
            known = ", ".join(known_ways(config))
            raise UnreadableFile(f"there is no way {way!r}; known are {known}, and what [uptime] ways names")
        # Two monitors of one way are two probers of it.
        prober = f"{said.prober}: {name}"[:200] if name and len(series) > 1 else said.prober
        samples += _as_samples(members, way, said.branch or branch, prober, said.interval)
    return samples


def _as_samples(
    looks: list[ImportedSample], way: str, branch: str, prober: str, said: timedelta | None
) -> Iterator[Sample]:
    looks.sort(key=lambda look: look.at)
    apart = _intervals([look.at for look in looks])
    for look, usual in zip(looks, apart, strict=True):
        given = look.interval if look.last is not None else said or look.interval
        yield Sample(
            way=way,
            prober=prober,
            at=look.at,
            state=look.state,
            interval=usual if given is None else given,
            confirmed=look.confirmed,
            branch=branch,
            latency_ms=look.latency_ms,
            says=look.says[:_LONGEST_WORDS],
            last=look.last,
        )


def _intervals(instants: Sequence[datetime]) -> list[timedelta]:
    """How often it was looked around each instant: the time until the next look, unless nothing nearby is like it.

    So a silence of days is not taken for the interval, and an interval that changes is noticed at once.
    """
    apart = sorted(set(instants))
    gaps = [(after - before).total_seconds() for before, after in pairwise(apart)]
    if not gaps:
        return [_DEFAULT_INTERVAL] * len(instants)
    usual = [_usual(gaps, number) for number in range(len(gaps))]
    found = dict(zip(apart, [*usual, usual[-1]], strict=True))
    return [timedelta(seconds=found[instant]) for instant in instants]


def _usual(gaps: Sequence[float], number: int) -> float:
    around = [*gaps[max(0, number - _NEIGHBOURS) : number], *gaps[number + 1 : number + 1 + _NEIGHBOURS]]
    if not around or gaps[number] <= _ALIKE * max(around):
        return gaps[number]
    return median_low(around)


def _way_at(url: str, config: TargetConfig) -> str:
    """The way whose address this is: the one with the longest beginning in common, on the same host and port."""
    ways = {name: getattr(config, name) for name in ("web", "api", "mobile", "database")}
    addresses = {name: section.url for name, section in ways.items() if section is not None}
    if "://" not in url:
        return next((name for name, known in addresses.items() if url and url == _host_of(known)), "")
    near = [
        (len(urlsplit(known).path.rstrip("/")), name)
        for name, known in addresses.items()
        if "://" in known
        and name != "database"
        and address_of(known) == address_of(url)
        and urlsplit(url).path.startswith(urlsplit(known).path.rstrip("/"))
    ]
    return max(near, default=(0, ""))[1]


def _host_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
