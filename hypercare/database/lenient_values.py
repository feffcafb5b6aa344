"""Values that a database keeps and Python has no word for: they are read as the text that the database shows.

PostgreSQL knows `infinity`, years before Christ and after 9999, and 24:00; a column of text may hold bytes of another
encoding. None of that is a reason not to read the row.
"""

from __future__ import annotations

from typing import Any

_BEYOND_PYTHON = ("date", "time", "timetz", "timestamp", "timestamptz", "interval")
_TEXTS = ("text", "varchar", "bpchar", "name")


def read_leniently(connection: Any) -> None:
    """Let a connection of psycopg give text where it would refuse a value."""
    anything = connection.info.parameter_status("server_encoding") == "SQL_ASCII"
    if anything:
        # Nothing says which encoding a text is of, and the server refuses to pass one on that is of another than ours.
        connection.execute("SET client_encoding = 'SQL_ASCII'")
    for name in (*_BEYOND_PYTHON, *(_TEXTS if anything else ())):
        known = connection.adapters.types.get(name)
        usual = None if known is None else connection.adapters.get_loader(known.oid, _text_format())
        if known is not None and usual is not None:
            connection.adapters.register_loader(known.oid, _lenient(usual))


def read_text(raw: bytes) -> str:
    """Text of any encoding: what is not UTF-8 is shown by a mark, as for SQLite, which checks none."""
    return raw.decode("utf-8", "replace")


def _text_format() -> Any:
    from psycopg.pq import Format

    return Format.TEXT


def _lenient(usual: Any) -> Any:
    from psycopg.adapt import Loader

    class Lenient(Loader):
        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._usual = usual(oid, context)

        def load(self, data: Any) -> Any:
            try:
                value = self._usual.load(data)
                return read_text(value) if isinstance(value, bytes) else value
            except Exception:  # noqa: BLE001 - whatever a driver says, the value is shown as it stands
                return read_text(bytes(data))

    return Lenient
