"""Samples that follow each other and say the same, put together: what was seen stays, its rows become few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from hypercare.uptime.sample import Sample

REACH = 1.5


def put_together(samples: Iterable[Sample], reach: float = REACH) -> list[Sample]:
    """The same looks in fewer samples, from which every uptime comes out as before.

    Looks of one prober at one way are put together while each came within `reach` intervals of the one before and saw
    the same at the same interval. The latency becomes their mean.
    """
    series: defaultdict[tuple[str, str, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        series[sample.way, sample.branch, sample.prober].append(sample)
    return [one for members in series.values() for one in _runs(sorted(members, key=lambda one: one.at), reach)]


def _runs(ordered: list[Sample], reach: float) -> Iterable[Sample]:
    run = ordered[0]
    for sample in ordered[1:]:
        if _same(run, sample) and run.newest < sample.at <= run.speaks_until(reach):
            run = _both(run, sample)
        else:
            yield run
            run = sample
    yield run


def _same(one: Sample, other: Sample) -> bool:
    return (one.state, one.confirmed, one.interval) == (other.state, other.confirmed, other.interval)


def _both(run: Sample, sample: Sample) -> Sample:
    count = run.count + sample.count
    told = [(one.latency_ms, one.count) for one in (run, sample) if one.latency_ms is not None]
    looks = sum(number for _, number in told)
    latency = sum(latency * number for latency, number in told) / looks if looks else None
    return replace(run, last=sample.newest, count=count, latency_ms=latency, says=run.says or sample.says)
