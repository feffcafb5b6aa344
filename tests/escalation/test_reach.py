"""Whether people of a level are reached: who they are, which route tells them, and what did not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from hypercare.escalation.reach import Reach
from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.outcome.signals import NotCovered
from tests.history.remembering import NINE, config_of

ROUTE = {"name": "desk", "url": "https://example.org/hook", "levels": ["L1"]}
NAMED = {"L1": {"who": "Anna", "respond_within": "15m"}}


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "history.sqlite", "shop")
    opened.begin_round("r", "morning", NINE.date(), NINE, NINE)
    yield opened
    opened.close()


def message(history: History, hours_ago: float, state: str, trouble: str | None, level: str = "L1") -> None:
    created = stored(NINE - timedelta(hours=hours_ago))
    with history.writing() as connection:
        values: dict[str, Any] = {
            "target": "shop",
            "key": f"{created}{state}{level}",
            "kind": "incident",
            "level": level,
        }
        made = connection.execute(insert(tables.messages).values(**values, title="Web down", body="", created=created))
        (key,) = made.inserted_primary_key or (0,)
        connection.execute(insert(tables.deliveries).values(message_id=key, route="desk", state=state, trouble=trouble))


DELIVERIES = [
    ((3, "sent", None), 0),
    ((3, "given up", "550 no such user"), 1),
    ((3, "waiting", "connection refused"), 1),
    ((3, "waiting", None), 0),
    ((0.1, "waiting", "connection refused"), 0),
    ((30, "given up", "550 no such user"), 0),
    ((3, "left out", "nobody wants it"), 0),
]


@pytest.mark.parametrize(("said", "lost"), DELIVERIES)
def test_a_message_is_lost_that_had_its_time_and_met_trouble(
    history: History, said: tuple[float, str, str | None], lost: int
) -> None:
    message(history, *said)
    assert Reach(config_of(), history, NINE).undelivered(Level.L1).count == lost


def test_each_level_has_its_own_messages(history: History) -> None:
    message(history, 3, "given up", "no", level="L2")
    reach = Reach(config_of(), history, NINE)
    assert [reach.undelivered(level).count for level in Level] == [0, 1, 0]
    assert reach.undelivered(Level.L2).sample[0]["trouble"] == "no"


@pytest.mark.parametrize(
    ("sections", "reason"),
    [
        ({}, "does not say who acts at L1"),
        ({"escalation": NAMED}, "No message reaches the people of L1"),
        ({"escalation": NAMED, "notify": [{**ROUTE, "levels": ["L3"]}]}, "No message reaches the people of L1"),
        ({"escalation": NAMED, "notify": [{**ROUTE, "kinds": ["digest"]}]}, "No message reaches the people of L1"),
    ],
)
def test_a_level_that_nobody_is_named_for_is_not_covered(
    history: History, sections: dict[str, Any], reason: str
) -> None:
    with pytest.raises(NotCovered, match=reason):
        Reach(config_of(**sections), history, NINE).require_people(Level.L1)


def test_people_who_are_named_and_told_are_reached(history: History) -> None:
    Reach(config_of(escalation=NAMED, notify=[ROUTE]), history, NINE).require_people(Level.L1)
