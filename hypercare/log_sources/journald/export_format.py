"""The forms in which a journal is handed on: an object of JSON a line, and the export format with its binary fields.

https://systemd.io/JOURNAL_EXPORT_FORMATS
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import IO, Any

from hypercare.log_sources.protocol import Entry

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_FIELD = 16 << 20
# As of "-- No entries --", which journalctl prints among them.
_REMARK = b"-- "
# By when journald received it, entries are in order; not every form has it.
_TIMES = ("__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP")
# Addresses within the journal, which tell nobody anything and differ in each entry.
_INNER = (
    "__SEQNUM",
    "__SEQNUM_ID",
    "__MONOTONIC_TIMESTAMP",
    "_SOURCE_MONOTONIC_TIMESTAMP",
    "_SOURCE_REALTIME_TIMESTAMP",
)


class NotAJournal(Exception):
    """What was read is in neither of the forms."""


def entries_in(file: IO[bytes]) -> Iterator[Entry]:
    """The entries of a stream in either form.

    Raises:
        NotAJournal: it is in neither.
    """
    first = file.readline()
    while first in {b"\n", b"\r\n"} or first.startswith(_REMARK):
        first = file.readline()
    if not first:
        return
    objects = _of_json(first, file) if first.startswith(b"{") else _of_export(first, file)
    for fields in objects:
        entry = _entry(fields)
        if entry is not None:
            yield entry


def _of_json(first: bytes, file: IO[bytes]) -> Iterator[Mapping[str, Any]]:
    line = first
    while line:
        text = b"" if line.startswith(_REMARK) else line.strip().removesuffix(b",")
        try:
            fields = json.loads(text.decode("utf-8", "replace")) if text else None
        except ValueError:
            if not line.endswith(b"\n"):
                return  # the last line is being written
            raise NotAJournal from None
        if isinstance(fields, dict):
            yield {name: _plain(value) for name, value in fields.items()}
        line = file.readline()


def _of_export(first: bytes, file: IO[bytes]) -> Iterator[Mapping[str, Any]]:
    fields: dict[str, Any] = {}
    line = first
    while line:
        text = line.rstrip(b"\n")
        if not text:
            if fields:
                yield fields
            fields = {}
        elif b"=" in text:
            name, _, value = text.partition(b"=")
            fields.setdefault(_named(name), value.decode("utf-8", "replace"))
        else:
            field, binary = _named(text), _binary(file)
            if binary is None:
                return  # it is being written
            fields.setdefault(field, binary.decode("utf-8", "replace"))
        line = file.readline()
    if fields:
        yield fields


def _named(name: bytes) -> str:
    if not name or not name.replace(b"_", b"").isalnum() or name != name.upper():
        raise NotAJournal
    return name.decode("ascii", "replace")


def _binary(file: IO[bytes]) -> bytes | None:
    """A field that holds line ends: its length as eight bytes, the smallest first, its bytes, a line end."""
    head = file.read(8)
    if len(head) < 8:
        return None
    length = int.from_bytes(head, "little")
    if length > _LARGEST_FIELD:
        raise NotAJournal
    value = file.read(length)
    return value if len(value) == length and file.read(1) == b"\n" else None


def _plain(value: object) -> object:
    """In JSON what is no text is a list of its bytes, and of what came several times a list of the values."""
    if isinstance(value, list):
        if value and all(isinstance(one, int) and 0 <= one < 256 for one in value):
            return bytes(value).decode("utf-8", "replace")
        return next((_plain(one) for one in value if one is not None), None)
    return value


def _entry(fields: Mapping[str, Any]) -> Entry | None:
    stated = [str(fields[name]) for name in _TIMES if str(fields.get(name, "")).isdigit()]
    if not stated:
        return None
    at = _EPOCH + timedelta(microseconds=int(stated[0]))
    cursor = str(fields.get("__CURSOR") or f"{stated[0]} {fields.get('MESSAGE')}")
    unit = fields.get("_SYSTEMD_UNIT") or fields.get("SYSLOG_IDENTIFIER") or ""
    own_fields = {name: value for name, value in fields.items() if name not in _INNER and name != "__CURSOR"}
    own_fields["MESSAGE"] = str(own_fields.get("MESSAGE") or "")
    own_fields["logger"] = str(unit)
    own_fields.pop("__REALTIME_TIMESTAMP", None)
    return Entry(at, cursor, f"{unit} at {at:%Y-%m-%d %H:%M:%S.%f}".strip(), own_fields)
