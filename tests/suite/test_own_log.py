"""The suite's own log: silent until it is asked for, a line an event, and never a secret in it."""

import io
import logging
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hypercare.own_log import FILE_VARIABLE, VERBOSE_VARIABLE, writing
from hypercare.target_file.secrets import SecretReference

LOG = logging.getLogger("hypercare.suite.some_module")
LINE = re.compile(r"(?P<at>\S+) (?P<level>[A-Z]+) (?P<logger>[\w.]+) \[(?P<process>\d+)\] (?P<message>.*)")


@pytest.fixture(autouse=True)
def nobody_asked(monkeypatch):
    for variable in (FILE_VARIABLE, VERBOSE_VARIABLE):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "own.log"


@pytest.mark.server
def test_it_is_silent_where_nobody_asks():
    program = (
        "import logging, hypercare.cli\n"
        "logging.getLogger('hypercare.suite.some_module').error('boom')\n"
        "print(logging.getLogger().handlers)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=600)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.mark.parametrize(("verbosity", "said"), [(0, []), (1, ["an event"]), (2, ["an event", "a detail"])])
def test_the_stream_is_told_what_is_asked_for(verbosity, said):
    stream = io.StringIO()
    with writing(None, verbosity, stream):
        LOG.info("an event")
        LOG.debug("a detail")
    LOG.info("after it")
    assert [LINE.fullmatch(line)["message"] for line in stream.getvalue().splitlines()] == said


def test_a_line_says_when_how_grave_who_and_which_process(file):
    with writing(file, 0):
        LOG.debug("%d rows in %.0f ms", 3, 12.3)
    line = LINE.fullmatch(file.read_text().rstrip("\n"))
    assert line["message"] == "3 rows in 12 ms"
    assert (line["level"], line["logger"], int(line["process"])) == ("DEBUG", LOG.name, os.getpid())
    assert datetime.fromisoformat(line["at"]).utcoffset() == timedelta(0)


def test_the_file_is_appended_to_and_begun_anew_where_a_rotation_moved_it_away(file):
    with writing(file, 0):
        LOG.info("one")
    with writing(file, 0):
        LOG.info("two")
        file.rename(file.with_suffix(".1"))
        LOG.info("three")
    assert [line.split()[-1] for line in file.with_suffix(".1").read_text().splitlines()] == ["one", "two"]
    assert [line.split()[-1] for line in file.read_text().splitlines()] == ["three"]


def test_a_file_that_cannot_be_written_any_more_is_said_once_and_spoils_nothing(tmp_path, monkeypatch):
    said = io.StringIO()
    monkeypatch.setattr(sys, "__stderr__", said)
    folder = tmp_path / "logs"
    folder.mkdir()
    with writing(folder / "own.log", 0):
        (folder / "own.log").unlink()
        folder.rmdir()
        LOG.info("one")
        LOG.info("two")
        folder.mkdir()
        LOG.info("three")
    (line,) = said.getvalue().splitlines()
    assert line.startswith(f"hypercare: the log file {folder / 'own.log'} cannot be written any more: No such file")
    assert (folder / "own.log").read_text().endswith("three\n")


def test_nor_does_a_standard_error_that_cannot_be_written_either(monkeypatch):
    class Full(io.StringIO):
        def write(self, words):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "__stderr__", Full())
    with writing(Path("/dev/full"), 0):
        LOG.info("one")
        LOG.info("two")


def _raise(words):
    try:
        raise ValueError(words)
    except ValueError:
        LOG.exception("it broke")


@pytest.mark.parametrize(
    "log",
    [
        lambda secret: LOG.info("password %s", secret),
        lambda secret: LOG.info(f"in the words themselves: {secret}"),
        lambda secret: LOG.info("connecting to postgresql://erp:%s@db/erp", secret),
        lambda secret: LOG.info("sent %s", {"authorization": f"Bearer {secret}-and-more"}),
        lambda secret: LOG.info("too few values for %s and %s", secret),
        _raise,
    ],
    ids=["value", "words", "address", "header", "wrong arguments", "traceback"],
)
def test_a_secret_that_was_resolved_is_in_no_line(file, monkeypatch, log):
    monkeypatch.setenv("A_SECRET", "correct-horse-battery")
    secret = SecretReference(env="A_SECRET").resolve()
    with writing(file, 0):
        log(secret)
    assert "[secret]" in file.read_text() or "too few values" in file.read_text()
    assert secret not in file.read_text()


def test_a_secret_is_hidden_without_the_white_space_around_it_too(file, monkeypatch):
    monkeypatch.setenv("A_SECRET", "https://hooks.example/T0/abcdef\n")
    secret = SecretReference(env="A_SECRET").resolve().strip()
    with writing(file, 0):
        LOG.info("sent to %s", secret)
    assert secret not in file.read_text()


def test_words_of_the_target_cannot_pass_for_a_line_of_their_own(file):
    with writing(file, 0):
        LOG.info("the page says %s", "no\n2026-01-15T03:00:00+00:00 INFO hypercare [1] all is well\x1b[2J\u2028x")
    (line,) = file.read_text().splitlines()
    assert "\x1b" not in line


def test_a_traceback_follows_its_line_indented(file):
    with writing(file, 0):
        _raise("wrong\nvalue")
    first, *more = file.read_text().splitlines()
    assert LINE.fullmatch(first)["message"] == "it broke"
    assert more
    assert all(line.startswith("    ") for line in more)


def test_who_listens_at_the_root_is_given_what_it_was_before_and_no_secret(file, caplog, monkeypatch):
    monkeypatch.setenv("A_SECRET", "correct-horse-battery")
    secret = SecretReference(env="A_SECRET").resolve()
    with writing(file, 2, io.StringIO()):
        LOG.info("an event")
        LOG.warning("a warning with %s", secret)
    assert caplog.messages == ["a warning with [secret]"]
    assert "an event" in file.read_text()
    with caplog.at_level(logging.DEBUG), writing(None, 0):
        LOG.debug("a detail with %s", secret)
    assert caplog.messages[1:] == ["a detail with [secret]"]


def test_processes_that_are_started_meanwhile_write_to_the_same_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VERBOSE_VARIABLE, "2")
    with writing(tmp_path.relative_to(tmp_path) / "own.log", 0):
        assert os.environ[FILE_VARIABLE] == str(tmp_path / "own.log")
        assert VERBOSE_VARIABLE not in os.environ
    assert FILE_VARIABLE not in os.environ
    assert os.environ[VERBOSE_VARIABLE] == "2"


def test_afterwards_everything_is_as_it_was(file):
    logger = logging.getLogger("hypercare")
    before = (list(logger.handlers), logger.level, logger.parent)
    with writing(file, 2, io.StringIO()):
        assert (list(logger.handlers), logger.level, logger.parent) != before
    assert (list(logger.handlers), logger.level, logger.parent) == before
