"""Servers of logs, and what a session reads of a log that is fetched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hypercare.logs import Logs
from hypercare.logs.errors import Errors
from hypercare.target_file.sections.logs import LogSource
from tests.log_sources.log_servers import TOKEN, LokiServer, SentryServer
from tests.standins.fixtures import standin
from tests.standins.frozen_target import NOON, frozen_target
from tests.standins.http_standin import Standin
from tests.standins.json_memory import JsonMemory

__all__ = ["standin"]
ErrorsOf = Callable[..., Errors]


@pytest.fixture
def loki(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> LokiServer:
    monkeypatch.setenv("LOG_TOKEN", TOKEN)
    return LokiServer(standin)


@pytest.fixture
def sentry(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> SentryServer:
    monkeypatch.setenv("LOG_TOKEN", TOKEN)
    return SentryServer(standin)


def loki_log(url: str, *, settings: dict[str, Any] | None = None, **more: Any) -> LogSource:
    asked = {"url": url, "query": '{app="erp"}', "token": {"env": "LOG_TOKEN"}, "timeout": "2s", **(settings or {})}
    return LogSource.model_validate({"name": "erp", "loki": asked, **more})


def sentry_log(url: str, *, settings: dict[str, Any] | None = None, **more: Any) -> LogSource:
    project = {"organisation": "shop", "project": "erp"}
    asked = {"url": url, **project, "token": {"env": "LOG_TOKEN"}, "timeout": "2s", **(settings or {})}
    return LogSource.model_validate({"name": "erp", "sentry": asked, **more})


@pytest.fixture
def errors_of(tmp_path: Path) -> ErrorsOf:
    """What a session at an instant reads of one log; the sessions of a test share what is remembered."""
    memory = JsonMemory()

    def read(source: LogSource, now: datetime = NOON, previous: datetime | None = None, **sections: Any) -> Errors:
        target = frozen_target(tmp_path, now=now, logs=(source,), **sections)
        target.previous_round = target.previous_alike = previous
        logs = Logs(target, memory)
        try:
            return logs.errors(target.since_last_round)
        finally:
            logs.close()

    return read
