"""Days are sealed on real servers, however the target keeps its keys and times, and in tables as in selects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from hypercare.database.database import Database
from hypercare.history.store import History
from hypercare.operations_model.model import Model
from hypercare.seals import PastSales, Seals, SealStore, Watch
from hypercare.seals.row_versions import versioned
from hypercare.testing import make_target

pytestmark = pytest.mark.engine
AS_OF = datetime(2026, 4, 1, 15, tzinfo=UTC)
PAST_LIVE = date(2026, 3, 30)
SALES = Watch("sale", "finalised_at", parts=("payment",), beside=("branch",))
# On each of the days of March from the 18th on three sales, each with a payment of its own a month later.
SHOPS = {
    "postgresql": {
        "uuid keys, times with a zone": (
            "uuid",
            "md5('{n}')::uuid",
            "timestamptz",
            "TIMESTAMPTZ '2026-03-{d} 10:00+01'",
        ),
        "text keys, text times": ("text", "'k{n}'", "text", "'2026-03-{d}T10:00:00'"),
        "numbers, seconds": (
            "bigint",
            "{n}",
            "bigint",
            "extract(epoch FROM TIMESTAMPTZ '2026-03-{d} 10:00+01')::bigint",
        ),
        "numbers, days": ("int", "{n}", "date", "DATE '2026-03-{d}'"),
        "numbers, local times": ("int", "{n}", "timestamp", "TIMESTAMP '2026-03-{d} 10:00'"),
    },
    "mariadb": {
        "text keys, text times": ("varchar(40)", "'k{n}'", "varchar(40)", "'2026-03-{d}T10:00:00'"),
        "numbers, seconds": ("bigint", "{n}", "bigint", "UNIX_TIMESTAMP('2026-03-{d} 09:00:00')"),
        "numbers, local times": ("int", "{n}", "datetime", "'2026-03-{d} 10:00:00'"),
    },
}
FORMS = {
    "times with a zone": "utc", "text times": "iso-local", "seconds": "seconds", "days": "date", "local times": "local",
}  # fmt: skip
OLD = "WHERE no = '20-1'"
WAYS = ["table", "view", "select"]


def statements(key: str, of: str, time: str, at: str) -> Iterator[str]:
    yield "CREATE TABLE shop (id INT PRIMARY KEY, code VARCHAR(9))"
    bill = f"id {key} PRIMARY KEY, no VARCHAR(20), shop INT, total NUMERIC(12,2), stage VARCHAR(9), done {time}"
    yield f"CREATE TABLE bill ({bill})"
    yield f"CREATE TABLE paid (id {key} PRIMARY KEY, bill {key}, amount NUMERIC(12,2))"
    yield "CREATE VIEW bills AS SELECT * FROM bill"
    yield "INSERT INTO shop VALUES (1, 'N'), (2, 'S')"
    for number in range(42):
        day, key_of = 18 + number // 3, of.format(n=number)
        no = f"{day}-{number % 3}"
        yield f"INSERT INTO bill VALUES ({key_of}, '{no}', 1, {number}.5, 'done', {at.format(d=day)})"
        yield f"INSERT INTO paid VALUES ({key_of}, {key_of}, {number}.5)"


class Shop:
    def __init__(self, url: Any, way: str, form: str, history: History) -> None:
        self.url = url.render_as_string(hide_password=False)
        self.engine: Engine = create_engine(url)
        self.history = history
        place = {"table": {"table": "bill"}, "view": {"table": "bills"}, "select": {"select": "SELECT * FROM bill"}}[
            way
        ]
        self.mapping = {
            "time": form,
            "sale": {
                **place,
                "columns": {
                    "id": "id", "number": "no", "branch": "shop", "total": "total", "state": "stage",
                    "finalised_at": "done",
                },
                "values": {"state": {"final": "done", "void": "void", "draft": "open"}},
            },
            "payment": {"table": "paid", "columns": {"id": "id", "sale": "bill", "amount": "amount"}},
            "branch": {"table": "shop", "columns": ["id", "code"]},
        }  # fmt: skip

    def run(self, *changes: str) -> None:
        with self.engine.begin() as connection:
            for change in changes:
                connection.execute(text(change))

    def ask(self, go_live: date, ask: Callable[[Any, Database, SealStore], Any]) -> Any:
        target = make_target(self.url, self.mapping, AS_OF, go_live=go_live)
        database = Database(target)
        try:
            return ask(target, database, SealStore(lambda: self.history))
        finally:
            database.close()

    def asked_days(self) -> list[int]:
        """The days of March that a question has to ask, and finds in order."""

        def ask(*parts: Any) -> list[int]:
            window = Seals(*parts).window("totals", SALES)
            window.judged([])
            return [day.date.day for day in window.days if day.date.month == 3 and day.date.day < 31]

        return self.ask(date(2026, 3, 18), ask)

    def changed_days(self) -> int:
        return self.ask(PAST_LIVE, lambda *parts: PastSales(*parts).changed_afterwards().count)


@pytest.fixture(params=[(kind, name) for kind, shops in SHOPS.items() for name in shops], ids=" ".join)
def server(request: pytest.FixtureRequest) -> Iterator[tuple[Any, str]]:
    kind, name = request.param
    running = request.getfixturevalue(kind)
    running.execute("CREATE DATABASE sealed")
    url = running.url("sealed")
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements(*SHOPS[kind][name]):
            connection.exec_driver_sql(statement)
    engine.dispose()
    yield url, FORMS[name.partition(", ")[2]]
    running.execute("DROP DATABASE sealed" + (" WITH (FORCE)" if kind == "postgresql" else ""))


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_only_the_day_that_changed_is_asked_again(server: tuple[Any, str], way: str, tmp_path: Path) -> None:
    shop = Shop(server[0], way, server[1], History(tmp_path / "history.sqlite", "shop"))
    assert shop.asked_days() == list(range(18, 31))
    assert shop.asked_days() == []
    shop.run(f"UPDATE bill SET total = total + 1 {OLD}")
    assert shop.asked_days() == [20]
    shop.run(f"UPDATE paid SET amount = 0 WHERE bill = (SELECT id FROM bill {OLD})")
    assert shop.asked_days() == [20]
    shop.run(f"DELETE FROM paid WHERE bill = (SELECT id FROM bill {OLD})")
    assert shop.asked_days() == [20]
    assert shop.asked_days() == []
    shop.run("UPDATE shop SET code = 'X' WHERE id = 2")
    assert shop.asked_days() == list(range(18, 31))
    shop.history.close()
    shop.engine.dispose()


@pytest.mark.parametrize("server", [("postgresql", "numbers, local times")], indirect=True)
def test_days_are_told_apart_also_by_values_that_the_engine_does_not_hash(
    server: tuple[Any, str], tmp_path: Path
) -> None:
    shop = Shop(server[0], "select", server[1], History(tmp_path / "history.sqlite", "shop"))
    shop.mapping["sale"]["select"] = "SELECT id, to_json(no) AS no, shop, total, stage::char(9), done FROM bill"
    assert shop.asked_days() == list(range(18, 31))
    assert shop.asked_days() == []
    shop.run(f"UPDATE bill SET no = 'X' {OLD}")
    assert shop.asked_days() == [20]
    shop.history.close()
    shop.engine.dispose()


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_a_past_month_that_changed_is_told(server: tuple[Any, str], way: str, tmp_path: Path) -> None:
    shop = Shop(server[0], way, server[1], History(tmp_path / "history.sqlite", "shop"))
    with pytest.raises(Exception, match="sealed just now"):
        shop.changed_days()
    shop.run("UPDATE paid SET amount = 0")
    assert shop.changed_days() == 0
    shop.run(f"UPDATE bill SET stage = 'void', total = 0 {OLD}")
    assert shop.changed_days() == 0
    shop.run("UPDATE bill SET total = total + 1 WHERE no = '21-1'")
    assert shop.changed_days() == 1
    shop.history.close()
    shop.engine.dispose()


@pytest.mark.long
@pytest.mark.parametrize(
    "server", [("postgresql", "numbers, local times"), ("mariadb", "numbers, local times")], indirect=True
)
def test_totals_that_are_kept_with_more_digits_are_the_same(server: tuple[Any, str], tmp_path: Path) -> None:
    shop = Shop(server[0], "table", server[1], History(tmp_path / "history.sqlite", "shop"))
    with pytest.raises(Exception, match="sealed just now"):
        shop.changed_days()
    on_mariadb = shop.engine.dialect.name != "postgresql"
    shop.run(
        "DROP VIEW bills", f"ALTER TABLE bill {'MODIFY total' if on_mariadb else 'ALTER total TYPE'} NUMERIC(14,4)"
    )
    assert shop.changed_days() == 0
    shop.run(f"UPDATE bill SET total = total + 1 {OLD}")
    assert shop.changed_days() == 1
    shop.history.close()
    shop.engine.dispose()


_PARTITION = {
    "near": "CREATE TABLE {name} PARTITION OF bill FOR VALUES FROM ({first}) TO ({last})",
    "far": "CREATE FOREIGN TABLE {name} PARTITION OF bill FOR VALUES FROM ({first}) TO ({last}) SERVER elsewhere",
}


@pytest.mark.parametrize(("old", "kept"), [("near", True), ("far", False)])
def test_a_partition_elsewhere_keeps_no_versions_of_its_rows(postgresql: Any, old: str, kept: bool) -> None:
    postgresql.execute("CREATE DATABASE parted")
    url = postgresql.url("parted")
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in (
            "CREATE EXTENSION postgres_fdw",
            "CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw",
            "CREATE TABLE bill (id INT, done TIMESTAMP) PARTITION BY RANGE (id)",
            _PARTITION[old].format(name="of_old", first=1, last=10),
            _PARTITION["near"].format(name="of_late", first=10, last=20),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    mapping = {"sale": {"table": "bill", "columns": {"id": "id", "finalised_at": "done"}}}
    database = Database(target := make_target(url.render_as_string(hide_password=False), mapping, AS_OF))
    assert (versioned(Model(target, database), "sale") is not None) is kept
    database.close()
    postgresql.execute("DROP DATABASE parted WITH (FORCE)")
