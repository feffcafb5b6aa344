"""Where a system allows one session, the suite's clients do not take it from each other, nor from people."""

import pytest

from hypercare.clients.accounts import Accounts
from hypercare.clients.client import LogInRefused
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.seats import Seats, Sessions
from hypercare.web.web import Web
from tests.standins.some_target import some_account, some_target


@pytest.mark.parametrize(
    ("allowed", "first", "second", "is_free"),
    [
        (Sessions.ANY, ("anna", "the API"), ("anna", "the web app"), True),
        (Sessions.ONE_A_PERSON, ("anna", "the API"), ("anna", "the web app"), False),
        (Sessions.ONE_A_PERSON, ("anna", "the API"), ("bea", "the web app"), True),
        (Sessions.ONE_A_PERSON, ("anna", "the API"), ("anna", "the API"), True),
        (Sessions.ONE, ("anna", "the API"), ("bea", "the web app"), False),
        (Sessions.ONE, ("anna", "the API"), ("bea", "the API"), False),
    ],
)
def test_a_seat_in_use_is_not_taken(allowed, first, second, is_free):
    seats = Seats(allowed)
    with seats.taken(*first):
        if is_free:
            with seats.taken(*second):
                pass
        else:
            with pytest.raises(NotCovered, match=f"{first[0]} is in through {first[1]}"), seats.taken(*second):
                pass
    with seats.taken(*second):
        pass


def test_what_is_only_kept_is_given_up_first():
    given_up: list[str] = []
    seats = Seats(Sessions.ONE)
    seats.keeps(lambda: given_up.append("kept"))
    with seats.taken("anna", "the web app"):
        assert given_up == ["kept"]


FORM = """<!doctype html><title>Shop</title><p>{}</p><form method="post" action="/login"><input name="u">
<input type="password" name="p"><button>Enter</button></form>"""
HOME = """<!doctype html><title>Shop</title><nav><a href="/a">Orders</a></nav><div style="display:none">
<form method="post" action="/end"><button>Abmelden</button></form></div><p>Hello</p>"""


@pytest.fixture
def people(tmp_path, standin, browser):
    def made(sessions):
        accounts = [some_account(tmp_path, name, "clerk", "A") for name in ("anna", "bea")]
        web = {"url": standin.url, "timeout": "3s", "flow": {}}
        target = some_target(tmp_path, mode="observe", web=web, accounts=accounts)
        settings = target.config.target.model_copy(update={"sessions": sessions})
        target.config = target.config.model_copy(update={"target": settings})
        return Accounts(target), Web(target, browser)

    def page(handler, text, cookie=""):
        body = text.encode()
        handler.send_response(200)
        if cookie:
            handler.send_header("set-cookie", cookie)
        handler.send_header("content-type", "text/html")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    taken: set[str] = set()

    def log_in(handler):
        if taken:
            page(handler, FORM.format("There is already a session of somebody else"))
        else:
            taken.add("taken")
            page(handler, HOME, "in=1; Path=/")

    def log_out(handler):
        taken.clear()
        page(handler, FORM.format(""), "in=0; Path=/")

    is_in = "in=1"
    standin.answers["/"] = lambda handler: page(
        handler, HOME if is_in in handler.headers.get("cookie", "") else FORM.format("")
    )
    standin.answers.update({"/login": log_in, "/end": log_out})
    return made


@pytest.mark.long
def test_each_client_leaves_by_the_way_out_that_the_page_shows(people):
    accounts, web = people(Sessions.ONE)
    assert accounts.refused_by(web).count == 0


@pytest.mark.long
def test_where_any_number_is_allowed_nobody_presses_what_was_not_declared(people, standin):
    accounts, web = people(Sessions.ANY)
    with pytest.raises(LogInRefused), web.client(accounts.all[0]), web.client(accounts.all[1]):
        pass
    assert "/end" not in [path for _, path, _ in standin.seen]


@pytest.mark.long
def test_a_session_that_somebody_else_has_is_not_a_refusal(people):
    accounts, web = people(Sessions.ANY)
    with web.client(accounts.all[0]):
        accounts, web = people(Sessions.ONE)
        with pytest.raises(NotCovered, match="somebody else has it, so bea was not let in: There is already a session"):
            accounts.refused_by(web, [accounts.all[1]])
