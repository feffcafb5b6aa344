"""What the proofs of the checks share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faultlab.fault import Fault
from faultlab.injecting import inject, undo
from faultlab.looking import look, sight_of
from faultlab.proving.prepared_day import PreparedDay, fingerprint
from faultlab.verdict import judge


@pytest.fixture(scope="session")
def day(tmp_path_factory: pytest.TempPathFactory) -> PreparedDay:
    """Shared by the workers of a session."""
    own = tmp_path_factory.getbasetemp()
    return PreparedDay((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "prepared-day")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A place for a state folder, which is some 40 MB; gone after the test."""
    yield tmp_path / "state"
    shutil.rmtree(tmp_path / "state", ignore_errors=True)


@pytest.fixture
def prove(day: PreparedDay, state: Path, tmp_path: Path) -> Callable[[Fault], None]:
    """Put a fault into a fresh copy that nobody serves: the right ones notice it, and it can be taken out again."""

    def proved(fault: Fault) -> None:
        target_file = day.copy(fault.at, state)
        if fault.setting is not None:
            inject(fault.setting, target_file)
        if fault.seen_before:
            look(target_file, tmp_path / "reports", sight=sight_of(fault), items=tuple(fault.noticed_by))
        before = fingerprint(state)
        inject(fault, target_file)
        verdict = judge(fault, look(target_file, tmp_path / "reports", sight=sight_of(fault)))
        undo(fault, target_file)
        assert verdict.right, f"{fault.happens} {verdict}"
        assert fingerprint(state) == before

    return proved
