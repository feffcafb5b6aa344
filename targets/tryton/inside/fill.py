"""Fill an empty Tryton database: masters, then days of business. Run by Tryton's own python: fill.py CONF DB FACTS.

FACTS is a JSON file: passwords by log-in name, `first` (day) and `last` (UTC moment) of the business.
"""

from __future__ import annotations

import datetime as dt
import json
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
        Branch(database, masters.companies[name], users[f"{word}.sales"], users[f"{word}.workshop"], seed)
        for seed, name in enumerate(BRANCHES[:-1])
        for word in [name.split()[1].lower()]
    ]
    live(branches, first, last)


main(*sys.argv[1:4])
