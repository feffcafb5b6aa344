"""What a reviewer does on a page stands in the history as if it had been typed, with who did it and from where."""

from __future__ import annotations

import re
import sys

import pytest

from hypercare.cli import main
from hypercare.review.trail import Act, newest_acts
from tests.serve.served_shop import OTHER, REVIEWER, TODAY, VIEWER, ServedShop

pytestmark = pytest.mark.server


def type_command(shop: ServedShop, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    of_target = ["--target", str(shop.file), "--reports", str(shop.reports)]
    monkeypatch.setattr(sys, "argv", ["hypercare", *words, *of_target])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0


PAGES = (
    ("/incidents/1/acknowledge", {"seen": "", "note": "looking"}),
    ("/incidents/1/note", {"text": "it is the cable"}),
    ("/incidents/1/action", {"text": "a new cable"}),
    ("/incidents/1/resolve", {"note": "mended"}),
    (f"/day/{TODAY}/answer/errors.fix-plan", {"answer": "Jo, by Friday", "seen": ""}),
    (f"/day/{TODAY}/action", {"text": "called the shop"}),
    (f"/day/{TODAY}/sign-off", {"what": "daily", "note": "read"}),
    (f"/day/{TODAY}/sign-off", {"what": "week-1", "note": ""}),
)
COMMANDS = (
    ("ack", "1", "--note", "looking"),
    ("note", "1", "it is the cable"),
    ("action", "a new cable", "--incident", "1"),
    ("resolve", "1", "--note", "mended"),
    ("attest", "errors.fix-plan", "--answer", "Jo, by Friday", "--project", "PROJECT"),
    ("action", "called the shop"),
    ("sign-off", "--note", "read"),
    ("sign-off", "--what", "week-1"),
)


def test_pages_and_commands_leave_the_same_in_the_history(
    tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    by_page, by_command = ServedShop(tmp_path / "one"), ServedShop(tmp_path / "two")
    try:
        mara = by_page.logged_in()
        assert [mara.post(path, form).status_code for path, form in PAGES] == [303] * len(PAGES)
        for words in COMMANDS:
            in_project = [str(by_command.folder) if word == "PROJECT" else word for word in words]
            type_command(by_command, monkeypatch, *in_project, "--by", REVIEWER)
        assert left_by(by_page) == left_by(by_command)
        assert [(one.by, one.what, one.about) for one in newest_acts(by_page.history, 99)] == [
            (one.by, one.what, one.about) for one in newest_acts(by_command.history, 99)
        ]
        assert {one.way for one in newest_acts(by_command.history, 99)} == {"command"}
    finally:
        by_page.close()
        by_command.close()


def left_by(shop: ServedShop) -> tuple[object, ...]:
    said = shop.annotations.of_day(shop.site.acts.today(shop.incidents.one(1).opened))
    story = [(event.kind, event.by, event.note, event.at) for event in shop.incidents.events_of(1)]
    return story, dict(said.answers), said.actions, said.sign_off


def test_each_act_says_who_did_it_when_and_from_where(own_shop: ServedShop) -> None:
    mara = own_shop.logged_in()
    mara.post("/incidents/1/note", {"text": "it is the cable"})
    (act,) = newest_acts(own_shop.history, 9)
    assert act == Act(act.at, REVIEWER, "note", "incident 1", "page", mara.address)
    trail = mara.get("/trail").text
    assert mara.address in trail
    assert "wrote a note beside incident 1" in trail


@pytest.mark.parametrize(
    ("path", "form", "status", "says"),
    [
        ("/incidents/99/note", {"text": "x"}, 404, "There is no such incident"),
        ("/incidents/1/note", {"text": "   "}, 422, "Say something."),
        (f"/day/{TODAY}/answer/verify.costs", {"answer": "x", "seen": ""}, 422, "decided by its checks"),
        (f"/day/{TODAY}/answer/no.such", {"answer": "x", "seen": ""}, 422, "There is no item"),
        ("/day/2026-01-16/action", {"text": "x"}, 404, "still to come"),
        ("/day/9999-99-99/action", {"text": "x"}, 404, "no such day"),
        (f"/day/{TODAY}/sign-off", {"what": "week-9"}, 422, "still to come"),
        (f"/day/{TODAY}/sign-off", {"what": "<b>"}, 422, "There is no report"),
        ("/incidents/99999999999999999999999/note", {"text": "x"}, 404, "There is no such incident"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    shop: ServedShop, path: str, form: dict[str, str], status: int, says: str
) -> None:
    answer = shop.logged_in(OTHER).post(path, form)
    assert (answer.status_code, says in answer.text) == (status, True)
    assert newest_acts(shop.history, 9) == []


def test_what_was_typed_is_not_lost_when_it_cannot_be_done(shop: ServedShop) -> None:
    answer = shop.logged_in(OTHER).post(f"/day/{TODAY}/sign-off", {"what": "week-9", "note": "a long thought"})
    assert "a long thought</textarea>" in answer.text


@pytest.mark.parametrize("what", ["daily", "week-1", "month-1"])
def test_a_report_of_days_without_a_round_cannot_be_signed(own_shop: ServedShop, what: str) -> None:
    for name in ("r0", "r1"):
        own_shop.history.withdraw_round(name)
    refused = own_shop.logged_in().post(f"/day/{TODAY}/sign-off", {"what": what, "note": ""})
    assert refused.status_code == 422
    assert "no round was held" in refused.text.lower()
    assert "sign off" not in {act.what for act in newest_acts(own_shop.history, 9)}


def test_the_page_of_a_day_shows_what_was_said_of_it(own_shop: ServedShop) -> None:
    mara = own_shop.logged_in()
    assert "Who takes each error on?" in mara.get(f"/day/{TODAY}").text
    mara.post(f"/day/{TODAY}/answer/errors.fix-plan", {"answer": "Jo, by Friday", "seen": ""})
    mara.post(f"/day/{TODAY}/sign-off", {"what": "daily", "note": "read it all"})
    page = mara.get(f"/day/{TODAY}").text
    assert "Jo, by Friday" in page
    assert "1 of 1 answered" in page
    assert "read it all" in page


def test_the_reports_are_found_from_the_page_that_lists_them(own_shop: ServedShop) -> None:
    ben = own_shop.logged_in(VIEWER)
    page = ben.get("/reports").text
    assert ben.get("/reports/").headers["location"] == "/reports"
    assert "All days" not in page
    (own_shop.reports / "index.html").write_text("<!doctype html><html><body>Calendar</body></html>", encoding="utf-8")
    (own_shop.reports / TODAY / "day-091500").mkdir()
    (own_shop.reports / TODAY / "day-091500" / "index.html").write_text("replaced", encoding="utf-8")
    page = ben.get("/reports").text
    links = re.findall(r'href="(/reports/[^"]*)"', page)
    assert links == ["/reports/latest/", "/reports/index.html", f"/reports/{TODAY}/day/", "/reports/week-1.html"]
    assert [ben.get(link).status_code for link in links] == [200] * 4
    assert ben.get(f"/reports/{TODAY}/day").headers["location"] == f"/reports/{TODAY}/day/"


def test_a_report_has_a_way_to_the_pages_that_act(own_shop: ServedShop) -> None:
    page = own_shop.logged_in(VIEWER).get("/reports/latest/").text
    assert re.findall(r'href="(/[^"]*)"', page) == ["/reports", "/", f"/day/{TODAY}"]


def test_the_styles_are_held_for_a_while_and_nothing_else(own_shop: ServedShop) -> None:
    ben = own_shop.logged_in(VIEWER)
    assert [ben.get(path).headers["cache-control"] for path in ("/style.css", "/", "/reports/latest/daily.md")] == [
        "max-age=600",
        "no-store",
        "no-store",
    ]
