"""What is said at the command line of uptime, maintenance and feedback stands in the trail, by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from hypercare.cli import hypercare
from hypercare.history.opening import open_history
from hypercare.review.trail import newest_acts
from hypercare.target_file.loading import load_target
from tests.probing.probed_business import Business
from tests.standins.http_standin import Standin


@pytest.mark.parametrize(
    ("words", "what", "about"),
    [
        (["feedback", "It is quick.", "--kind", "positive"], "feedback", "2026-01-15 (positive)"),
        (
            ["maintenance", "start", "--why", "new disks", "--for", "1h"],
            "announce maintenance",
            "maintenance 1: new disks",
        ),
        (
            [
                "correct",
                "--from",
                "2026-01-15T10:00",
                "--to",
                "2026-01-15T11:00",
                "--state",
                "up",
                "--reason",
                "I saw it",
            ],
            "correct uptime",
            "up from 2026-01-15 10:00 to 2026-01-15 11:00",
        ),
    ],
)
def test_it_is_written_down_by_name(tmp_path: Path, standin: Standin, words: list[str], what: str, about: str) -> None:
    business = Business(tmp_path, standin)
    ended = CliRunner().invoke(hypercare, [*words, "--by", "Marta", *business.arguments], standalone_mode=False)
    assert ended.exception is None, ended.exception
    history = open_history(load_target(business.file), business.folder / "reports")
    try:
        newest = newest_acts(history, 1)[0]
    finally:
        history.close()
    assert (newest.by, newest.what, newest.about, newest.way) == ("Marta", what, about, "command")
