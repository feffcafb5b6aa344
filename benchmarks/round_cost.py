"""What the questions of a round cost a database: python benchmarks/round_cost.py TARGET.toml [...] [--round evening].

Statements, the server's processor time by its own accounting, our own, the peak of memory, and the slowest statements
with the check that asked them first. With --item only these items; with --again the round is held twice on one history,
so that the second knows what the first remembered.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.accounting.rounds import PROJECT, Cost, cost_of_round

WIDTH = 150


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="+", type=Path)
    parser.add_argument("--round", default="evening", help="a round of the checklist, or: data (all data checks)")
    parser.add_argument("--item", action="append", default=[])
    parser.add_argument("--reports", type=Path, help="keep the history here; else a new one is made and thrown away")
    parser.add_argument("--project", type=Path, default=PROJECT, help="another working copy to measure")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--slowest", type=int, default=15)
    options = parser.parse_args()
    for target in options.targets:
        with tempfile.TemporaryDirectory() as folder:
            reports = options.reports or Path(folder)
            for time in range(2 if options.again else 1):
                cost = cost_of_round(target, options.round, reports, items=options.item, project=options.project)
                _tell(f"{target} {'again' if time else 'first'}", cost, options.slowest)


def _tell(name: str, cost: Cost, slowest: int) -> None:
    print(
        f"{name}: status {cost.status}, {cost.statements} statements, server {cost.server_s:.2f} s,"
        f" client {cost.client_s:.2f} s, wall {cost.wall_s:.1f} s, peak {cost.peak_mb:.0f} MB; {cost.last_line}"
    )
    for one in cost.slowest[:slowest]:
        words = " ".join(one.statement.split())
        print(f"  {one.server_s:7.3f} s {one.times:4} x {one.check}\n                   {words[:WIDTH]}")


if __name__ == "__main__":
    main()
