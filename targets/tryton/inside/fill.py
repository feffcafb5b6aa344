"""Fill an empty Tryton database: masters, then days of business. Run by Tryton's own python: fill.py CONF DB FACTS.

FACTS is a JSON file: passwords by log-in name, `first` (day) and `last` (UTC moment) of the business, the `seed` that
its days follow from, and `kept_days`, where the SQLite file is kept as each evening leaves it ("" for nowhere).
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import sys
from pathlib import Path

import time_machine
from days import CUSTOMERS, Branch, live, stamp_with_our_clock
from masters import BRANCHES, Masters
from proteus import Model
from proteus import config as proteus_config


def main(conf: str, database: str, facts_file: str) -> None:
    facts = json.loads(Path(facts_file).read_text(encoding="utf-8"))
    first, last = dt.date.fromisoformat(facts["first"]), dt.datetime.fromisoformat(facts["last"])
    opening = dt.datetime.combine(first - dt.timedelta(days=20), dt.time(9), dt.UTC)
    config = proteus_config.set_trytond(database, config_file=conf)
    stamp_with_our_clock()
    with time_machine.travel(opening, tick=True):
        masters = Masters(config, facts["passwords"], opening.date())
        masters.put_in()
        for name in (*CUSTOMERS, facts["canary_customer"]):
            party = Model.get("party.party")(name=name)
            party.save()
        users = {user.login: user.id for user in Model.get("res.user").find([])}
    branches = [
        Branch(
            database,
            number,
            masters.companies[name],
            of_branch(users, name, "sales"),
            of_branch(users, name, "workshop"),
            facts["seed"],
        )
        for number, name in enumerate(BRANCHES[:-1])
    ]

    def keep(day: dt.date) -> None:
        if facts["kept_days"]:
            keep_copy(conf, database, Path(facts["kept_days"].format(day=(day - first).days + 1)))

    live(branches, first, last, keep)


def of_branch(users: dict[str, int], branch: str, role: str) -> list[int]:
    """The ids of those who work there as that; the suite's own people are none of them."""
    first = f"{branch.split()[1].lower()}."
    return sorted(number for login, number in users.items() if login.startswith(first) and login.endswith(f".{role}"))


def keep_copy(conf: str, database: str, into: Path) -> None:
    (folder,) = (line.partition("=")[2].strip() for line in Path(conf).read_text().splitlines() if line[:4] == "path")
    source, copy = sqlite3.connect(Path(folder) / f"{database}.sqlite"), sqlite3.connect(into)
    source.backup(copy)
    source.close()
    copy.close()


main(*sys.argv[1:4])
