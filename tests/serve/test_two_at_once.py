"""Two people act at one time, and somebody else holds the database: nothing is done twice, lost, or done unawares."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest

from hypercare.escalation.events import EventKind
from hypercare.review.trail import newest_acts
from hypercare.serve.log_ins import OF_BOTH
from tests.serve.served_shop import OTHER, REVIEWER, TODAY, ServedShop, Visitor

pytestmark = pytest.mark.server


def test_of_two_who_acknowledge_at_once_one_is_told_that_the_other_is_on_it(own_shop: ServedShop) -> None:
    people = [own_shop.logged_in(REVIEWER), own_shop.logged_in(OTHER)]
    tokens = [one.form_token() for one in people]
    together = threading.Barrier(2)

    def acknowledge(number: int) -> tuple[int, str]:
        together.wait(30)
        answer = people[number].post("/incidents/1/acknowledge", {"seen": ""}, token=tokens[number])
        return answer.status_code, answer.text

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(acknowledge, range(2)))
    assert [status for status, _ in answers] == [303, 409]
    on_it = own_shop.incidents.one(1).acknowledged_by
    assert on_it in (REVIEWER, OTHER)
    assert f"{on_it} is on it meanwhile, so nothing was changed." in answers[1][1]
    events = [event.kind for event in own_shop.incidents.events_of(1)]
    assert events.count(EventKind.ACKNOWLEDGED) == 1
    assert len(newest_acts(own_shop.history, 9)) == 1


def test_who_taps_twice_has_acknowledged_once(own_shop: ServedShop) -> None:
    mara = own_shop.logged_in()
    assert [mara.post("/incidents/1/acknowledge", {"seen": ""}).status_code for _ in range(2)] == [303, 303]
    assert len(newest_acts(own_shop.history, 9)) == 1


def test_who_saw_who_is_on_it_may_take_it_over(own_shop: ServedShop) -> None:
    own_shop.logged_in(REVIEWER).post("/incidents/1/acknowledge", {"seen": ""})
    jo = own_shop.logged_in(OTHER)
    assert "Take it over" in jo.get("/incidents/1").text
    assert jo.post("/incidents/1/acknowledge", {"seen": REVIEWER}).status_code == 303
    assert own_shop.incidents.one(1).acknowledged_by == OTHER


def test_an_answer_that_the_other_did_not_see_is_not_written_over(own_shop: ServedShop) -> None:
    mara, jo = own_shop.logged_in(REVIEWER), own_shop.logged_in(OTHER)
    path = f"/day/{TODAY}/answer/errors.fix-plan"
    assert mara.post(path, {"answer": "Mara does", "seen": ""}).status_code == 303
    overtaken = jo.post(path, {"answer": "Jo does", "seen": ""})
    assert overtaken.status_code == 409
    assert f"{REVIEWER} has answered meanwhile: Mara does" in overtaken.text
    assert "Jo does</textarea>" in overtaken.text
    assert jo.post(path, {"answer": "Jo does", "seen": "Mara does"}).status_code == 303


def test_of_two_who_resolve_at_once_the_second_is_told_that_it_is_over(own_shop: ServedShop) -> None:
    mara, jo = own_shop.logged_in(REVIEWER), own_shop.logged_in(OTHER)
    assert mara.post("/incidents/1/resolve", {}).status_code == 303
    late = jo.post("/incidents/1/resolve", {})
    assert (late.status_code, "no open incident 1" in late.text) == (409, True)


def test_many_guesses_at_one_time_are_as_many_as_one_after_the_other(own_shop: ServedShop) -> None:
    mallory = own_shop.visitor()
    token = mallory.form_token("/login")

    def guess(number: int) -> int:
        form = {"name": REVIEWER, "password": f"guess {number}", "then": "/"}
        # One that came while the history was busy was not looked at, and is sent again as the page says.
        answers = (mallory.post("/login", form, token=token).status_code for _ in itertools.count())
        return next(status for status in answers if status != 503)

    with ThreadPoolExecutor(12) as pool:
        assert sorted(pool.map(guess, range(24))) == [401] * OF_BOTH + [429] * (24 - OF_BOTH)


def test_while_somebody_else_writes_one_may_read_and_what_was_typed_is_sent_again(own_shop: ServedShop) -> None:
    mara = own_shop.logged_in()
    token = mara.form_token()
    with own_shop.history.writing():
        assert mara.get("/incidents/1").status_code == 200
        busy = mara.post("/incidents/1/note", {"text": "it is <b>the cable"}, token=token)
    assert busy.status_code == 503
    assert busy.headers["retry-after"]
    assert "Nothing was done" in busy.text
    assert 'value="it is &lt;b&gt;the cable"' in busy.text
    assert own_shop.incidents.one(1).note == ""
    assert mara.post("/incidents/1/note", {"text": "it is <b>the cable"}, token=token).status_code == 303
    assert own_shop.incidents.one(1).note == "it is <b>the cable"


def test_a_log_in_while_somebody_else_writes_is_no_wrong_password(own_shop: ServedShop) -> None:
    mara = own_shop.visitor()
    with own_shop.history.writing():
        busy = mara.log_in(REVIEWER)
    assert busy.status_code == 503
    assert "a long password" not in busy.text
    assert mara.log_in(REVIEWER).status_code == 303


def test_however_many_log_in_others_are_answered(own_shop: ServedShop, monkeypatch: pytest.MonkeyPatch) -> None:
    mara = own_shop.logged_in()
    people = [own_shop.visitor() for _ in range(60)]
    tokens = [one.form_token("/login") for one in people]
    go_on = threading.Event()
    monkeypatch.setattr(own_shop.site.accounts, "is_right", lambda *_: go_on.wait(30) and False)
    with ThreadPoolExecutor(60) as pool:
        tried = [pool.submit(_log_in_as, one, f"name{n}", tokens[n]) for n, one in enumerate(people)]
        turned_away = list(islice(as_completed(tried, timeout=30), 52))
        assert mara.get("/").status_code == 200
        go_on.set()
    assert {one.result() for one in turned_away} == {503}
    assert sorted(one.result() for one in tried) == [401] * 8 + [503] * 52


def _log_in_as(somebody: Visitor, name: str, token: str) -> int:
    return somebody.post("/login", {"name": name, "password": "x", "then": "/"}, token=token).status_code
