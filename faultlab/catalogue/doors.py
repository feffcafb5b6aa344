"""Doors between branches that somebody forgot to close: whoever knows the number of a record gets at it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from faultlab.catalogue.api import API, SALE
from faultlab.fault import Fault, Where, items
from faultlab.gateway.spoiling import json_changed
from faultlab.gateway_fault import BEFORE_OPENING, between
from faultlab.problem import LabProblem
from faultlab.scene import Scene
from hypercare.http.reverse_proxy import Answer, Ask, Request, Spoil
from hypercare.outcome.level import Level

OPEN = {"focus.branch-isolation": Level.L3}
_EXTRACT = "extract-of-a-branch.sqlite"
_OF_A_BRANCH = ("sales", "customers", "production_orders")
_BRANCH = "HAR"


def _whoever_asks(pattern: str, method: str, carried: str = "authorization") -> Spoil:
    """What is refused to one person is done with the rights of another who was there: nobody asks whose it is."""
    rights: dict[str, None] = {}

    def spoil(request: Request, ask: Ask) -> Answer:
        answer = ask(request)
        own = request.headers.get(carried)
        if own and answer.status < 300:
            rights.setdefault(own)
        if not request.goes_to(pattern, method) or answer.status not in {403, 404}:
            return answer
        others = (replace(request, headers={**request.headers, carried: one}) for one in tuple(rights) if one != own)
        return next((done for other in others if (done := ask(other)).status < 300), answer)

    return spoil


def _with_walk_in_customer(answer: dict[str, Any]) -> dict[str, Any]:
    entries = answer["items"]
    if not entries:
        return answer
    return {**answer, "items": [*entries, {**entries[0], "id": 0, "name": "Walk-in customer", "branch": None}]}


def _with_database_user(url_of: Callable[[Scene], str]) -> Callable[[Scene], None]:
    """The target file names a user of the database who is to see one branch alone."""

    def put_in(scene: Scene) -> None:
        url = url_of(scene)
        scene.files.spoil(scene.target_file)
        with scene.target_file.open("a", encoding="utf-8") as file:
            file.write(
                f'\n[[branch_isolation.database_roles]]\nname = "accountant of {_BRANCH}"\n'
                f'url = "{url}"\nbranch = "{_BRANCH}"\n'
            )

    return put_in


def _all_of_it(scene: Scene) -> str:
    return _database_of(scene)


def _extract(scene: Scene) -> str:
    """A copy of the database in which nothing of another branch is left."""
    source = make_url(_database_of(scene)).database
    if source is None or not Path(source).is_file():
        raise LabProblem("this fault is put into an SQLite database only")
    place = scene.target_file.resolve().parent / _EXTRACT
    scene.files.make(place)
    with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(place)) as part:
        whole.backup(part)
        for table in _OF_A_BRANCH:
            part.execute(f"DELETE FROM {table} WHERE branch_id <> (SELECT id FROM branches WHERE code = ?)", (_BRANCH,))
        part.commit()
    return f"sqlite:///{place}"


def _database_of(scene: Scene) -> str:
    assert scene.config.database is not None
    return scene.config.database.url


FAULTS = (
    between(
        "api-customer-opens-for-other-branches",
        "Whoever guesses the number in the address is shown a customer of another branch.",
        Where.API,
        _whoever_asks(rf"{API}/customers/\d+", "GET"),
        OPEN,
    ),
    between(
        "api-costs-of-an-order-open-for-other-branches",
        "The costs of an order are shown to whoever knows its number.",
        Where.API,
        _whoever_asks(rf"{API}/production/orders/\d+/costs", "GET"),
        OPEN,
    ),
    between(
        "api-draft-changed-by-other-branches",
        "Whoever knows its number may change a draft of another branch, though nobody else is shown it.",
        Where.API,
        _whoever_asks(SALE, "PATCH"),
        OPEN,
    ),
    between(
        "api-draft-deleted-by-other-branches",
        "Whoever knows its number may throw away a draft of another branch.",
        Where.API,
        _whoever_asks(SALE, "DELETE"),
        OPEN,
    ),
    between(
        "api-line-added-by-other-branches",
        "Whoever knows its number may add a line to a draft of another branch.",
        Where.API,
        _whoever_asks(rf"{SALE}/lines", "POST"),
        OPEN,
    ),
    between(
        "api-step-started-by-other-branches",
        "A step of another branch's order can be started by whoever knows its number.",
        Where.API,
        _whoever_asks(rf"{API}/production/steps/\d+/start", "POST"),
        OPEN,
    ),
    between(
        "phone-opens-sales-of-other-branches",
        "On the phone a sale of another branch opens for whoever guesses its address.",
        Where.MOBILE,
        _whoever_asks(r"/m/sales/\d+", "GET", "cookie"),
        OPEN,
    ),
    between(
        "web-opens-sales-of-other-branches",
        "In the web app a sale of another branch opens for whoever guesses its address.",
        Where.WEB,
        _whoever_asks(r"/sales/\d+", "GET", "cookie"),
        OPEN,
    ),
    between(
        "api-customer-of-no-branch-in-every-list",
        "Each branch is shown the walk-in customer, who belongs to none, beside its own.",
        Where.API,
        json_changed(f"{API}/customers", _with_walk_in_customer, "GET"),
        just_below=items("focus.branch-isolation"),
    ),
    Fault(
        id="database-user-sees-all-branches",
        happens="The accountant of one branch comes into the database with a user who sees every branch.",
        where=Where.DATABASE,
        put_in=_with_database_user(_all_of_it),
        noticed_by=OPEN,
        at=BEFORE_OPENING,
    ),
    Fault(
        id="database-user-sees-one-branch",
        happens="The accountant of one branch comes into the database with a user who sees that branch alone.",
        where=Where.DATABASE,
        put_in=_with_database_user(_extract),
        just_below=items("focus.branch-isolation"),
        at=BEFORE_OPENING,
    ),
)
