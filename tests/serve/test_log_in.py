"""Who gets in, for how long, and how slow guessing is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.serve import passwords
from hypercare.serve.log_ins import OF_BOTH, OF_NAME, WINDOW
from tests.serve.served_shop import REVIEWER, VIEWER, ServedShop, password_of

pytestmark = pytest.mark.server


def test_who_logs_in_sees_the_incidents(shop: ServedShop) -> None:
    mara = shop.logged_in()
    assert "incidents are open" in mara.get("/").text
    assert "The web app does not answer." in mara.get("/").text


def test_the_cookie_is_for_no_script_and_no_other_site(shop: ServedShop) -> None:
    answer = shop.visitor().log_in(REVIEWER)
    (session,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith("hypercare=")]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in session.split(";")}


def test_a_log_out_ends_the_session_on_the_server(shop: ServedShop) -> None:
    mara = shop.logged_in()
    held = mara.session()
    assert mara.post("/logout", {}).headers["location"] == "/login"
    thief = shop.visitor()
    thief.client.cookies.set("hypercare", held, domain="127.0.0.1")
    assert thief.get("/").status_code == 303


def test_a_log_in_ends_the_session_from_before(shop: ServedShop) -> None:
    mara = shop.logged_in()
    before = mara.session()
    # Somebody who still has the log-in form open in another tab.
    form = shop.visitor()
    token = form.form_token("/login")
    mara.client.cookies.update(form.client.cookies)
    credentials = {"name": REVIEWER, "password": password_of(REVIEWER), "then": "/"}
    assert mara.post("/login", credentials, token=token).status_code == 303
    assert mara.session() != before
    assert shop.site.sessions.find(before) is None


def test_a_session_ends_when_its_time_is_over(own_shop: ServedShop) -> None:
    mara = own_shop.logged_in()
    over = stored(datetime.now(UTC) - timedelta(seconds=1))
    with own_shop.history.writing() as connection:
        connection.execute(update(tables.serve_sessions).values(until=over))
    assert mara.get("/").headers["location"] == "/login"


def test_a_new_password_ends_the_sessions_of_its_owner(own_shop: ServedShop) -> None:
    mara, ben = own_shop.logged_in(), own_shop.logged_in(VIEWER)
    own_shop.site.accounts.set_password(REVIEWER, "another long password")
    assert (mara.get("/").status_code, ben.get("/").status_code) == (303, 200)
    assert own_shop.visitor().log_in(REVIEWER).status_code == 401


def test_a_name_that_there_is_not_gets_the_same_answer_for_the_same_work(
    own_shop: ServedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda password, hash_: compared.append(hash_) or real(password, hash_))
    wrong = own_shop.visitor().log_in(REVIEWER, "wrong")
    nobody = own_shop.visitor().log_in("Nobody", "wrong")
    assert (wrong.status_code, nobody.status_code) == (401, 401)
    assert _without_what_differs(wrong.text, REVIEWER) == _without_what_differs(nobody.text, "Nobody")
    first, second = (one.split("$")[:4] for one in compared)
    assert first == second


def _without_what_differs(page: str, name: str) -> str:
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    return page.replace(token, "").replace(f'value="{name}"', "")


def test_after_some_wrong_passwords_even_the_right_one_waits(own_shop: ServedShop) -> None:
    mallory = own_shop.visitor()
    assert [mallory.log_in(REVIEWER, f"guess {n}").status_code for n in range(OF_BOTH)] == [401] * OF_BOTH
    assert mallory.log_in(REVIEWER).status_code == 429
    # Written in other letters it is the same name.
    assert mallory.log_in(f" {REVIEWER.upper()} ").status_code == 429
    assert own_shop.visitor().log_in(REVIEWER).status_code == 303, "from elsewhere its owner still gets in"


def test_guessing_is_as_slow_at_a_name_that_there_is_not(own_shop: ServedShop) -> None:
    """Else whoever is told to wait has found a name."""
    told = []
    for name in (REVIEWER, "Nobody"):
        mallory = own_shop.visitor()
        answers = [mallory.log_in(name, f"guess {n}") for n in range(OF_BOTH + 1)]
        told.append([(one.status_code, _without_what_differs(one.text, name)) for one in answers])
    assert [status for status, _ in told[0]] == [401] * OF_BOTH + [429]
    assert told[0] == told[1]


def test_a_user_without_a_password_is_answered_as_nobody_is(
    own_shop: ServedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_shop.site.accounts.remove_password(VIEWER)
    compared: list[str] = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda password, hash_: compared.append(hash_) or real(password, hash_))
    assert own_shop.visitor().log_in(VIEWER).status_code == 401
    assert own_shop.visitor().log_in("Nobody").status_code == 401
    assert len(set(compared)) == 1 and len(compared) == 2


def test_many_addresses_guess_no_faster_at_one_name(own_shop: ServedShop) -> None:
    tries = [own_shop.visitor().log_in(VIEWER, "guess").status_code for _ in range(OF_NAME + 2)]
    assert tries == [401] * OF_NAME + [429] * 2


def test_one_address_does_not_try_one_password_with_many_names(own_shop: ServedShop) -> None:
    mallory = own_shop.visitor()
    tries = [mallory.log_in(f"name{number}", "Summer2026!").status_code for number in range(32)]
    assert tries == [401] * 30 + [429] * 2


def test_after_the_window_one_may_try_again(own_shop: ServedShop) -> None:
    mara = own_shop.visitor()
    for number in range(OF_BOTH):
        mara.log_in(REVIEWER, f"guess {number}")
    long_ago = stored(datetime.now(UTC) - WINDOW - timedelta(seconds=1))
    with own_shop.history.writing() as connection:
        connection.execute(update(tables.serve_log_ins).values(at=long_ago))
    assert mara.log_in(REVIEWER).status_code == 303


def test_each_try_stands_in_the_history_without_its_password(own_shop: ServedShop) -> None:
    mara = own_shop.visitor()
    mara.log_in(REVIEWER, "not this one")
    mara.log_in(REVIEWER)
    mara.post("/logout", {})
    newest = [(one.name, one.outcome, one.place) for one in own_shop.site.log_ins.newest(9)]
    assert newest == [
        (REVIEWER, "out", mara.address),
        (REVIEWER, "in", mara.address),
        ("mara", "refused", mara.address),
    ]
    own_shop.history.close()
    content = b"".join(path.read_bytes() for path in own_shop.reports.glob("history.sqlite*"))
    assert password_of(REVIEWER).encode() not in content
    assert mara.session().encode() not in content or not mara.session()


def test_a_password_is_stored_by_scrypt_at_the_cost_that_is_recommended() -> None:
    cost = passwords.Cost()
    stored_one = passwords.hashed("a long password", cost)
    assert stored_one.startswith("scrypt$15$8$3$")
    assert passwords.matches("a long password", stored_one)
    assert not passwords.matches("a long passwort", stored_one)
    assert passwords.hashed("a long password", cost) != stored_one


@pytest.mark.parametrize(
    "stored_one", ["", "scrypt", "md5$1$1$1$a$b", "scrypt$x$8$1$AA==$AA==", "scrypt$99$8$1$AA==$AA=="]
)
def test_what_is_no_hash_of_ours_matches_nothing(stored_one: str) -> None:
    assert not passwords.matches("", stored_one)
