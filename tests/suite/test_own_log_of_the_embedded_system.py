"""The own log of a round on the embedded system: every way in that needs no browser, and none of its secrets."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hypercare.adapters.demo.process import EmbeddedSystem
from hypercare.target_file.loading import load_target

pytestmark = [pytest.mark.long, pytest.mark.server]

PROJECT = Path(__file__).parents[2]
# What each round is asked for, and where its checks stand.
ROUNDS = {
    "morning": {
        "health.api": "tests_health/test_api.py",
        "health.database": "tests_health/test_database.py",
        "health.logs": "tests_health/test_logs.py",
    },
    "evening": {"backup.accessible": "tests_health/test_backups.py"},
}


@pytest.fixture(scope="module")
def system():
    system = EmbeddedSystem.start()
    yield system
    system.stop()


@pytest.fixture(scope="module")
def log(system, tmp_path_factory):
    folder = tmp_path_factory.mktemp("round")
    # The report is not printed: that takes its time.
    environment = {**os.environ, "HYPERCARE_LOG_FILE": str(folder / "own.log"), "HYPERCARE_BROWSER": "no-browser"}
    for chosen, items in ROUNDS.items():
        words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *items.values()]
        asked = [f"--round={chosen}", f"--target={system.target_file}", f"--reports={folder}", "--item", *items]
        done = subprocess.run(
            [*words, *asked], cwd=PROJECT, capture_output=True, text=True, env=environment, timeout=600
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return (folder / "own.log").read_text()


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "told",
    [
        r"target_file\.loading \[\d+\] target file \S+ read: Rosewood Bridal, by the adapter demo",
        r"suite\.starting \[\d+\] .* of Rosewood Bridal begins as of \S+: \d+ items, mode transact",
        r"history\.store \[\d+\] history \S+ of the target \S+ opened in \d+ ms",
        r"clients\.log_ins \[\d+\] \S+ is let in to the API in \d+ ms",
        r"api\.api \[\d+\] GET http://127\.0\.0\.1:\d+/api/v1/\S+: 200 in \d+ ms",
        r"database\.database \[\d+\] question about .+: \d+ rows in \d+ ms",
        r"logs\.reading \[\d+\] log \S.*: \d+ bytes of \S+ read, from byte \d+ on",
        r"backups\.backups \[\d+\] backup \S+ is restored into a scratch database in \d+ ms",
        r"suite\.performing \[\d+\] tests_health/test_backups\.py::\S+ passed after \d+\.\d\d s \(backup\.\S+\)",
        r"reports\.folder \[\d+\] report published: \S+",
        r"suite\.finishing \[\d+\] the round ends with status 0 after \d+\.\d s: \d+ passed",
    ],
)
def test_the_round_can_be_understood_afterwards(log, told):
    assert re.search(rf"(?m)^\S+ [A-Z]+ hypercare\.{told}", log)


@pytest.mark.timeout(900)
def test_no_secret_of_the_target_is_in_it(system, log):
    passwords = {account.password.resolve() for account in load_target(system.target_file).accounts}
    assert len(passwords) > 1
    assert [password for password in passwords if password in log] == []
    assert not re.search(r"(?i)bearer [a-z0-9._-]{8}|[?&]\w+=[^…\s&]", log)


@pytest.mark.timeout(900)
def test_each_line_bears_its_instant_and_process(log):
    heads = [line for line in log.splitlines() if not line.startswith("    ")]
    assert [
        one for one in heads if not re.match(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00 [A-Z]+ hypercare\.\S+ \[\d+\] .", one)
    ] == []
