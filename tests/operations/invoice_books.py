"""A small shop with invoices, an entity of its own: kept in whatever form a test asks for, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from hypercare.database.database import Database
from hypercare.operations.own_records import OwnRecords
from hypercare.target_file.target import Target
from tests.operations.checking import make_target

ZONE = ZoneInfo("Europe/Berlin")
AS_OF = datetime(2026, 1, 15, 17, tzinfo=ZONE).astimezone(UTC)
GO_LIVE = date(2026, 1, 8)
# Enough days of healthy invoices that a rule can doubt itself.
DAYS = [GO_LIVE + timedelta(days=number) for number in range(8)]
A_DAY = 5
ENTITIES: dict[str, Any] = {
    "invoice": {
        "fields": {
            "number": "text",
            "branch": "branch",
            "customer": "customer",
            "sale": "sale",
            "corrects": "invoice",
            "total": "money",
            "state": ["open", "paid", "cancelled"],
            "issued_at": "instant",
            "due_on": "day",
            "approved": "flag",
            "reminders": "number",
            "contact": {"type": "text", "personal": True},
        }
    },
    "reminder": {"fields": {"invoice": "invoice", "sent_at": "instant"}},
    "sale": {"fields": {"warehouse": "text"}},
}
_OPEN, _PAID, _CANCELLED = 10, 20, 90

Row = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """How the shop keeps keys, money and times, and how the target file says so."""

    name: str
    money: str = "decimal"
    time: str = "utc"
    key: Callable[[str, int], object] = lambda _, number: number

    def amount(self, amount: Decimal) -> object:
        return {"cents": int(amount * 100), "float": float(amount)}.get(self.money, str(amount))

    def moment(self, moment: datetime) -> object:
        local = moment.astimezone(ZONE if self.time in {"local", "iso-local"} else UTC).replace(tzinfo=None)
        numbers = {"seconds": int(moment.timestamp()), "milliseconds": int(moment.timestamp() * 1000)}
        return numbers.get(self.time) or local.isoformat(sep="T" if self.time.startswith("iso") else " ")


def uuid_of(table: str, number: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"{table}/{number}"))


FORMS = (
    Form("decimal money, times in UTC, numbered keys"),
    Form("cents, local times, UUIDs", money="cents", time="local", key=uuid_of),
    Form("float money, seconds", money="float", time="seconds"),
    Form("cents, milliseconds, UUIDs", money="cents", time="milliseconds", key=uuid_of),
    Form("decimal money, ISO texts in UTC", time="iso-utc"),
    Form("float money, local ISO texts", money="float", time="iso-local"),
)


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)


@dataclass
class Books:
    """Healthy books at first: five invoices a day of two branches, due in two weeks, and one of the canary's."""

    file: Path
    form: Form = FORMS[0]
    invoices: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.invoices = [_invoice(number, day) for number, day in enumerate(sorted(DAYS * A_DAY), start=1)]

    @property
    def mapping(self) -> dict[str, Any]:
        return {
            "money": self.form.money,
            "time": self.form.time,
            "branch": {"table": "shops", "columns": {"id": "id", "code": "code"}},
            "customer": {"table": "people", "columns": {"id": "id", "name": "name", "branch": "shop"}},
            "sale": {"table": "bills", "columns": {"id": "id", "branch": "shop", "warehouse": "store"}},
            "invoice": {
                "table": "invoices",
                "where": "hidden = 0",
                "columns": {
                    "id": "id", "number": "no", "branch": "shop", "customer": "person", "sale": "bill",
                    "corrects": "corrects", "total": "total", "state": "stage", "issued_at": "issued", "due_on": "due",
                    "approved": "approved", "reminders": "reminders", "contact": "contact",
                },
                "values": {"state": {"open": [_OPEN, 11], "paid": _PAID, "cancelled": _CANCELLED}},
            },
        }  # fmt: skip

    def change(self, number: int, **fields: Any) -> None:
        self.invoices[number - 1].update(fields)

    def hold_for_synthetic(self, number: int, **fields: Any) -> None:
        """One more invoice, which is somehow the canary's."""
        self.invoices.append({**_invoice(number, DAYS[-1]), "branch": None, "customer": None, "sale": None, **fields})

    def write(self) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.executescript(
                "CREATE TABLE shops (id, code); CREATE TABLE people (id, name, shop);"
                "CREATE TABLE bills (id, shop, store);"
                "CREATE TABLE invoices (id, no, shop, person, bill, corrects, total NUMERIC, stage, issued, due,"
                " approved, reminders, contact, hidden);"
            )
            _insert(connection, "shops", [(self._key("shop", n), code) for n, code in ((1, "N"), (2, "S"), (3, "T"))])
            _insert(connection, "people", [(self._key("person", n), f"P {n}", self._key("shop", n)) for n in (1, 2, 3)])
            _insert(connection, "bills", [(self._key("bill", n), self._key("shop", n), "main") for n in (1, 2, 3)])
            _insert(connection, "invoices", [self._stored(row) for row in self.invoices])

    def _stored(self, row: Row) -> Sequence[object]:
        return (
            self._key("invoice", row["id"]), f"R{row['id']:03}", self._key("shop", row["branch"]),
            self._key("person", row["customer"]), self._key("bill", row["sale"]), self._key("invoice", row["corrects"]),
            self.form.amount(row["total"]), row["stage"], self.form.moment(row["issued_at"]), row["due_on"].isoformat(),
            row["approved"], row["reminders"], row["contact"], row["hidden"],
        )  # fmt: skip

    def _key(self, table: str, number: int | None) -> object:
        return None if number is None else self.form.key(table, number)

    def target(self, **more: Any) -> Target:
        settings = {"entities": ENTITIES, "mapping": self.mapping, "canary": {"branch": "T"}, **more}
        mapping = settings.pop("mapping")
        return make_target(f"sqlite:///{self.file}", mapping, AS_OF, go_live=GO_LIVE, **settings)

    def records(self, **more: Any) -> OwnRecords:
        target = self.target(**more)
        return OwnRecords(target, Database(target))


def _invoice(number: int, day: date) -> Row:
    place = 1 + number % 2
    return {
        "id": number, "branch": place, "customer": place, "sale": place, "corrects": None, "total": Decimal("119.90"),
        "stage": _PAID if number % 3 else _OPEN, "issued_at": at(day, 10), "due_on": day + timedelta(days=14),
        "approved": 1, "reminders": 0, "contact": "Anna Keller", "hidden": 0,
    }  # fmt: skip


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[Sequence[object]]) -> None:
    connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
