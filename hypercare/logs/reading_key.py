"""On what it depends what a reading takes for an error: when this changes, nothing that was read before counts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from hypercare.logs.own_statements import OwnStatements
from hypercare.logs.reading import LogReader
from hypercare.logs.understanding import Understanding
from hypercare.target_file.sections.logs import KnownError, LogRule


def reading_key(
    reader: LogReader, rules: Sequence[LogRule], known_errors: Sequence[KnownError], own: OwnStatements
) -> str:
    """A sum of how the log is written as far as is known, its section, the rules for it and this version of the suite.

    `known_errors` are those of today.
    """
    parts = (
        _version(),
        reader.source.model_dump_json(),
        *(one.model_dump_json() for one in (*rules, *known_errors)),
        repr(own),
        # What is fetched has the names that we give it, and the few entries of a look are no sample of its form.
        *(_as_understood(reader.understanding) if reader.fetched is None else ()),
    )
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()[:32]


def _as_understood(understanding: Understanding) -> tuple[object, ...]:
    texts, fields, times = understanding.text_levels, understanding.field_levels, understanding.times
    return (
        (understanding.encoding, understanding.head.pattern, understanding.is_json, understanding.is_keyed),
        (understanding.quiet_unless_told, understanding.columns, understanding.keeps_objects),
        (texts.places, sorted(texts.shapes), texts.as_letter, texts.glued, texts.numbered, texts.is_column),
        (fields.key, fields.scale and fields.scale.name, fields.mapped, fields.unstated),
        (fields.is_nearly_everywhere, bool(fields.numbers), texts.loud_lines and texts.loud_lines.pattern),
        ([form.name for form in times.forms], times.order, str(times.zone)),
    )


def _version() -> str:
    try:
        return version("hypercare")
    except PackageNotFoundError:
        return ""
