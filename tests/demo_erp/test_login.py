"""Logging in: who gets in, who is locked out, and when a session ends."""

import pytest

from tests.demo_erp.shop import API, Shop

SELLER = "check.har.sales"


def fail_to_log_in(shop: Shop, times: int) -> list[int]:
    return [shop.log_in(SELLER, "wrong").status_code for _ in range(times)]


def test_the_right_password_gives_a_token_that_says_who_one_is(shop):
    given = shop.log_in(SELLER).json()
    me = shop.visitor(Authorization=f"Bearer {given['token']}").get(f"{API}/me").json()
    assert me == given["user"]
    assert (me["username"], me["role"], me["branch"]) == (SELLER, "sales", "HAR")


def test_the_token_is_not_kept_only_its_hash(shop):
    token = shop.log_in(SELLER).json()["token"]
    assert shop.value("SELECT count(*) FROM sessions WHERE token_hash = ?", token) == 0


@pytest.mark.parametrize("username", [SELLER, "nobody"])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(shop, username):
    answer = shop.log_in(username, "wrong")
    assert answer.status_code == 401
    assert answer.json()["error"]["message"] == "wrong user name or password"


def test_every_attempt_is_on_record_with_its_reason(shop):
    before = shop.value("SELECT max(id) FROM login_attempts")
    shop.log_in("nobody", "wrong")
    shop.log_in(SELLER, "wrong")
    shop.log_in(SELLER)
    query = "SELECT username, succeeded, reason FROM login_attempts WHERE id > ? ORDER BY id"
    assert shop.rows(query, before) == [
        ("nobody", 0, "unknown_user"),
        (SELLER, 0, "wrong_password"),
        (SELLER, 1, ""),
    ]


def test_the_fifth_wrong_password_locks_the_account_for_a_quarter_of_an_hour(shop):
    assert fail_to_log_in(shop, 5) == [401] * 5
    assert shop.log_in(SELLER).status_code == 423
    shop.pass_time(minutes=14, seconds=59)
    assert shop.log_in(SELLER).status_code == 423
    shop.pass_time(seconds=1)
    assert shop.log_in(SELLER).status_code == 200


def test_a_good_log_in_starts_the_count_of_wrong_passwords_anew(shop):
    fail_to_log_in(shop, 4)
    shop.log_in(SELLER)
    fail_to_log_in(shop, 4)
    assert shop.log_in(SELLER).status_code == 200


def test_after_a_lock_has_run_out_one_wrong_password_does_not_lock_again(shop):
    fail_to_log_in(shop, 5)
    shop.pass_time(minutes=15)
    fail_to_log_in(shop, 1)
    assert shop.log_in(SELLER).status_code == 200


def test_the_administrator_lets_a_locked_user_in_again(shop):
    fail_to_log_in(shop, 5)
    user_id = shop.value("SELECT id FROM users WHERE username = ?", SELLER)
    shop.api("check.administrator").post(f"/users/{user_id}/unlock")
    assert shop.log_in(SELLER).status_code == 200


def test_a_session_lasts_twelve_hours_of_the_business_clock(shop):
    seller = shop.api(SELLER)
    shop.pass_time(hours=11, minutes=59)
    assert seller.get("/me").status_code == 200
    shop.pass_time(minutes=1)
    assert seller.get("/me").status_code == 401


def test_logging_out_ends_this_session_and_no_other(shop):
    here, there = shop.api(SELLER), shop.api(SELLER)
    assert here.post("/auth/logout").status_code == 204
    assert here.get("/me").status_code == 401
    assert there.get("/me").status_code == 200


def test_a_disabled_users_sessions_end_at_once_and_do_not_come_back(shop):
    seller, administrator = shop.api(SELLER), shop.api("check.administrator")
    path = f"/users/{seller.get('/me').json()['id']}/active"
    administrator.post(path, json={"active": False})
    assert seller.get("/me").status_code == 401
    assert shop.log_in(SELLER).status_code == 401
    administrator.post(path, json={"active": True})
    assert seller.get("/me").status_code == 401
    assert shop.log_in(SELLER).status_code == 200


def test_only_the_administrator_changes_users(shop):
    for username in ("check.owner", "check.har.manager", SELLER):
        assert shop.api(username).post("/users/1/active", json={"active": False}).status_code == 403


@pytest.mark.parametrize(("prefix", "home"), [("", "/"), ("/m", "/m/")])
def test_the_pages_log_in_by_a_cookie_that_scripts_cannot_read(shop, prefix, home):
    form = {"username": SELLER, "password": shop.passwords[SELLER]}
    browser = shop.visitor()
    answer = browser.post(f"{prefix}/login", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert browser.get(home).status_code == 200
    browser.post(f"{prefix}/logout")
    assert browser.get(home).status_code == 303


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_a_log_in_never_leads_to_another_site(shop, elsewhere):
    form = {"username": SELLER, "password": shop.passwords[SELLER], "next": elsewhere}
    assert shop.visitor().post("/login", data=form).headers["location"] == "/"


@pytest.mark.parametrize(("prefix", "status"), [("", 423), ("/m", 423)])
def test_the_pages_tell_a_locked_account(shop, prefix, status):
    fail_to_log_in(shop, 5)
    form = {"username": SELLER, "password": shop.passwords[SELLER]}
    assert shop.visitor().post(f"{prefix}/login", data=form).status_code == status


def test_passwords_are_kept_as_salted_hashes_and_the_list_of_them_is_the_owners_alone(shop):
    stored = [row[0] for row in shop.rows("SELECT password_hash FROM users")]
    assert all(text.startswith("scrypt$") for text in stored)
    assert len(set(stored)) == len(stored)
    assert shop.state.accounts_file.stat().st_mode & 0o777 == 0o600
