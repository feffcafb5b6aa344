"""Rounds that are killed at random moments: what they leave behind, and what the next one makes of it.

`python tests/history/killing.py --kills 100` is the long proof; the tests kill a few.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PLUGIN = "tests.history.ended_checks_plugin"
CHECKS = ("tests_health/test_database.py", "tests_health/test_logs.py")
TARGET = """
[target]
name = "Corner Shop"
id = "shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08

[database]
url = "sqlite:///shop.sqlite"

[[logs]]
name = "app"
path = "app.jsonl"

[rounds]
retry_after = "1ms"
"""
_ON_THE_WAY = 0.15
LOG = [
    {"time": "2026-01-15T07:10:00+00:00", "level": "INFO", "message": "a sale was made"},
    {"time": "2026-01-15T07:40:00+00:00", "level": "CRITICAL", "message": "the disk of the till is full"},
]


class Rounds:
    """The rounds of one target, in one reports folder, with one history. `whole` also makes the slow reports."""

    def __init__(self, folder: Path, *, whole: bool = False) -> None:
        self.folder = folder
        self.reports = folder / "reports"
        self.ended_checks = folder / "ended.txt"
        self._whole = whole
        (folder / "target.toml").write_text(TARGET, encoding="utf-8")
        (folder / "app.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LOG), encoding="utf-8")
        with sqlite3.connect(folder / "shop.sqlite") as shop:
            shop.execute("CREATE TABLE sales (id INTEGER PRIMARY KEY, total INTEGER)")
        shop.close()
        self.ended_checks.touch()

    def run(self) -> tuple[float, float]:
        """A round that is left alone; after how many seconds it began, and when it ended."""
        started = datetime.now(UTC)
        process = self._start()
        printed = process.communicate(timeout=120)[0]
        took = datetime.now(UTC) - started
        if process.returncode != 1:
            raise AssertionError(f"the round ended with status {process.returncode}:\n{printed}")
        begun = datetime.fromisoformat(self.ask("SELECT MAX(started) FROM rounds")[0][0]) - started
        return begun.total_seconds(), took.total_seconds()

    def kill(self, after: float, *, begun: bool) -> bool:
        """A round that is killed so many seconds after its process started, or after it had begun.

        Returns:
            whether it was still running then.
        """
        told, telling = os.pipe()
        process = self._start(telling)
        os.close(telling)
        if begun:
            os.read(told, 1)
        os.close(told)
        try:
            process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=30)
            return True
        return False

    def _start(self, telling: int | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "pytest", *CHECKS, "-p", "no:cacheprovider", "-p", PLUGIN, "-q"]
        options = [f"--target={self.folder / 'target.toml'}", f"--reports={self.reports}", "--round=morning"]
        named = ["--as-of=2026-01-15T09:00", "--item", "health.database", "health.logs"]
        environment = {**os.environ, "PYTHONPATH": str(PROJECT), "ENDED_CHECKS": str(self.ended_checks)}
        if telling is not None:
            environment["BEGUN"] = str(telling)
        if not self._whole:
            environment |= {"HYPERCARE_NODE": str(self.folder / "none"), "PATH": "", "HYPERCARE_BROWSER": "none"}
        return subprocess.Popen(
            [*command, *options, *named],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            pass_fds=[] if telling is None else [telling],
        )

    def ask(self, question: str) -> list[tuple]:
        with sqlite3.connect(self.reports / "history.sqlite") as history:
            rows = history.execute(question).fetchall()
        history.close()
        return rows

    def damage(self) -> list[str]:
        """What is wrong with the store itself, at any moment."""
        if not (self.reports / "history.sqlite").exists():
            return []
        whole = [row[0] for row in self.ask("PRAGMA integrity_check") if row[0] != "ok"]
        twins = 'SELECT round_id, "check", item FROM results GROUP BY 1, 2, 3 HAVING COUNT(*) > 1'
        return [*whole, *map(str, self.ask("PRAGMA foreign_key_check")), *self._twins(twins)]

    def _twins(self, question: str) -> list[str]:
        tables = {row[0] for row in self.ask("SELECT name FROM sqlite_master")}
        return [f"recorded twice: {row}" for row in self.ask(question)] if "results" in tables else []

    def losses(self) -> list[str]:
        """What is lost or there twice, when a round that was left alone has ended."""
        recorded = {f"{round_id} {check}" for round_id, check in self.ask('SELECT round_id, "check" FROM results')}
        ended = self.ended_checks.read_text(encoding="utf-8").splitlines()
        lost = [f"lost: {line}" for line in ended if line not in recorded]
        causes = Counter(cause for (cause,) in self.ask("SELECT cause FROM incidents"))
        twice = [f"{number} incidents of {cause}" for cause, number in causes.items() if number > 1]
        opened = self.ask("SELECT incident_id FROM incident_events WHERE kind = 'opened'")
        again = [f"incident {one} opened {number} times" for one, number in Counter(opened).items() if number > 1]
        return [*lost, *twice, *again, *self._untold(), *([] if causes else ["no incident was opened at all"])]

    def _untold(self) -> list[str]:
        broken = {row[0] for row in self.ask("SELECT id FROM rounds WHERE finished IS NULL")}
        summaries = [json.loads(path.read_text()) for path in self.reports.glob("2026-01-15/*/summary.json")]
        told = {one["id"] for summary in summaries for one in summary["broken_rounds"]}
        marked = {row[0] for row in self.ask("SELECT id FROM rounds WHERE told_by IS NOT NULL")}
        left = [f"left in the work folder: {path}" for path in self.reports.glob("**/round.json")]
        return [f"never told: {one}" for one in broken - (told & marked)] + left


def kill_rounds(folder: Path, kills: int, seed: int, *, whole: bool = False) -> tuple[Rounds, list[str]]:
    """Kill so many rounds at random moments, one after another, then let one end.

    Returns:
        the rounds, and what was wrong.
    """
    rounds = Rounds(folder, whole=whole)
    chance = random.Random(seed)
    begin, end = rounds.run()
    wrong = []
    for number in range(kills):
        moment = _kill_one(rounds, chance, begin, end - begin)
        wrong += [f"kill {number}, after {moment:.2f} s: {one}" for one in rounds.damage()]
    rounds.run()
    return rounds, [*wrong, *rounds.damage(), *rounds.losses()]


def _kill_one(rounds: Rounds, chance: random.Random, begin: float, length: float) -> float:
    """After how many seconds a round was killed; one that had ended by then does not count."""
    while True:
        # The way there is part of it, but has little to lose.
        begun = chance.random() > _ON_THE_WAY
        moment = chance.uniform(0.0, length if begun else begin)
        if rounds.kill(moment, begun=begun):
            return moment
        length *= 0.9


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", action="store_true", help="with the Allure report and the printed one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        rounds, wrong = kill_rounds(Path(folder), given.kills, given.seed, whole=given.whole)
        begun = rounds.ask("SELECT COUNT(*), SUM(finished IS NULL) FROM rounds")[0]
        ended = len(rounds.ended_checks.read_text(encoding="utf-8").splitlines())
    print(f"{given.kills} rounds were killed. {begun[0]} rounds had begun, {begun[1]} of them broke off.")
    print(f"{ended} checks had ended. Wrong: {len(wrong)}")
    for one in wrong:
        print(f"  {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
