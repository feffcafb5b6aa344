"""What was understood of a log, in words for whoever attaches it."""

from __future__ import annotations

from hypercare.logs.understanding import Understanding
from hypercare.target_file.sections.logs import LogSource


def said_of(told: Understanding, source: LogSource) -> str:
    """Form, level, time and encoding: "JSON lines, level under severity, times as year-month-day, utf-8"."""
    parts = [_form(told), _level(told) if source.holds != "access" else "", _times(told, source), told.encoding]
    return ", ".join(part for part in parts if part)


def _form(told: Understanding) -> str:
    if told.columns:
        return f"W3C columns ({len(told.columns)})"
    return "JSON lines" if told.is_json else "lines of named fields" if told.is_keyed else "plain lines"


def _level(told: Understanding) -> str:
    if (told.is_json or told.is_keyed) and told.field_levels.key:
        scale = f" on the {told.field_levels.scale.name} scale" if told.field_levels.scale else ""
        return f"level under {told.field_levels.key}{scale}"
    levels = told.text_levels
    if levels.pattern is not None:
        return "level by its pattern"
    if levels.glued or levels.as_letter:
        return "level as one letter"
    if levels.places:
        return f"level as word {' or '.join(str(place + 1) for place in levels.places)} of a line"
    return "level as the number of syslog" if levels.numbered else "level as a word in the line"


def _times(told: Understanding, source: LogSource) -> str:
    if told.times.own is not None:
        return "times by their pattern"
    if told.is_json:
        return ""
    name = told.times.forms[0].name
    order = f" ({told.times.order})" if told.times.forms[0].three_numbers and told.times.order else ""
    return f"times as {name}{order}, in {source.clock_zone} where none is named"
