"""metrics.prom: the round in Prometheus' text format, for a node exporter's textfile collector or a push gateway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from prometheus_client import Metric, generate_latest
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.figures import number_of
from hypercare.reports.summary import DatabaseUse, ItemResult, Status, Summary
from hypercare.safe_text import visible

Labels = Mapping[str, str]
Labelled = tuple[Labels, int | float | Decimal]


def metrics_text(summary: Summary) -> str:
    """All gauges of a round; each carries the labels `target` and `round`."""
    # A comment to Prometheus' own format, and what OpenMetrics ends with: the file is both.
    return f"{generate_latest(_Gauges(summary)).decode()}# EOF\n"


class _Gauges(Collector):
    """A round as the client collects it; kept in no registry, since the process ends with the round."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary

    def collect(self) -> Iterator[Metric]:
        return _families(self._summary)


def _families(summary: Summary) -> Iterator[Metric]:
    about = {"target": summary.target, "round": summary.round}
    statuses = [({**about, "status": status}, int(summary.status is status)) for status in Status]
    yield _family("status", "Status of the round: 1 for the one that holds.", statuses)
    outcomes = [sample for item in summary.items for sample in _outcome_samples(about, item)]
    yield _family("item_outcome", "Outcome of an item of the plan: 1 for the one that holds.", outcomes)
    durations = [({**about, "item": item.id}, item.duration_s) for item in summary.items]
    yield _family("item_duration_seconds", "Time spent on the checks of an item.", durations)
    counts = [({**about, "outcome": outcome}, number) for outcome, number in summary.counts.items()]
    yield _family("items", "Items of the round by outcome.", counts)
    open_levels = [incident.level for incident in summary.incidents if incident.is_open]
    incidents = [({**about, "level": level}, open_levels.count(level)) for level in Level]
    yield _family("open_incidents", "Open incidents by level.", incidents)
    yield _family(
        "coverage_ratio", "Share of the items that were looked at.", [(about, summary.coverage.percent / 100)]
    )
    yield _family("figure", "Figures of the day.", _figure_samples(about, summary))
    if summary.uptime:
        bounds = {"measured": summary.uptime.percent, "lower": summary.uptime.lower, "upper": summary.uptime.upper}
        uptime = [({**about, "bound": bound}, percent / 100) for bound, percent in bounds.items()]
        yield _family("uptime_ratio", "Share of service time that the system was up.", uptime)
    yield _family("day", "Days since go-live, which is day 1.", [(about, summary.day)])
    yield _family(
        "round_timestamp_seconds", "When the round finished, Unix time.", [(about, summary.finished.timestamp())]
    )
    if summary.database_use:
        yield from _database_use(about, summary.database_use)
    took = (summary.finished - summary.started).total_seconds()
    yield _family("round_duration_seconds", "How long the round took.", [(about, took)])


def _database_use(about: Labels, use: DatabaseUse) -> Iterator[Metric]:
    yield _family("database_statements", "Statements that the round put to the database.", [(about, use.statements)])
    yield _family("database_seconds", "For how long it was at work for the round, at most.", [(about, use.seconds)])
    shares = {"used": use.day_percent, "day_so_far": use.day_so_far_percent, "limit": use.limit_percent}
    of_day = [({**about, "of": of}, percent / 100) for of, percent in shares.items()]
    yield _family("database_day_ratio", "That beside a day, with the rounds before it, and what it may be.", of_day)
    slowest = [({**about, "item": use.slowest_item}, use.slowest_s)]
    yield _family("database_slowest_seconds", "How long the slowest question took.", slowest)
    yield _family("database_lock_wait_seconds", "The longest wait for a lock.", [(about, use.lock_wait_s)])
    yield _family("database_held_back", "Questions that would have read too much.", [(about, len(use.held_back))])
    if use.behind_s is not None:
        yield _family("database_behind_seconds", "How far the copy was behind.", [(about, use.behind_s)])


def _outcome_samples(about: Labels, item: ItemResult) -> Iterator[Labelled]:
    for outcome in Outcome:
        yield {**about, "item": item.id, "level": item.level, "outcome": outcome}, int(item.outcome is outcome)


def _figure_samples(about: Labels, summary: Summary) -> Iterator[Labelled]:
    """Only what is a number; a figure that is broken down has a sample a part."""
    for name, value in summary.figures.items():
        parts = value if isinstance(value, Mapping) else {"": value}
        for part, amount in parts.items():
            number = number_of(amount)
            if number is not None:
                yield {**about, "name": name} | ({"part": part} if part else {}), number


def _family(name: str, words: str, labelled: Iterable[Labelled]) -> Metric:
    family = Metric(f"hypercare_{name}", words, "gauge")
    for labels, value in labelled:
        shown = {key: visible(str(text)) for key, text in labels.items()}
        family.samples.append(Sample(family.name, shown, float(value)))
    return family
