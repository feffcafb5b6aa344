"""Promises of logging in and out."""

from __future__ import annotations

from typing import cast

from hypercare.api.api import Api
from hypercare.clients.client import ApiClient, Client, LogInRefused, SystemRefused
from hypercare.conformance.ground import Ground
from hypercare.conformance.promise import Broken, Promise, require
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.config import Account


def _says_who(ground: Ground) -> None:
    for account in dict.fromkeys((ground.seller, _another(ground))):
        with ground.client() as client:
            _require_is(client, account)


def _require_is(client: Client, account: Account) -> None:
    who = client.log_in(account)
    shown = (who.username.casefold(), who.role, who.branch)
    right = (account.username.casefold(), account.role, account.branch)
    require(shown == right, f"{account.username} was logged in as {shown}, where {right} is right")


def _another(ground: Ground) -> Account:
    try:
        return ground.stranger
    except NotCovered:
        return ground.seller


def _refuses_a_wrong_password(ground: Ground) -> None:
    nobody = ground.nobody
    with ground.client() as client:
        try:
            client.log_in(nobody)
        except LogInRefused:
            pass
        except SystemRefused as refused:
            raise Broken(f"a clear no was told as something else than LogInRefused: {refused}") from None
        else:
            raise Broken("somebody who does not exist was let in")
    with ground.client() as client:
        require(not client.accepts(nobody.username, "no-such-password"), "accepts() says yes to a wrong password")


def _knows_whether_logged_in(ground: Ground) -> None:
    with ground.client(ground.seller) as client:
        require(client.is_logged_in(), "is_logged_in() says no right after the log-in")
        client.log_out()
        require(not client.is_logged_in(), "is_logged_in() says yes after the log-out")


def _keeps_two_people_apart(ground: Ground) -> None:
    seller, stranger = ground.seller, ground.stranger
    with ground.client() as first, ground.client() as second:
        _require_is(first, seller)
        _require_is(second, stranger)
        require(first.is_logged_in(), f"the log-in of {stranger.username} ended the session of {seller.username}")
        if isinstance(ground.way, Api):
            one, other = cast(ApiClient, first).headers(), cast(ApiClient, second).headers()
            require(dict(one) != dict(other), f"{seller.username} and {stranger.username} stand in the same session")


def _ends_its_session(ground: Ground) -> None:
    if ground.way.channel is not Channel.API:
        raise NotCovered("This is tried on the API.", remedy="Run it with --way api.")
    with ground.client(ground.seller) as client:
        require(
            not cast(ApiClient, client).session_outlives_log_out(), "the session goes on after its user has logged out"
        )


def _leaves_no_session(ground: Ground) -> None:
    api = ground.way
    guarded = [one for one in ground.target.config.api.endpoints if one.as_role] if ground.target.config.api else []
    if not isinstance(api, Api) or not guarded:
        raise NotCovered(
            "No endpoint that needs a log-in is named, so a session cannot be tried from outside.",
            remedy="Give one of [[api.endpoints]] as_role.",
        )
    if ground.target.config.rest is not None and not ground.target.config.rest.log_out:
        raise NotCovered("Nothing says how somebody logs out.", remedy="Declare it in [rest.log_out].")
    account = ground.accounts.first_of(guarded[0].as_role or "")
    path = api.moment().filled(guarded[0].path)
    with ground.client(account) as client:
        headers = dict(cast(ApiClient, client).headers())
        open_one = api.send(guarded[0].method, path, body=guarded[0].body, headers=headers)
    closed = api.send(guarded[0].method, path, body=guarded[0].body, headers=headers)
    if open_one.status != guarded[0].status:
        raise Broken(f"headers() do not open {guarded[0].name!r}: it answers {open_one.status}")
    is_still_open = 200 <= closed.status < 300 and not closed.error_in_body and closed.text == open_one.text
    require(not is_still_open, "close() leaves the session open: it is still taken after the client was closed")


def _closes_however_it_is(ground: Ground) -> None:
    for account in (None, ground.seller):
        with ground.client(account) as client:
            for _ in range(2):
                try:
                    client.close()
                except Exception as error:  # noqa: BLE001 - that anything is raised at all is the finding
                    raise Broken(f"close() raised {type(error).__name__}: {error}") from None
            if ground.way.channel is not Channel.API:
                return


PROMISES = (
    Promise("log-in answers with who one is", _says_who),
    Promise("a wrong password is LogInRefused", _refuses_a_wrong_password),
    Promise("a client knows whether somebody is logged in", _knows_whether_logged_in),
    Promise("two clients are two people", _keeps_two_people_apart),
    Promise("logging out ends the session", _ends_its_session),
    Promise("a closed client leaves no session", _leaves_no_session),
    Promise("closing never raises, not even twice", _closes_however_it_is),
)
