"""Where the history of a target lies."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History
from hypercare.target.config import TargetConfig
from hypercare.target.history_section import HistorySection, check_address
from hypercare.target.secrets import MissingSecret, SecretReference

FILE = "history.sqlite"


def open_history(config: TargetConfig, reports: Path) -> History:
    """The history that rounds, probes and commands of this target share; nothing is opened before it is used.

    Raises:
        HistoryProblem: the secret that its address or password refers to is not there or is no address.
    """
    section = config.history
    config.given.reports = reports if config.given.reports is None else config.given.reports
    if section is None or section.url is None:
        return History(reports / FILE, config.key)
    return History(_url_of(section), config.key)


def _url_of(section: HistorySection) -> URL:
    try:
        address = section.url.resolve() if isinstance(section.url, SecretReference) else str(section.url)
        url = make_url(check_address(address))
        return url if section.password is None else url.set(password=section.password.resolve())
    except MissingSecret as missing:
        raise HistoryProblem(f"the history cannot be opened: {missing}") from None
    except (ArgumentError, ValueError):
        raise HistoryProblem("the address of the history, [history] url, cannot be understood") from None
