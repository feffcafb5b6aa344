"""`hypercare browser`: make sure that there is a browser to look with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

NO_BROWSER = (
    "No browser can be had here: checks in the browser will be not covered. "
    "Install Chromium, or name one in HYPERCARE_BROWSER."
)
_LIMIT_S = 300


@click.command()
@click.option("--install", is_flag=True, help="get one where there is none")
def browser(install: bool) -> int:
    """Say which browser is used; with --install, get one where there is none.

    An existing one is taken, else Playwright's own is downloaded, else Debian's package is installed.
    """
    found = browser_at_hand(install=install)
    click.echo(f"browser: {found}" if found else NO_BROWSER)
    return 0


def browser_at_hand(*, install: bool) -> Path | None:
    found = _found()
    if found is None and install:
        for name, command in _ways_to_install():
            click.echo(f"getting a browser: {name}", err=True)
            if _succeeds(command) and (found := _found()):
                break
    return found


def _found() -> Path | None:
    from hypercare.suite.publishing import browser_for_printing

    return browser_for_printing()


def _ways_to_install() -> list[tuple[str, list[str]]]:
    ways = [("Playwright's download", [sys.executable, "-m", "playwright", "install", "chromium"])]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        ways.append(("Debian's package list", ["apt-get", "update", "-qq"]))
        ways.append(("Debian's package", ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]))
    return ways


def _succeeds(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, timeout=_LIMIT_S, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
