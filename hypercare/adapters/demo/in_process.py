"""Runs the embedded system in this very process, for somebody who wants to look around in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from pathlib import Path
from typing import Any

from hypercare.adapters.demo.installed import require_installed
from hypercare.adapters.demo.target_file import write_target_file


class EmbeddedRefusal(Exception):
    """The embedded system cannot be set up or served as asked; the message is one line."""


def is_business(state: Path) -> bool:
    """Whether the folder holds a business already."""
    return (state / "settings.json").exists()


def create_here(state: Path, *, days: int, seed: int, at: str, database: str | None, port: int) -> Path:
    """Build a history from nothing and return the file with the users and passwords.

    The business then stands in day `days` at the local time `at` (HH:MM). Raises EmbeddedRefusal when the folder,
    the database or the port, which is asked first because building takes a while, cannot be used, and
    EmbeddedProblem when it is not installed.
    """
    require_installed()
    from demo_erp import history, serve
    from demo_erp.errors import SetupProblem
    from demo_erp.state import DEFAULT_DATABASE_URL, Settings

    try:
        serve.require_free(port)
        settings = Settings(database_url=database or DEFAULT_DATABASE_URL, seed=seed)
        return history.create(state, settings, days=days, at=_time(at)).accounts_file
    except SetupProblem as problem:
        raise EmbeddedRefusal(str(problem)) from problem


def serve_here(state: Path, *, port: int, tell: Callable[[Mapping[str, Any]], None]) -> None:
    """Serve until SIGTERM or SIGINT. `tell` is called when it answers, with its announcement and `target_file`.

    Raises EmbeddedRefusal when the folder, its database or the port cannot be used, and EmbeddedProblem when it is
    not installed.
    """
    require_installed()
    from demo_erp import history, serve
    from demo_erp.errors import SetupProblem
    from demo_erp.state import State

    def announce(served: dict[str, object]) -> None:
        tell({**served, "target_file": str(write_target_file(state, served))})

    try:
        business = State.open(state)
        history.require_database(business)
        serve.serve(business, port=port, tell=announce)
    except SetupProblem as problem:
        raise EmbeddedRefusal(str(problem)) from problem
    serve.leave()


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise EmbeddedRefusal(f"{text!r} is not a time of day; write 17:00") from None
