"""A pytest plugin: run the checks themselves, but keep them from writing, and note how far each came.

What will be covered is thus the checks' own word, and no second list that could differ from it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hypercare.suite.recording import RECORDER
from hypercare.suite.session import SESSION


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--doctor-notes", type=Path, help="where the doctor's notes go")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.stash[SESSION].only_looks = True


def pytest_sessionfinish(session: pytest.Session) -> None:
    notes: Path | None = session.config.option.doctor_notes
    recorder = session.config.stash.get(RECORDER, None)
    if notes is None or recorder is None:
        return
    suite = session.config.stash[SESSION]
    items = [
        {"id": item.id, "words": item.words, "section": item.section, "rounds": list(item.rounds)}
        for item in suite.checklist.items
    ]
    checks = [result.as_dict() for result in recorder.results]
    notes.write_text(json.dumps({"items": items, "checks": checks, "broken": recorder.broken_files}, default=str))
