"""metrics.prom: the round in Prometheus' text format, for a node exporter's textfile collector or a push gateway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.figures import number_of
from hypercare.reports.summary import ItemResult, Status, Summary

Labels = Mapping[str, str]
Sample = tuple[Labels, int | float | Decimal]


def metrics_text(summary: Summary) -> str:
    """All gauges of a round; each carries the labels `target` and `round`."""
    return "".join(_families(summary))


def _families(summary: Summary) -> Iterator[str]:
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
    took = (summary.finished - summary.started).total_seconds()
    yield _family("round_duration_seconds", "How long the round took.", [(about, took)])


def _outcome_samples(about: Labels, item: ItemResult) -> Iterator[Sample]:
    for outcome in Outcome:
        yield {**about, "item": item.id, "level": item.level, "outcome": outcome}, int(item.outcome is outcome)


def _figure_samples(about: Labels, summary: Summary) -> Iterator[Sample]:
    """Only what is a number; a figure that is broken down has a sample a part."""
    for name, value in summary.figures.items():
        parts = value if isinstance(value, Mapping) else {"": value}
        for part, amount in parts.items():
            number = number_of(amount)
            if number is not None:
                yield {**about, "name": name} | ({"part": part} if part else {}), number


def _family(name: str, words: str, samples: Iterable[Sample]) -> str:
    full = f"hypercare_{name}"
    lines = [f"{full}{{{_labels(labels)}}} {_number(value)}" for labels, value in samples]
    return "\n".join([f"# HELP {full} {_help(words)}", f"# TYPE {full} gauge", *lines]) + "\n"


def _labels(labels: Labels) -> str:
    return ",".join(f'{name}="{_label(str(value))}"' for name, value in labels.items())


def _label(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"').replace("\r", " ")


def _help(words: str) -> str:
    return words.replace("\\", "\\\\").replace("\n", "\\n")


def _number(value: int | float | Decimal) -> str:
    return format(value, "f") if isinstance(value, Decimal) else repr(value)
