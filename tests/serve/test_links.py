"""Links in messages: opening one changes nothing, saying so acts once, and only for a while."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hypercare.escalation.changes import IncidentChange
from hypercare.escalation.troubles import Trouble
from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.notification.notifier import Notifier
from hypercare.outcome.level import Level
from hypercare.review.trail import newest_acts
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of
from tests.serve.served_shop import REVIEWER, ServedShop

pytestmark = pytest.mark.server
LASTS = timedelta(hours=1)


@pytest.fixture
def link(own_shop: ServedShop) -> str:
    return f"/link/{own_shop.site.links.new(1, LASTS)}"


def test_a_program_that_follows_every_link_acknowledges_nothing(own_shop: ServedShop, link: str) -> None:
    scanner = own_shop.visitor()
    for method in ("GET", "HEAD", "GET", "OPTIONS"):
        scanner.client.request(method, link)
    assert own_shop.incidents.one(1).acknowledged is None
    assert ">I'm on it</button>" in scanner.get(link).text


def test_whoever_says_so_is_on_it_without_a_log_in(own_shop: ServedShop, link: str) -> None:
    jo = own_shop.visitor()
    answer = jo.post(link, {"name": "Jo <b>", "note": "on my way"}, token="")
    assert (answer.status_code, "you are on it" in answer.text) == (200, True)
    one = own_shop.incidents.one(1)
    assert (one.acknowledged_by, one.note) == ("Jo <b>", "on my way")
    (act,) = newest_acts(own_shop.history, 9)
    assert (act.by, act.what, act.way, act.place) == ("Jo <b>", "acknowledge", "link", jo.address)


def test_a_link_works_once(own_shop: ServedShop, link: str) -> None:
    assert own_shop.visitor().post(link, {"name": "Jo"}, token="").status_code == 200
    late = own_shop.visitor()
    assert late.post(link, {"name": "Mallory"}, token="").status_code == 410
    assert "Jo has used this link" in late.get(link).text
    assert own_shop.incidents.one(1).acknowledged_by == "Jo"


def test_of_eight_who_use_it_in_the_same_instant_one_does(own_shop: ServedShop, link: str) -> None:
    people = [own_shop.visitor() for _ in range(8)]
    together = threading.Barrier(len(people))

    def tap(number: int) -> int:
        together.wait(30)
        return people[number].post(link, {"name": f"Person {number}"}, token="").status_code

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(tap, range(len(people))))
    assert answers.count(200) == 1 and set(answers) <= {200, 409, 410, 503}
    assert len(newest_acts(own_shop.history, 9)) == 1


def test_a_link_runs_out(own_shop: ServedShop, link: str) -> None:
    with own_shop.history.writing() as connection:
        over = stored(datetime.now(UTC) - timedelta(seconds=1))
        connection.execute(update(tables.answer_links).values(until=over))
    assert own_shop.visitor().post(link, {"name": "Jo"}, token="").status_code == 410
    assert own_shop.incidents.one(1).acknowledged is None


@pytest.mark.parametrize("name", ["", "   ", "a" * 81, "a\u202eb", "a\x00b"])
def test_who_does_not_say_who_they_are_is_asked_again(own_shop: ServedShop, link: str, name: str) -> None:
    assert own_shop.visitor().post(link, {"name": name}, token="").status_code == 422
    assert own_shop.incidents.one(1).acknowledged is None
    assert own_shop.visitor().post(link, {"name": "Jo"}, token="").status_code == 200, "the link is still good"


def test_a_form_from_elsewhere_uses_no_link(own_shop: ServedShop, link: str) -> None:
    answer = own_shop.visitor().post(link, {"name": "Jo"}, token="", origin="https://evil.example")
    assert answer.status_code == 403
    assert own_shop.incidents.one(1).acknowledged is None


def test_where_somebody_is_on_it_already_the_link_says_so(own_shop: ServedShop, link: str) -> None:
    own_shop.logged_in().post("/incidents/1/acknowledge", {"seen": ""})
    assert "Nothing is left to do" in own_shop.visitor().get(link).text
    assert own_shop.visitor().post(link, {"name": "Jo"}, token="").status_code == 409
    assert own_shop.incidents.one(1).acknowledged_by == REVIEWER


def test_the_history_holds_no_link_that_could_be_used(own_shop: ServedShop, link: str) -> None:
    with own_shop.history.reading() as connection:
        rows = connection.execute(select(tables.answer_links)).all()
    assert link.removeprefix("/link/") not in str(rows)


ROUTE = '[[notify]]\nname = "hook"\nurl = "http://127.0.0.1:1/"\n'


@pytest.fixture(params=[True, False], ids=["with a public_url", "without"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[bool, ServedShop]]:
    more = 'public_url = "https://reports.example.com"\n' if request.param else ""
    served = ServedShop(tmp_path, more)
    served.file.write_text(served.file.read_text(encoding="utf-8") + ROUTE, encoding="utf-8")
    yield request.param, served
    served.close()


def test_a_message_has_a_link_only_where_it_can_be_followed(told: tuple[bool, ServedShop]) -> None:
    can_be_followed, served = told
    config = load_target(served.file)
    notifier = Notifier(served.history, config)
    changes = _opened_and_acknowledged(served)
    notifier.tell(changes, None, clock_of(config))
    with served.history.reading() as connection:
        contents = [str(row) for row in connection.execute(select(tables.messages.c.content)).scalars()]
    links = [re.findall(r"https://reports\.example\.com/link/([\w-]{43})", content) for content in contents]
    assert [len(found) for found in links] == ([1, 0] if can_be_followed else [0, 0])
    if can_be_followed:
        assert served.site.links.read(links[0][0]).incident == int(changes[0].incident.id)


def _opened_and_acknowledged(served: ServedShop) -> list[IncidentChange]:
    now = clock_of(served.config)
    noted = served.incidents.note_round([Trouble("check:e.f", Level.L2, "It fails.", ("verify.costs",))], [], now)
    (opened,) = noted.changes
    return [opened, served.incidents.acknowledge(int(opened.incident.id), "Jo", "", now)]
