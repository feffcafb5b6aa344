"""The doctor opens a history that the target file names, and says what is wrong with it."""

import pytest

from hypercare.doctor.attempt import AttemptOutcome
from hypercare.doctor.history import try_history
from hypercare.history.opening import open_history
from hypercare.target_file.target import Target
from tests.history.remembering import NINE, config_of, remember


def looked(tmp_path, **history):
    return list(try_history(Target(config_of(history=history), tmp_path, NINE)))


def test_a_history_that_can_be_written_says_when_the_last_round_was(postgresql, tmp_path):
    address = postgresql.render_as_string(hide_password=False)
    (found,) = looked(tmp_path, url=address)
    assert (found.outcome, found.says.endswith("no round is remembered yet")) == (AttemptOutcome.WORKS, True)
    opened = open_history(config_of(history={"url": address}), tmp_path)
    remember(opened, "r1")
    opened.close()
    (found,) = looked(tmp_path, url=address)
    assert found.says.endswith("the last round was as of 15 Jan 2026 09:00")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql://anna:secret-word@127.0.0.1:9/none", "postgresql://anna:***@127.0.0.1:9/none cannot be used"),
        ({"env": "NO_SUCH_VARIABLE"}, "NO_SUCH_VARIABLE is not set"),
    ],
)
def test_a_history_that_cannot_is_said_in_one_line_without_a_secret(tmp_path, address, says):
    (found,) = looked(tmp_path, url=address)
    assert found.outcome is AttemptOutcome.FAILS
    assert says in found.says
    assert "secret-word" not in found.says
    assert len(found.says.splitlines()) == 1


def test_one_beside_the_reports_is_left_to_the_round(tmp_path):
    assert looked(tmp_path) == []


def test_an_address_that_is_a_secret_is_used_and_a_wrong_one_is_not_repeated(tmp_path, monkeypatch):
    monkeypatch.setenv("HISTORY_OF_TEST", f"sqlite:///{tmp_path}/kept.sqlite")
    (found,) = looked(tmp_path, url={"env": "HISTORY_OF_TEST"})
    assert found.outcome is AttemptOutcome.WORKS
    monkeypatch.setenv("HISTORY_OF_TEST", "mysql://root:hunter2@db/x")
    (found,) = looked(tmp_path, url={"env": "HISTORY_OF_TEST"})
    assert (found.outcome, "hunter2" in found.says) == (AttemptOutcome.FAILS, False)
