"""A round that does not end in its time is ended, in one line and with the status of our own fault."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.commands import round as round_command
from hypercare.commands.round import run_round

pytestmark = pytest.mark.slow

# Takes the place of pytest in the project's folder.
HANGS = """import signal, time
from pathlib import Path
{before}
Path("began").touch()
time.sleep(600)
"""


@pytest.mark.parametrize("before", ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"], ids=["ends", "will not end"])
def test_a_round_that_hangs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], before: str
) -> None:
    (tmp_path / "pytest.py").write_text(HANGS.format(before=before))
    monkeypatch.setattr(round_command, "_SECONDS_TO_END", 0.2)
    status = run_round("night", tmp_path, target_file=None, reports=None, limit=timedelta(seconds=2))
    assert status == 3
    assert capfd.readouterr().err.splitlines() == [
        "hypercare: the round night did not end within 0:00:02 and was ended"
    ]


def test_the_status_of_one_that_ends_in_time_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "pytest.py").write_text("raise SystemExit(5)")
    assert run_round("night", tmp_path, target_file=None, reports=None, limit=timedelta(minutes=1)) == 5
