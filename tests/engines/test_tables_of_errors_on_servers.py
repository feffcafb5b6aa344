"""A table of errors on real servers: by time and by key, from round to round, whatever type its time has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import URL

from hypercare.logs import Logs
from hypercare.target_file.config import DatabaseSection
from hypercare.target_file.mapping import MappingConfig
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import NOON, ago, frozen_target
from tests.standins.json_memory import JsonMemory

COLUMNS = {"id": "id", "at": "made", "severity": "grade", "message": "words", "person": "who"}


class Table:
    def __init__(self, url: URL, kind: str, name: str) -> None:
        self.url, self.name = url, name
        self.run(f"CREATE TABLE {name} (id BIGINT PRIMARY KEY, made {kind}, grade VARCHAR(9), words TEXT, who INT)")

    def run(self, statement: str, **values: Any) -> None:
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text(statement), values)
        engine.dispose()

    def add(self, number: int, at: datetime, grade: str = "ERROR") -> None:
        made = at if self.url.get_backend_name() == "postgresql" else at.replace(tzinfo=None)
        self.run(f"INSERT INTO {self.name} VALUES (:n, :made, :grade, 'it broke', 7)", n=number, made=made, grade=grade)

    def counted(self, folder: Path, memory: JsonMemory, now: datetime, previous: datetime, by: str) -> int:
        address = self.url.render_as_string(hide_password=False)
        mapping = {"logged_error": {"table": self.name, "columns": COLUMNS}}
        target = frozen_target(
            folder,
            now=now,
            logs=(LogSource(name="failures", entity="logged_error", by=by),),
            database=DatabaseSection(url=address),
            mapping=MappingConfig.model_validate(mapping),
        )
        target.previous_round = previous
        logs = Logs(target, memory)
        errors = logs.errors(target.since_last_round)
        logs.close()
        errors.require_understood()
        return errors.count


@pytest.fixture(params=["postgresql TIMESTAMPTZ", "mariadb DATETIME(6)"])
def table(request: pytest.FixtureRequest) -> Table:
    engine, kind = request.param.split()
    server = request.getfixturevalue(engine)
    if engine == "mariadb":
        server.execute("CREATE DATABASE IF NOT EXISTS failing")
    url = server.url() if engine == "postgresql" else server.url("failing")
    return Table(url, kind, f"failures_{abs(hash(request.node.name)) % 10_000_000}")


@pytest.mark.engine
@pytest.mark.parametrize("by", ["time", "key"])
def test_rows_count_once_and_late_ones_too(table: Table, tmp_path: Path, by: str) -> None:
    memory, later = JsonMemory(), NOON + timedelta(hours=2)
    table.add(1, ago(minutes=30))
    table.add(2, ago(minutes=20), "INFO")
    assert table.counted(tmp_path, memory, NOON, ago(hours=2), by) == 1
    table.add(3, ago(minutes=40))  # it was on its way
    table.add(4, NOON.astimezone(UTC) + timedelta(minutes=90))
    assert table.counted(tmp_path, memory, later, NOON, by) == 2
    assert table.counted(tmp_path, memory, later + timedelta(hours=1), later, by) == 0
