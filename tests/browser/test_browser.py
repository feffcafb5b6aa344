"""Which browser is used, and what is said where there is none."""

import pytest

from hypercare.browser.browser import find_browser
from hypercare.outcome.signals import NotCovered


def program(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def playwrights_own(tmp_path, monkeypatch):
    """Where Playwright would have put its build; nothing is there, nor anywhere else."""
    monkeypatch.delenv("HYPERCARE_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "builds" / "chromium-1" / "chrome-linux" / "chrome"


def test_the_one_that_is_named_goes_first(playwrights_own, tmp_path, monkeypatch):
    program(playwrights_own)
    named = program(tmp_path / "mine")
    monkeypatch.setenv("HYPERCARE_BROWSER", str(named))
    assert find_browser(playwrights_own) == named


def test_playwrights_own_goes_before_the_systems(playwrights_own, tmp_path):
    program(tmp_path / "bin" / "chromium")
    assert find_browser(playwrights_own) == tmp_path / "bin" / "chromium"
    assert find_browser(program(playwrights_own)) == playwrights_own


def test_a_build_without_windows_will_do(playwrights_own, tmp_path):
    shell = program(tmp_path / "builds" / "chromium_headless_shell-1" / "chrome-linux" / "headless_shell")
    assert find_browser(playwrights_own) == shell


@pytest.mark.parametrize("named", [None, "/no/such/browser"])
def test_none_is_one_clear_line(playwrights_own, monkeypatch, named):
    if named:
        monkeypatch.setenv("HYPERCARE_BROWSER", named)
    with pytest.raises(NotCovered, match=r"/no/such/browser|no browser on this machine") as gap:
        find_browser(playwrights_own)
    assert "\n" not in gap.value.reason
    assert gap.value.remedy
