"""What a target of a fleet costs beside its questions: `python benchmarks/fleet.py postgresql://...`, a new database.

Rounds of 2 and of 42 small checks on SQLite, in processes as `hypercare round --targets` starts them, with their
history on that server; then claims alone. CPU as user + system; the server's as the kernel counts it for its backends,
so that it has to run on this machine. docs/scale.md multiplies what comes out.
"""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, make_url

from hypercare.fleet.one_round import AskedRound, Ended, run_one
from hypercare.history.claims import Claim, Occurrence, claim_round, renew, settle
from hypercare.history.runner import this_runner
from hypercare.history.store import History
from hypercare.plan.calendar import Period

ROUNDS, CLAIMS = 5, 300
ITEM = '[[item]]\nid = "own.item-{n}"\nsection = "Own"\nwords = "It holds."\nrounds = ["evening"]\nlevel = "L2"\n'
CHECK = (
    '@pytest.mark.item("own.item-{n}")\n'
    'def test_{n}(database):\n    assert database.value(text("SELECT COUNT(*) FROM sale")) == 1\n\n\n'
)
TARGET = """[target]
name = "Shop {n}"
id = "shop-{n}"
[business]
timezone = "UTC"
go_live = 2026-01-08
[database]
url = "sqlite:///shop.sqlite"
[history]
url = "{history}"
"""


class Cost:
    """Counts what a process asks of the history's server, and what that takes there."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._server: dict[int, float] = {}
        event.listen(Engine, "after_cursor_execute", self._count)

    def _count(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if connection.dialect.name == "postgresql":
            self.asked["statements"] += 1
            self.asked["locks"] += "pg_advisory" in statement
            backend = connection.connection.driver_connection.info.backend_pid
            self._server[backend] = server_seconds(backend)

    @property
    def server_ms(self) -> float:
        return 1000 * sum(self._server.values())


def server_seconds(backend: int) -> float:
    return int(Path(f"/proc/{backend}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


class _Outcome:
    def send(self, ended: Ended) -> None:
        self.ended = ended


def measured_round(asked: AskedRound, sender: Pipe) -> None:
    cost, outcome, before = Cost(), _Outcome(), os.times()
    run_one(asked, outcome)
    after = os.times()
    own, children = sum(after[:2]) - sum(before[:2]), sum(after[2:4]) - sum(before[2:4])
    how = f"{outcome.ended.how.value}, status {outcome.ended.status}"
    sender.send((how, own, children, cost.server_ms, cost.asked["statements"], cost.asked["locks"]))


def rounds(project: Path, history: str, checks: int) -> None:
    items = "".join(ITEM.format(n=n) for n in range(checks))
    (project / "checklist.toml").write_text(f'[[round]]\nname = "evening"\nat = "17:00"\n{items}')
    tests = "".join(CHECK.format(n=n) for n in range(checks))
    (project / "test_checks.py").write_text(f"import pytest\nfrom sqlalchemy import text\n\n\n{tests}")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["hypercare.fleet.preloaded"])
    for again in (False, True):
        found = []
        for n in range(ROUNDS):
            file = project / f"shop-{n}.toml"
            file.write_text(TARGET.format(n=f"{checks}-{n}", history=history))
            receiver, sender = context.Pipe(duplex=False)
            asked = AskedRound("evening", file, project / "reports", project)
            process = context.Process(target=measured_round, args=(asked, sender))
            process.start()
            found.append(receiver.recv())
            process.join()
        middle = [statistics.median(row[column] for row in found) for column in range(1, 6)]
        own, children, server, statements, locks = middle
        print(
            f"{'again' if again else 'round'} of {checks} checks ({found[0][0]}): {own:.2f} s of CPU and "
            f"{children:.2f} s of what it starts, the server {server:.0f} ms, {statements:.0f} statements, "
            f"{locks:.0f} locks"
        )


def claims(history: str) -> None:
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    occurrence = Occurrence("evening", noon.date(), 1, Period(noon, noon + timedelta(hours=9)))
    opened = History(make_url(history), "a target")
    with opened.reading() as connection:
        driver: Any = connection.connection.driver_connection
        backend = driver.info.backend_pid
    taken: list[Claim] = []

    def claim() -> None:
        made = claim_round(opened, occurrence, this_runner(), timedelta(minutes=3))
        assert isinstance(made, Claim)
        taken.append(made)

    steps = {"claim": claim, "renewal": lambda: renew(opened, taken[-1]), "end": lambda: settle(opened, taken[-1], 0)}
    spent = dict.fromkeys(steps, (0.0, 0.0))
    for n in range(CLAIMS):
        opened.target = f"target {n}"
        for name, step in steps.items():
            server, ours = server_seconds(backend), time.process_time()
            step()
            server, ours = server_seconds(backend) - server, time.process_time() - ours
            spent[name] = (spent[name][0] + server, spent[name][1] + ours)
    opened.close()
    for name, (server, ours) in spent.items():
        print(f"{name}: the server {1000 * server / CLAIMS:.2f} ms, here {1000 * ours / CLAIMS:.2f} ms")


def main() -> None:
    history = sys.argv[1]
    for checks in (2, 42):
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder)
            (project / "conftest.py").write_text('pytest_plugins = ["hypercare.fixtures"]\n')
            (project / "pytest.ini").write_text("[pytest]\naddopts = -p hypercare.pytest_plugin\n")
            with sqlite3.connect(project / "shop.sqlite") as shop:
                shop.execute("CREATE TABLE sale (id INTEGER PRIMARY KEY)")
                shop.execute("INSERT INTO sale VALUES (1)")
            shop.close()
            rounds(project, history, checks)
    claims(history)


if __name__ == "__main__":
    main()
