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


def samples_of(imported: Iterable[ImportedSample], assignment: Assignment, config: TargetConfig) -> list[Sample]:
    """The looks as samples.

    Raises:
        UnreadableFile: it is not to be seen of which way a series is.
    """
    series: dict[tuple[str, str, str, str], list[ImportedSample]] = {}
    for sample in imported:
        if assignment.only.lower() in f"{sample.series} {sample.url}".lower():
            series.setdefault((sample.series, sample.url, sample.way, sample.branch), []).append(sample)
    if not series:
        raise UnreadableFile(
            f"no series in it has {assignment.only!r} in its name" if assignment.only else "it holds no look"
        )
    samples: list[Sample] = []
    for (name, url, way, branch), members in series.items():
        way = assignment.way or way or _way_at(url, config)
        if not way:
            series_name = name or url or "the only series"
            raise UnreadableFile(
                f"it is not to be seen of which way {series_name} is; say it with --way, or pick with --only"
            )
        if way not in known_ways(config):
            known_names = ", ".join(known_ways(config))
            raise UnreadableFile(f"there is no way {way!r}; known are {known_names}, and what [uptime] ways names")
        # Two monitors of one way are two probers of it.
        prober = f"{assignment.prober}: {name}"[:200] if name and len(series) > 1 else assignment.prober
        samples += _as_samples(members, way, assignment.branch or branch, prober, assignment.interval)
    return samples


def _as_samples(
    imported: list[ImportedSample], way: str, branch: str, prober: str, interval: timedelta | None
) -> Iterator[Sample]:
    imported.sort(key=lambda sample: sample.at)
    apart = _intervals([sample.at for sample in imported])
    for sample, usual in zip(imported, apart, strict=True):
        stated_interval = sample.interval if sample.last is not None else interval or sample.interval
        yield Sample(
            way=way,
            prober=prober,
            at=sample.at,
            state=sample.state,
            interval=usual if stated_interval is None else stated_interval,
            confirmed=sample.confirmed,
            branch=branch,
            latency_ms=sample.latency_ms,
            says=sample.says[:_LONGEST_WORDS],
            last=sample.last,
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
        return next((name for name, way_url in addresses.items() if url and url == _host_of(way_url)), "")
    near = [
        (len(urlsplit(way_url).path.rstrip("/")), name)
        for name, way_url in addresses.items()
        if "://" in way_url
        and name != "database"
        and address_of(way_url) == address_of(url)
        and urlsplit(url).path.startswith(urlsplit(way_url).path.rstrip("/"))
    ]
    return max(near, default=(0, ""))[1]


def _host_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
