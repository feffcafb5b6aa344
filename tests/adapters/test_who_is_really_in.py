"""Logged in means that this account is in: shown by what only it is shown, not by the lack of a no."""

from __future__ import annotations

import itertools

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from hypercare.api.api import Api
from hypercare.clients.accounts import Accounts
from hypercare.outcome.signals import NotCovered
from tests.adapters import shop_targets
from tests.adapters.serving import served
from tests.adapters.trying import target_of

pytestmark = pytest.mark.server

FORM = """
[rest.log_in]
kind = "form"
path = "/login"
"""
BEARER = """
[rest.log_in]
path = "/login"
"""
LISTED = """
[rest.list_sales]
path = "/sales"
"""
ENDPOINT = """
[[api.endpoints]]
name = "own"
path = "/own"
as_role = "ROLE"
"""
WHO = """
[rest.who]
path = "/me"
"""


class Place:
    """Lets people in by cookie or token, or only seems to (`lets_in`); `own` is what it then answers."""

    def __init__(self, *, lets_in: bool = True, own: str = "mine", token_in: str = "", ends_all: bool = False) -> None:
        self.lets_in, self.own, self.token_in, self.ends_all = lets_in, own, token_in, ends_all
        self.sessions: dict[str, str] = {}
        self.numbers = itertools.count(1)

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/login", self.enter, methods=["POST"]),
            Route("/logout", self.leave, methods=["POST"]),
            *(Route(f"/{name}", self.tell) for name in ("me", "own", "sales")),
        ]

    async def enter(self, request: Request) -> Response:
        sent = dict(await request.form()) or await request.json()
        right = self.lets_in and sent["password"] == shop_targets.PASSWORD
        key = f"session-{next(self.numbers)}"
        if right:
            self.sessions[key] = sent["username"]
        if self.token_in == "header":
            return Response(status_code=204, headers={"X-Auth-Token": key}) if right else JSONResponse({}, 401)
        if self.token_in == "body":
            return JSONResponse({"token": key} if right else {}, 200 if right else 401)
        # A page either way, as systems do that were made for people; everybody is given a cookie.
        response = HTMLResponse("<html>Welcome</html>" if right else "<html>Log in</html>")
        response.set_cookie("sid", key)
        return response

    async def leave(self, request: Request) -> Response:
        who = self.sessions.pop(self._key(request), None)
        if self.ends_all:
            self.sessions = {key: one for key, one in self.sessions.items() if one != who}
        return Response(status_code=204)

    async def tell(self, request: Request) -> Response:
        who = self.sessions.get(self._key(request))
        if self.own == "to everybody":
            return JSONResponse([1])
        if self.own == "always new":
            return JSONResponse([next(self.numbers)])
        if self.own == "no right":
            return JSONResponse({}, 403)
        if who is None:
            return RedirectResponse("/login") if self.own == "or leads away" else JSONResponse({}, 401)
        return JSONResponse({"name": who, "job": who.partition(".")[0], "at": "TST"})

    def _key(self, request: Request) -> str:
        return request.headers.get("authorization", "").removeprefix("Bearer ") or request.cookies.get("sid", "")


@pytest.fixture
def tried(tmp_path):
    """The API and the accounts of a place that is declared so."""
    made = []

    def tried(place: Place, declared: str):
        serving = served(place.routes)
        target = target_of(shop_targets.write_target(tmp_path, serving.__enter__(), declared))
        api = Api(target)
        made.append((api, serving))
        return api, Accounts(target)

    yield tried
    for api, serving in made:
        api.close()
        serving.__exit__(None, None, None)


@pytest.mark.parametrize("own", ["mine", "or leads away"])
@pytest.mark.parametrize("shown_by", [LISTED, ENDPOINT, WHO], ids=["a list", "an endpoint", "who"])
def test_an_answer_that_nobody_else_gets_shows_it(tried, own, shown_by):
    shown_by = shown_by.replace("ROLE", "clerk")
    api, accounts = tried(Place(own=own), FORM + shown_by)
    refused = accounts.refused_by(api, accounts.of(role="clerk"))
    assert refused.count == 0


@pytest.mark.parametrize("shown_by", [ENDPOINT, WHO, LISTED], ids=["an endpoint", "who", "a list"])
def test_who_only_seems_to_be_let_in_is_refused(tried, shown_by):
    api, accounts = tried(Place(lets_in=False), FORM + shown_by.replace("ROLE", "clerk"))
    refused = accounts.refused_by(api, accounts.of(role="clerk"))
    assert refused.count == refused.of > 0
    assert refused.accounts[0][1] == "nobody is logged in afterwards"


@pytest.mark.long
@pytest.mark.parametrize("lets_in", [True, False])
@pytest.mark.parametrize(
    ("own", "shown_by"),
    [("mine", ""), ("to everybody", LISTED), ("always new", LISTED), ("no right", LISTED), ("mine", ENDPOINT)],
    ids=[
        "nothing to ask",
        "an open list",
        "a list new each time",
        "no right to the list",
        "another's endpoint",
    ],
)
def test_where_nothing_shows_it_nothing_is_covered(tried, lets_in, own, shown_by):
    api, accounts = tried(Place(lets_in=lets_in, own=own), FORM + shown_by.replace("ROLE", "tailor"))
    with pytest.raises(NotCovered, match="was not refused in the API, but nothing shows") as gap:
        accounts.refused_by(api, accounts.of(role="clerk"))
    assert "[rest.who]" in gap.value.remedy


@pytest.mark.parametrize(("token_in", "more"), [("body", ""), ("header", 'token_header = "X-Auth-Token"\n')])
def test_a_token_is_given_to_who_is_in_alone(tried, token_in, more):
    api, accounts = tried(Place(token_in=token_in), BEARER + more + LISTED)
    refused = accounts.refused_by(api, accounts.of(role="clerk"))
    assert refused.count == 0
    with api.client() as client:
        assert not client.accepts("clerk.tst", "wrong")
    with api.client(accounts.first_of("clerk")) as client:
        assert client.headers()["Authorization"].startswith("Bearer session-")


def test_rights_that_are_not_read_are_not_as_agreed(tried):
    api, accounts = tried(Place(), FORM + WHO + 'username = "name"\n')
    with pytest.raises(NotCovered, match="Nothing in the API is read that shows the role or branch"):
        accounts.with_other_rights_in(api, accounts.of(role="clerk", branch="TST"))


def test_rights_that_are_read_are_told(tried):
    api, accounts = tried(Place(), FORM + WHO + 'username = "name"\nrole = "job"\nbranch = "at"\n')
    others = accounts.with_other_rights_in(api, accounts.of(role="clerk"))
    assert others.who.startswith("clerk.har in branch TST where HAR is right")


@pytest.mark.parametrize(
    ("reads", "compared"), [("role", {"role"}), ("branch", {"branch"}), ("role branch", {"role", "branch"})]
)
def test_what_of_the_rights_was_compared_is_told(tried, reads, compared):
    places = {"role": 'role = "job"\n', "branch": 'branch = "at"\n'}
    declared = "".join(places[one] for one in reads.split())
    api, accounts = tried(Place(), FORM + WHO + 'username = "name"\n' + declared)
    assert accounts.with_other_rights_in(api, accounts.of(role="clerk", branch="TST")).compared == compared


def test_a_wrong_password_that_gets_the_same_page_is_not_let_in(tried):
    api, _ = tried(Place(), FORM + LISTED)
    with api.client() as client:
        assert client.accepts("clerk.tst", shop_targets.PASSWORD)
        assert not client.accepts("clerk.tst", "wrong")


def test_a_wrong_password_of_which_nothing_is_shown_is_not_covered(tried):
    api, _ = tried(Place(), FORM)
    with api.client() as client, pytest.raises(NotCovered, match="Nothing tells whether a session is still taken"):
        client.accepts("clerk.tst", "wrong")


LOG_OUT = """
[rest.log_out]
method = "POST"
path = "/logout"
"""


def test_a_log_out_that_ends_all_sessions_of_the_person_ends_none_of_ours_for_good(tried):
    place = Place(ends_all=True)
    endpoint = ENDPOINT.replace("ROLE", "clerk")
    api, accounts = tried(place, FORM + WHO + 'username = "name"\n' + LOG_OUT + endpoint)
    clerk = accounts.first_of("clerk")
    assert api.check_endpoint(api.endpoints[-1]).troubles == []
    with api.client(clerk) as first:
        with api.client(clerk) as second:
            assert not second.session_outlives_log_out()
        assert first._again(lambda: first._asking.once(first._rest.who, first._values({}), "look")).record["name"]
    assert api.check_endpoint(api.endpoints[-1]).troubles == []
