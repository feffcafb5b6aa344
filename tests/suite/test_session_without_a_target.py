"""Where nobody names a target, the adapter that is chosen for that starts a system for the session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from pathlib import Path

import pytest

from hypercare.plan.checklist import read_checklist
from hypercare.suite.session import SuiteSession
from hypercare.target_file import known_adapters
from tests.suite.conftest import PROJECT, TARGET


@dataclass
class Running:
    target_file: Path
    at: time | None
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True


class StartingAdapter:
    """In the place of the adapter of the embedded system."""

    folder: Path

    def start_system(self, at: time | None) -> Running:
        file = self.folder / "started.toml"
        file.write_text(TARGET, encoding="utf-8")
        return Running(file, at)


@pytest.fixture
def started_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(StartingAdapter, "folder", tmp_path, raising=False)
    place = f"{StartingAdapter.__module__}:{StartingAdapter.__name__}"
    monkeypatch.setitem(known_adapters.BUILT_IN, known_adapters.WITHOUT_A_TARGET, place)
    return tmp_path


def session_of(folder: Path, *, chosen: str | None = None, target_file: Path | None = None) -> SuiteSession:
    checklist = read_checklist(PROJECT / "checklist.toml")
    return SuiteSession(
        project=PROJECT,
        checklist=checklist,
        round=chosen,
        items=(),
        reports=folder / "reports",
        target_file=target_file,
        as_of_text=None,
        retry=False,
    )


@pytest.mark.parametrize(("chosen", "at"), [(None, None), ("morning", "hour of the plan")])
def test_it_stands_at_the_hour_of_the_round_and_stops_with_the_session(
    started_in: Path, chosen: str | None, at: str | None
) -> None:
    session = session_of(started_in, chosen=chosen)
    session.read_target_file()
    assert session.system is None, "nothing asked for it yet"
    assert session.config.target.name == "Corner Shop"
    running = session.system
    assert isinstance(running, Running)
    assert running.at == (session.checklist.hour_of("morning") if at else None)
    assert not running.stopped
    session.close()
    assert running.stopped


def test_nothing_is_started_where_a_target_is_named(started_in: Path) -> None:
    named = started_in / "named.toml"
    named.write_text(TARGET, encoding="utf-8")
    session = session_of(started_in, target_file=named)
    session.read_target_file()
    assert session.config.origin.file == named
    assert session.system is None
