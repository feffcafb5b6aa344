"""Logged in means that this account is in: shown by something that only it sees, else refused or not known."""

import pytest

from hypercare.clients.accounts import Accounts
from hypercare.clients.client import LogInRefused, SystemRefused
from hypercare.outcome.signals import NotCovered
from hypercare.web.web import Web
from tests.standins.some_target import some_account, some_target

FORM = """<form method="post" action="/login"><input name="u" placeholder="Your name"><input type="password" name="p">
<button disabled>Sign in</button></form><script>
addEventListener('input', () => { document.querySelector('button').disabled = false; });</script>"""
NAVIGATION = '<nav><a href="/a">Orders</a> <a href="/b">Stock</a> <a href="/c">Costs</a></nav>'
HOME = f"{NAVIGATION}<button>Abmelden</button><p>What is to be done today</p>"
IN = "in=1"


def page(body: str) -> str:
    return f"<!doctype html><html><head><title>Shop</title></head><body><h1>Shop</h1>{body}</body></html>"


def answer(handler, body, status=200, cookie=""):
    content = page(body).encode()
    handler.send_response(status)
    if cookie:
        handler.send_header("set-cookie", f"{cookie}; Path=/")
    handler.send_header("content-type", "text/html; charset=utf-8")
    handler.send_header("content-length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


class LogIns:
    """What is answered to the log-in, and what the first page shows to whoever has its cookie."""

    def __init__(self, standin, *, body=HOME, status=200, cookie=IN, home=HOME, home_status=200, form=FORM):
        standin.answers["/"] = lambda handler: (
            answer(handler, home, home_status) if IN in handler.headers.get("cookie", "") else answer(handler, form)
        )
        standin.answers["/login"] = lambda handler: answer(handler, body, status, cookie)


@pytest.fixture
def enter(tmp_path, standin, browser):
    def entered(timeout="3s", **flow):
        people = [some_account(tmp_path, "anna", "clerk", "A")]
        web = {"url": standin.url, "timeout": timeout, "flow": flow}
        target = some_target(tmp_path, mode="observe", web=web, accounts=people)
        with Web(target, browser).client(Accounts(target).all[0]) as client:
            return client.page.url

    return entered


REFUSED = """<nav><a href="/help">Help</a></nav><h2>All licences are in use</h2>
<form method="post"><button>Go on</button></form>"""


@pytest.mark.long
@pytest.mark.parametrize("status", [200, 403, 404, 500])
def test_a_page_without_a_password_is_no_proof(enter, standin, status):
    LogIns(standin, body=REFUSED, status=status, cookie="")
    with pytest.raises(LogInRefused, match=r"anna was not let in: .*All licences are in use"):
        enter()


@pytest.mark.long
def test_a_refusal_that_offers_a_way_out_is_none_either(enter, standin):
    LogIns(standin, body=f'{REFUSED}<a href="/logout">Log out</a>', cookie="")
    with pytest.raises(LogInRefused, match="the log-in page asks again"):
        enter()


@pytest.mark.long
def test_a_first_page_that_fails_lets_nobody_in(enter, standin):
    LogIns(standin, body="<p>Sorry</p>", status=500, home="<p>Sorry</p>", home_status=500)
    with pytest.raises(LogInRefused, match="answers 500"):
        enter()


@pytest.mark.long
@pytest.mark.parametrize(
    "home",
    [
        HOME,
        '<a href="/app/logout"><img alt=""></a><p>Hello there</p>',
        '<div style="display:none"><a href="/me/end">Déconnexion</a></div><p>Bonjour</p>',
        "<p>Signed in as Anna</p>",
        NAVIGATION,
        '<div id="in"></div><script>document.querySelector("#in").attachShadow({mode: "open"}).innerHTML = '
        '"<button>Logga ut</button>"</script><p>Hej</p>',
    ],
)
def test_what_only_somebody_sees_who_is_in_is_a_proof(enter, standin, home):
    LogIns(standin, body=home, home=home)
    enter()


@pytest.mark.long
@pytest.mark.parametrize("home", ["<p>Nothing to see</p>", "<p>Toutes les licences sont prises</p>"])
def test_where_nothing_tells_it_is_not_known(enter, standin, home):
    LogIns(standin, body=home, home=home)
    with pytest.raises(NotCovered, match="Whether anna is in is not known") as gap:
        enter()
    assert "[web.flow] inside" in gap.value.remedy


@pytest.mark.long
def test_what_only_they_see_can_be_said(enter, standin):
    LogIns(standin, body="<p>Nothing to see</p>", home="<p>Nothing to see</p>")
    enter(inside="Nothing to see")
    with pytest.raises(LogInRefused, match="'Your orders' does not appear"):
        enter(inside="Your orders")


@pytest.mark.long
def test_a_page_that_asks_again_says_what_it_says(enter, standin):
    LogIns(standin, body=f"<p>That is not the right word</p>{FORM}", cookie="")
    with pytest.raises(LogInRefused, match=r"anna was not let in: That is not the right word"):
        enter()


PAGE_APP = """<div id="app"></div><script>
const home = () => { app.innerHTML = '%s'; };
const ask = () => { app.innerHTML = '<input placeholder="Name"><input type="password"><button>Enter</button>';
  document.querySelector('button').onclick = () => setTimeout(home, %d); };
ask();
</script>"""


@pytest.mark.long
def test_a_page_app_that_takes_its_time_and_keeps_it_all_to_itself_is_waited_for(enter, standin):
    standin.page("/", page(PAGE_APP % ("<button>Log out</button><button>Orders</button>", 2500)))
    enter(timeout="6s")


@pytest.mark.long
def test_a_page_app_that_never_lets_in_is_refused(enter, standin):
    standin.page("/", page(PAGE_APP % ("<p>x</p>", 60_000)))
    with pytest.raises(LogInRefused, match="nothing is said"):
        enter()


SECOND = page('<form method="post" action="/login"><input type="password" name="p"><button>Enter</button></form>')
SEARCH_FIRST = f'<input type="search" placeholder="Search"><select><option>EN</option></select>{FORM}'


@pytest.mark.long
def test_the_name_goes_into_its_own_field(enter, standin):
    LogIns(standin, form=SEARCH_FIRST)
    enter()


@pytest.mark.long
def test_the_password_may_be_asked_for_on_a_second_page(enter, standin):
    LogIns(standin, form='<form action="/second"><input name="u" aria-label="User"><button>Next</button></form>')
    standin.answers["/second"] = (200, "text/html", SECOND)
    enter()


def test_a_log_in_that_asks_for_more_is_not_guessed(enter, standin):
    LogIns(standin, form=FORM.replace("<input name", '<input placeholder="Company" required><input name'))
    with pytest.raises(NotCovered, match=r"asks for more than a name and a password \(company\)") as gap:
        enter()
    assert "[[web.flow.log_in]]" in gap.value.remedy


STEPS = [
    {"fill": "Your name", "value": "{username}"},
    {"fill": "Pass word", "value": "{password}"},
    {"click": "Sign in"},
]


@pytest.mark.long
def test_a_step_whose_field_is_not_there_is_named(enter, standin):
    LogIns(standin)
    says = r'\[web\.flow\] log_in, step 2 \(fill "Pass word"\): there is no such field on the page http'
    with pytest.raises(SystemRefused, match=says) as refused:
        enter(timeout="1s", log_in=STEPS)
    assert not isinstance(refused.value, LogInRefused)
