"""Where the history of a target lies, and a copy of it for a round on trial."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from hypercare.history.engine import WAIT_SECONDS
from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.secrets import MissingSecret, SecretReference
from hypercare.target_file.sections.history import HistorySection, check_address

FILE = "history.sqlite"


def open_history(config: TargetConfig, reports: Path, *, wait_s: float = WAIT_SECONDS) -> History:
    """The history that rounds, probes and commands of this target share; nothing is opened before it is used.

    Whoever finds others writing waits for `wait_s` seconds at most.

    Raises:
        HistoryProblem: the secret that its address or password refers to is not there or is no address.
    """
    section = config.history
    config.origin.reports = reports if config.origin.reports is None else config.origin.reports
    if section is None or section.url is None:
        return History(reports / FILE, config.key, wait_s=wait_s)
    return History(_url_of(section), config.key, wait_s=wait_s)


def copy_of(history: History, folder: Path) -> History:
    """A copy in a folder, for a round on trial: what was remembered can be read, and what is written is forgotten.

    It is an empty one where the history does not exist yet, or is kept by a server.

    Raises:
        HistoryProblem: it cannot be read.
    """
    place = folder / FILE
    if history.is_file and history.is_there:
        try:
            with closing(sqlite3.connect(str(history.url.database))) as source, closing(sqlite3.connect(place)) as copy:
                source.backup(copy)
        except sqlite3.Error as error:
            raise HistoryProblem(f"the history {history.shown} cannot be read: {error}") from None
    history.close()
    return History(place, history.target, in_passing=True)


def _url_of(section: HistorySection) -> URL:
    try:
        address = section.url.resolve() if isinstance(section.url, SecretReference) else str(section.url)
        url = make_url(check_address(address))
        return url if section.password is None else url.set(password=section.password.resolve())
    except MissingSecret as missing:
        raise HistoryProblem(f"the history cannot be opened: {missing}") from None
    except (ArgumentError, ValueError):
        raise HistoryProblem("the address of the history, [history] url, cannot be understood") from None
