"""Whether a JSON answer has the shape and the values that an endpoint promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.signals import MonitorFault
from hypercare.target_file.duration import parsed_duration

_FRESH = timedelta(minutes=2)
_MISSING = object()


@dataclass(frozen=True)
class Moment:
    """What an expectation may refer to: "{today}" is the business day, "<now>" is judged against `now`."""

    now: datetime
    today: str

    def filled(self, text: str) -> str:
        return text.replace("{today}", self.today)


def misfits(answer: Any, expect: Mapping[str, Any], moment: Moment) -> list[str]:
    """One phrase for each place of `answer` that is not as expected; none when all are.

    Places are dotted paths; a number picks from a list, "*" means every entry. What is expected is a value, or in
    angle brackets: <any>, <list>, <some> (a list that is not empty), <number>, <text>, <object>, <true or false>,
    <money> (decimal text or a number), <instant> (ISO time with its zone), <now> or <now 5m> (an instant at most
    that far from the present), or values that are all right: <ok|degraded>.
    """
    found = []
    for path, expected in expect.items():
        for place, value in _at(answer, path.split(".") if path else [], ""):
            phrase = _misfit(value, expected, moment)
            if phrase:
                found.append(f"{place or 'the answer'} {phrase}")
                break
    return found


def _at(value: Any, path: list[str], place: str) -> Iterator[tuple[str, Any]]:
    if not path:
        yield place, value
        return
    step, rest = path[0], path[1:]
    here = f"{place}.{step}" if place else step
    if step == "*":
        entries = value if isinstance(value, list) else []
        if not isinstance(value, list):
            yield here, _MISSING
        for number, entry in enumerate(entries):
            yield from _at(entry, rest, f"{place}.{number}" if place else str(number))
    elif isinstance(value, dict) and step in value:
        yield from _at(value[step], rest, here)
    elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
        yield from _at(value[int(step)], rest, here)
    else:
        yield here, _MISSING


def _misfit(value: Any, expected: Any, moment: Moment) -> str:
    if value is _MISSING:
        return "is missing"
    if isinstance(expected, str) and expected.startswith("<") and expected.endswith(">"):
        return _kind_misfit(value, expected[1:-1].strip(), moment)
    if isinstance(expected, str):
        expected = moment.filled(expected)
    # True == 1 in Python, but not in JSON.
    if value != expected or isinstance(value, bool) != isinstance(expected, bool):
        return f"is {_shown(value)} where {_shown(expected)} is right"
    return ""


def _kind_misfit(value: Any, kind: str, moment: Moment) -> str:
    if "|" in kind:
        allowed = [word.strip() for word in kind.split("|")]
        return "" if str(value) in allowed else f"is {_shown(value)} where {' or '.join(allowed)} is right"
    if kind == "now" or kind.startswith("now "):
        return _not_now(value, kind[4:], moment)
    if kind not in _KINDS:
        raise MonitorFault(
            f'An endpoint expects "<{kind}>", which is no known kind.',
            remedy=f"Known are {', '.join(f'<{kind_name}>' for kind_name in (*_KINDS, 'now', 'now 5m', 'this|that'))}.",
        )
    words, fits = _KINDS[kind]
    return "" if fits(value) else f"is {_shown(value)} where {words} is right"


def _not_now(value: Any, length: str, moment: Moment) -> str:
    try:
        allowed = parsed_duration(length.strip()) if length.strip() else _FRESH
    except ValueError as error:
        raise MonitorFault(f'An endpoint expects "<now {length}>": {error}.') from None
    assert isinstance(allowed, timedelta)
    instant = _instant(value)
    if instant is None:
        return f"is {_shown(value)} where a time with its zone is right"
    apart = moment.now - instant
    if abs(apart) <= allowed:
        return ""
    return f"is {rounded_duration(abs(apart))} {'old' if apart > timedelta(0) else 'in the future'}"


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_money(value: Any) -> bool:
    if not isinstance(value, str):
        return _is_number(value)
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "any": ("anything", lambda value: True),
    "list": ("a list", lambda value: isinstance(value, list)),
    "some": ("a list that is not empty", lambda value: isinstance(value, list) and bool(value)),
    "number": ("a number", _is_number),
    "text": ("a text", lambda value: isinstance(value, str) and bool(value.strip())),
    "object": ("an object", lambda value: isinstance(value, dict)),
    "true or false": ("true or false", lambda value: isinstance(value, bool)),
    "money": ("an amount", _is_money),
    "instant": ("a time with its zone", lambda value: _instant(value) is not None),
}


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "an empty list" if not value else f"a list of {len(value)}"
    if isinstance(value, dict):
        return "an object"
    if value is None:
        return "null"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
