"""What keeps going wrong is put before whoever has to say who takes it on; what somebody has taken on is not."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from faultlab.catalogue import fault_named
from faultlab.injecting import inject
from faultlab.proving.prepared_day import PreparedDay
from faultlab.suite_run import Scope, run_checks
from hypercare.outcome.outcome import Outcome

TAKEN_ON = '\n[[known_errors]]\nsays = "cannot be sent: mail server refused"\nowner = "Jonas"\n'


def test_a_recurring_error_waits_for_its_owner(day: PreparedDay, state: Path, tmp_path: Path) -> None:
    target_file = day.copy(time(17), state)
    inject(fault_named("error-keeps-coming"), target_file)
    unowned = _asked(target_file, tmp_path)
    assert "Without an owner today" in unowned
    assert "cannot be sent: mail server refused (5 times" in unowned
    with target_file.open("a", encoding="utf-8") as file:
        file.write(TAKEN_ON)
    owned = _asked(target_file, tmp_path)
    assert "nothing keeps happening without an owner" in owned
    assert "by Jonas" in owned


def _asked(target_file: Path, folder: Path) -> str:
    (result,) = run_checks(target_file, folder / "reports", scope=Scope.LOGS, items=["errors.fix-plan"])
    assert result.outcome is Outcome.AWAITING
    return result.sentence
