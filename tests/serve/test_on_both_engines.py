"""Passwords, sessions, tries, links and the trail on either engine of a history, each target by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hypercare.escalation.answer_links import AnswerLinks, NoSuchLink
from hypercare.history.exporting import export
from hypercare.history.retention import remove_old
from hypercare.history.store import History
from hypercare.review.person import Person, Way
from hypercare.review.trail import newest_acts, write_down
from hypercare.serve.accounts import Accounts
from hypercare.serve.log_ins import OF_BOTH, LogIns, TooManyTries
from hypercare.serve.sessions import Sessions
from hypercare.target_file.sections.serve import Role, ServeSection, ServeUser
from tests.history.conftest import history, place, postgresql, server

__all__ = ["history", "place", "postgresql", "server"]
NAME = "Zoë O'Hara %"
SECTION = ServeSection(users=(ServeUser(name=NAME, role=Role.REVIEWER),))
PASSWORD = "a long password"
AN_HOUR = timedelta(hours=1)
NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)


@pytest.fixture
def other(history: History) -> History:
    """That of another target in the same place."""
    return History(history.url, "another-shop")


def test_a_password_is_of_one_target(history: History, other: History) -> None:
    accounts = Accounts(history, SECTION)
    assert accounts.without_password() == [NAME]
    accounts.set_password(NAME, PASSWORD)
    accounts.set_password(NAME, PASSWORD + " anew")
    assert [accounts.is_right(NAME, one) for one in (PASSWORD, PASSWORD + " anew")] == [False, True]
    assert not Accounts(other, SECTION).is_right(NAME, PASSWORD + " anew")
    assert accounts.without_password() == []
    assert (accounts.remove_password(NAME), accounts.remove_password(NAME)) == (True, False)
    other.close()


def test_a_session_is_of_one_target(history: History, other: History) -> None:
    sessions = Sessions(history, SECTION)
    token = sessions.begin(NAME, AN_HOUR)
    found = sessions.find(token)
    assert found is not None
    assert (found.name, found.may_act) == (NAME, True)
    assert Sessions(other, SECTION).find(token) is None
    assert Sessions(history, ServeSection()).find(token) is None, "whom the target file does not name any more"
    sessions.end(token)
    assert sessions.find(token) is None
    other.close()


def test_tries_are_counted_by_target(history: History, other: History) -> None:
    tries = LogIns(history)
    first, *_ = [tries.begin(NAME, "192.0.2.1") for _ in range(OF_BOTH)]
    with pytest.raises(TooManyTries):
        tries.begin(NAME.upper(), "192.0.2.1")
    LogIns(other).begin(NAME, "192.0.2.1")
    tries.succeeded(first, NAME)
    tries.begin(NAME, "192.0.2.1")
    assert len(tries.newest(99)) == OF_BOTH + 1
    other.close()


def test_a_link_is_of_one_target_and_is_not_used_where_what_it_does_fails(history: History, other: History) -> None:
    links = AnswerLinks(history)
    token = links.new(7, AN_HOUR)
    with pytest.raises(NoSuchLink):
        AnswerLinks(other).read(token)
    with pytest.raises(RuntimeError), history.writing():
        links.use(token, "Jo")
        raise RuntimeError
    assert links.use(token, "Jo").incident == 7
    with pytest.raises(NoSuchLink, match="Jo has used this link"):
        links.use(token, "Mallory")
    other.close()


def test_the_trail_stays_and_is_exported_and_log_ins_go(history: History, tmp_path) -> None:
    write_down(history, Person("=cmd()", Way.PAGE, "192.0.2.1"), "note", "incident 1", NOW)
    LogIns(history).begin(NAME, "192.0.2.1")
    remove_old(history, datetime.now(UTC) + AN_HOUR)
    assert [one.by for one in newest_acts(history, 9)] == ["=cmd()"]
    assert LogIns(history).newest(9) == []
    assert export(history, "acts", "csv", tmp_path / "acts.csv") == 1
    assert "'=cmd()" in (tmp_path / "acts.csv").read_text(encoding="utf-8")
    assert export(history, "serve-log-ins", "csv", tmp_path / "log-ins.csv") == 0
