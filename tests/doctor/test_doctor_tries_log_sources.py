"""The doctor asks each log that is no file, says what it answers, and shows no token."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.doctor.attempt import Attempt
from hypercare.doctor.files import try_logs
from hypercare.target_file.config import DatabaseSection
from hypercare.target_file.mapping import MappingConfig
from hypercare.target_file.sections.logs import LogSource
from tests.log_sources.conftest import loki_log
from tests.log_sources.log_servers import TOKEN, LokiServer
from tests.standins.fixtures import standin
from tests.standins.frozen_target import ago, frozen_target
from tests.standins.http_standin import Standin

__all__ = ["standin"]


@pytest.fixture
def loki(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> LokiServer:
    monkeypatch.setenv("LOG_TOKEN", TOKEN)
    return LokiServer(standin)


def tried(folder: Path, source: LogSource, **sections: object) -> Attempt:
    [attempt] = try_logs(frozen_target(folder, logs=(source,), **sections))
    assert TOKEN not in f"{attempt}"
    return attempt


def test_a_server_that_answers_works(loki: LokiServer, tmp_path: Path) -> None:
    loki.say(ago(minutes=5), "the printer is offline", level="error")
    attempt = tried(tmp_path, loki_log(loki.url))
    assert (attempt.name, attempt.outcome) == ("log erp", "works")
    assert attempt.says.startswith("newest line of 2026-01-15 11:55")


def test_a_server_that_has_nothing_to_say_works(loki: LokiServer, tmp_path: Path) -> None:
    attempt = tried(tmp_path, loki_log(loki.url))
    assert (attempt.outcome, attempt.says) == ("works", f"Loki at {loki.url[7:]} answers, no line lately")


def test_a_server_that_refuses_the_token_fails(loki: LokiServer, tmp_path: Path) -> None:
    loki.refuses = lambda number: (401, "{}", {})
    attempt = tried(tmp_path, loki_log(loki.url))
    assert attempt.outcome == "fails"
    assert "refuses the token" in attempt.says
    assert "[[logs]] token" in attempt.remedy


def test_a_server_that_is_down_fails(loki: LokiServer, tmp_path: Path) -> None:
    loki.standin.stop()
    attempt = tried(tmp_path, loki_log(loki.url))
    assert attempt.outcome == "fails"
    assert attempt.says.startswith("The log erp cannot be read: connection refused")


def test_a_secret_that_is_missing_fails(loki: LokiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOG_TOKEN")
    attempt = tried(tmp_path, loki_log(loki.url))
    assert (attempt.outcome, attempt.says) == ("fails", "the environment variable LOG_TOKEN is not set")


def test_a_table_that_is_not_there_fails(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.sqlite")) as connection:
        connection.execute("CREATE TABLE sales (id INTEGER PRIMARY KEY)")
    attempt = tried(
        tmp_path,
        LogSource(name="failures", entity="logged_error", late_by=timedelta(hours=1)),
        database=DatabaseSection(url=f"sqlite:///{tmp_path / 'shop.sqlite'}"),
        mapping=MappingConfig.model_validate(
            {"logged_error": {"table": "failures", "columns": {"at": "made", "message": "text"}}}
        ),
    )
    assert attempt.outcome == "fails"
    assert attempt.says.startswith("The log failures cannot be read: ")
    assert "failures" in attempt.says


@pytest.mark.server
def test_a_program_that_is_not_there_fails(tmp_path: Path) -> None:
    program = str(tmp_path / "nothing")
    attempt = tried(tmp_path, LogSource.model_validate({"name": "server", "journald": {"program": program}}))
    assert (attempt.outcome, attempt.says) == ("fails", "The log server cannot be read: there is no such program.")
