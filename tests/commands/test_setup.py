"""`hypercare setup` brings a browser and the report generator, and says what cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from hypercare.commands import browser, setup


@pytest.mark.parametrize(
    ("found", "trouble", "says"),
    [
        (Path("/usr/bin/chromium"), "", ["browser: /usr/bin/chromium", "report generator: /cache/cli.js"]),
        (None, "npm ended with 1: no network", ["No browser can be had here", "npm ended with 1: no network."]),
    ],
)
def test_it_says_what_there_is_and_why_something_is_not(
    monkeypatch: pytest.MonkeyPatch, found: Path | None, trouble: str, says: list[str]
) -> None:
    asked = []
    monkeypatch.setattr(browser, "_found", lambda: found)
    monkeypatch.setattr(browser, "_ways_to_install", lambda: [("a download", ["download"])])
    monkeypatch.setattr(browser, "_succeeds", lambda command: bool(asked.append(command)))
    monkeypatch.setattr(setup, "install_generator", lambda: trouble)
    monkeypatch.setattr(setup, "generator_program", lambda: None if trouble else Path("/cache/cli.js"))
    done = CliRunner().invoke(setup.setup)
    assert done.exit_code == 0, done.output
    for words in says:
        assert words in done.output
    assert asked == ([] if found else [["download"]])
