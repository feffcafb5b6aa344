"""The figures of the day: which the plan asks for, and how a number is shown to a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from hypercare.plan.item import PlannedFigure
from hypercare.reports.summary import FigureWords, Summary

USERS, OPERATIONS, SYSTEM = "User activity", "Operations", "System health"

# The names are those that the checks record; the order is that of the plan's daily report.
KNOWN: dict[str, FigureWords] = {
    "sales_created": FigureWords(label="Sales created", section=OPERATIONS),
    "sales_finalised": FigureWords(label="Sales finalised", section=OPERATIONS),
    "sales_amount": FigureWords(label="Sales amount", unit="money", section=OPERATIONS),
    "sales_amount_by_branch": FigureWords(label="Sales amount by branch", unit="money", section=OPERATIONS),
    "sales_voided": FigureWords(label="Sales voided", section=OPERATIONS),
    "sales_by_state": FigureWords(label="Sales by state", section=OPERATIONS),
    "payments_by_method": FigureWords(label="Paid, by way of payment", unit="money", section=OPERATIONS),
    "first_sales_looked_at": FigureWords(label="First sales looked at", section=OPERATIONS),
    "steps_updated": FigureWords(label="Production steps updated", section=OPERATIONS),
    "steps_completed": FigureWords(label="Production steps completed", section=OPERATIONS),
    "orders_created": FigureWords(label="Production orders created", section=OPERATIONS),
    "orders_completed": FigureWords(label="Production orders completed", section=OPERATIONS),
    "costs_entered": FigureWords(label="Costs entered", section=OPERATIONS),
    "costs_amount": FigureWords(label="Costs amount", unit="money", section=OPERATIONS),
    "users_logged_in": FigureWords(label="Users logged in", section=USERS),
    "users_active": FigureWords(label="Active users", section=USERS),
    "users_without_activity": FigureWords(label="Users expected and without activity", section=USERS),
    "adoption_by_branch": FigureWords(label="People at work in the system, by branch", unit="%", section=USERS),
    "adoption_by_role": FigureWords(label="People at work in the system, by role", unit="%", section=USERS),
    "features_unused": FigureWords(label="Things that the API offers and nobody used", section=USERS),
    "login_failures": FigureWords(label="Failed log-ins", section=USERS),
    "resistance_signs": FigureWords(label="Signs of resistance", section=USERS),
    "resistance_decreasing": FigureWords(label="Signs of resistance that decrease", section=USERS),
    "users_needing_support": FigureWords(label="Users needing support", section=USERS),
    "errors": FigureWords(label="Errors in the logs", section=SYSTEM),
    "errors_critical": FigureWords(label="Critical errors", section=SYSTEM),
    "errors_by_kind": FigureWords(label="Errors in the logs by kind", section=SYSTEM),
    "issues_reported": FigureWords(label="Issues reported", section=SYSTEM),
    "issues_open": FigureWords(label="Issues open", section=SYSTEM),
    "api_calls": FigureWords(label="Requests answered since the last round", section=SYSTEM),
    "response_median_ms": FigureWords(label="Usual response", unit="ms", section=SYSTEM),
    "response_p95_ms": FigureWords(label="Response time, p95", unit="ms", section=SYSTEM),
    "mobile_interactive_s": FigureWords(label="Phone app ready after", unit="s", section=SYSTEM),
    "requests_today": FigureWords(label="Requests answered today", section=SYSTEM),
    "response_mean_ms": FigureWords(label="Response on average today", unit="ms", section=SYSTEM),
    "response_median_of_day_ms": FigureWords(label="Usual response today", unit="ms", section=SYSTEM),
    "response_by_way_ms": FigureWords(label="Usual response by way to work", unit="ms", section=SYSTEM),
    "statement_mean_ms": FigureWords(label="A statement to the database on average", unit="ms", section=SYSTEM),
    "response_times_usual": FigureWords(label="Response beside the days before", unit="times", section=SYSTEM),
    "response_trend_percent_a_day": FigureWords(label="Steepest trend of responses", unit="% a day", section=SYSTEM),
    "busiest_hour_requests": FigureWords(label="Requests in the busiest hour", section=SYSTEM),
    "load_headroom_percent": FigureWords(label="Served in time beyond the busiest hour", unit="%", section=SYSTEM),
    "load_trial_p95_ms": FigureWords(label="Response under a trial of load, p95", unit="ms", section=SYSTEM),
    "slow_statements": FigureWords(label="Slow kinds of statement", section=SYSTEM),
    "application_starts": FigureWords(label="Application starts", section=SYSTEM),
    "downtime_minutes": FigureWords(label="Downtime since the last review", unit="min", section=SYSTEM),
    "backend_log_lines": FigureWords(label="Lines of the application's logs read", section=SYSTEM),
    "backend_log_errors": FigureWords(label="Errors in the application's logs", section=SYSTEM),
    "database_log_lines": FigureWords(label="Lines of the database's logs read", section=SYSTEM),
    "database_log_errors": FigureWords(label="Errors in the database's logs", section=SYSTEM),
    "user_reports": FigureWords(label="Reports of users since the last review", section=SYSTEM),
    "user_reports_by_category": FigureWords(label="Reports of users by category", section=SYSTEM),
}
_MONEY_ENDINGS = ("_amount", "_sum", "_total")
_UNIT_ENDINGS = {"_ms": "ms", "_seconds": "s", "_s": "s", "_hours": "h", "_percent": "%"}


def words_of_plan(figures: Iterable[PlannedFigure]) -> dict[str, FigureWords]:
    """The words of figures that a plan declares; of one that the program knows, what is left out is as it has it."""
    words = {}
    for figure in figures:
        usual = KNOWN.get(figure.name, FigureWords(label=""))
        unit, section = figure.unit or usual.unit, figure.section or usual.section
        words[figure.name] = FigureWords(label=figure.words, unit=unit, section=section)
    return words


@dataclass(frozen=True)
class Share:
    """One part of a figure that is broken down."""

    name: str
    text: str


@dataclass(frozen=True)
class Figure:
    name: str
    label: str
    section: str
    text: str
    unit: str
    shares: tuple[Share, ...] = ()


def figures_of(summary: Summary) -> Iterator[Figure]:
    """The figures in the plan's order, then those that it declares itself, then the rest by name."""
    order = (*KNOWN, *(name for name in summary.figure_words if name not in KNOWN))
    place = {name: number for number, name in enumerate(order)}
    for name in sorted(summary.figures, key=lambda one: (place.get(one, len(place)), one)):
        value = summary.figures[name]
        words = words_of(name, summary)
        unit = _unit(words.unit, summary.currency)
        if isinstance(value, Mapping) and not value:
            yield Figure(name, words.label, words.section, "none", "")
        elif isinstance(value, Mapping):
            yield Figure(name, words.label, words.section, "", unit, tuple(_shares(value)))
        else:
            yield Figure(name, words.label, words.section, shown(value), unit if value is not None else "")


def words_of(name: str, summary: Summary) -> FigureWords:
    words = summary.figure_words.get(name) or KNOWN.get(name)
    if words is not None:
        return words
    unit = next((unit for ending, unit in _UNIT_ENDINGS.items() if name.endswith(ending)), "")
    stem = name[: name.rindex("_")] if unit else name
    if name.endswith(_MONEY_ENDINGS):
        unit = "money"
    return FigureWords(label=stem.replace("_", " ").replace(".", " ").strip().capitalize() or name, unit=unit)


def text_of(name: str, summary: Summary) -> str:
    """One figure with its unit, or that it is not known."""
    value = summary.figures.get(name)
    if value is None or isinstance(value, Mapping):
        return "not known"
    unit = _unit(words_of(name, summary).unit, summary.currency)
    return f"{shown(value)} {unit}".strip()


def shown(value: object) -> str:
    """A number with its thousands parted; anything else as it is."""
    number = number_of(value)
    if value is None:
        return "not known"
    if number is None:
        return str(value)
    return f"{number:,f}" if number.is_finite() else str(value)


def number_of(value: object) -> Decimal | None:
    """The value as a number, whether it came as one or as text; None where it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _unit(unit: str, currency: str) -> str:
    return currency if unit == "money" else unit


def _shares(parts: Mapping[str, object]) -> Iterator[Share]:
    numbers = {name: number_of(value) or Decimal(0) for name, value in parts.items()}
    for name in sorted(numbers, key=lambda one: -numbers[one]):
        yield Share(name, shown(parts[name]))
