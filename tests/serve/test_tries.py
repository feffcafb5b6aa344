"""Whatever somebody who means harm tries is withstood, and docs/serve.md says how much was tried."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.serve.more_tries import MORE_TRIES
from tests.serve.served_shop import REVIEWER, TODAY, ServedShop
from tests.serve.tries import TRIES, is_untouched

ALL_TRIES = (*TRIES, *MORE_TRIES)
PAGE = Path(__file__).parents[2] / "docs" / "serve.md"
ALL_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.server
def test_every_try_is_withstood(shop: ServedShop) -> None:
    came_of_it = {(one.area, one.words): one.run(shop) for one in ALL_TRIES}
    expected = {(one.area, one.words): one.withstood for one in ALL_TRIES}
    assert {one: found for one, found in came_of_it.items() if found != expected[one]} == {}
    assert is_untouched(shop)


@pytest.mark.server
def test_the_same_form_acts_when_nothing_is_wrong_with_it(own_shop: ServedShop) -> None:
    """Else the tries would prove nothing."""
    assert own_shop.logged_in().post("/incidents/1/acknowledge", {"seen": ""}).status_code == 303
    assert own_shop.incidents.one(1).acknowledged_by == REVIEWER
    assert not is_untouched(own_shop)


def test_the_page_says_how_much_was_tried() -> None:
    counted = Counter(one.area for one in ALL_TRIES)
    table = dict(re.findall(r"^\| ([^|]+?) \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert table == {area: str(number) for area, number in counted.items()}
    assert len(ALL_TRIES) == len({(one.area, one.words) for one in ALL_TRIES})


@pytest.mark.server
def test_every_answer_has_the_headers_that_hold_a_browser_back(shop: ServedShop) -> None:
    mara, nobody = shop.logged_in(), shop.visitor()
    asked = [
        *(mara.get(path) for path in ("/", "/incidents/1", f"/day/{TODAY}", "/reports", "/trail")),
        *(
            mara.get(f"/reports/latest/{name}")
            for name in ("index.html", "daily.md", "sample.csv", "allure/index.html")
        ),
        *(nobody.get(path) for path in ("/login", "/", "/nothing", "/link/x")),
        nobody.post("/login", {"name": "x", "password": "x"}, token="x"),
        nobody.client.request("PUT", "/"),
    ]
    for answer in asked:
        assert {name: answer.headers.get(name) for name in ALL_HEADERS} == ALL_HEADERS, answer.url
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.server
@pytest.mark.parametrize(
    ("name", "sandboxed", "scripts"),
    [
        ("index.html", False, False),
        ("allure/index.html", True, True),
        ("daily.md", True, False),
        ("picture.svg", True, False),
        ("sample.csv", True, False),
    ],
)
def test_scripts_run_only_in_a_sandbox_that_has_no_origin(
    shop: ServedShop, name: str, sandboxed: bool, scripts: bool
) -> None:
    policy = shop.logged_in().get(f"/reports/latest/{name}").headers["content-security-policy"]
    assert ("sandbox" in policy) is sandboxed
    assert ("script-src" in policy) is scripts
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.server
def test_hostile_text_is_shown_as_text(own_shop: ServedShop) -> None:
    mara = own_shop.logged_in()
    hostile = "<script>alert(1)</script>\"'><b>\u202e"
    mara.post("/incidents/2/note", {"text": hostile})
    mara.post(f"/day/{TODAY}/action", {"text": hostile})
    mara.post(f"/day/{TODAY}/answer/errors.fix-plan", {"answer": hostile, "seen": ""})
    mara.post(f"/day/{TODAY}/sign-off", {"what": "daily", "note": hostile})
    own_shop.visitor().log_in(hostile, "x")
    for path in ("/", "/incidents/2", f"/day/{TODAY}", "/trail", "/login?then=<script>", "/incidents/1?done=<script>"):
        page = mara.get(path).text
        assert "<script" not in page
        assert "\u202e" not in page
        assert "onerror=alert(1)>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mara.get(f"/day/{TODAY}").text


@pytest.mark.server
def test_behind_tls_cookies_are_for_tls_alone(tmp_path: Path) -> None:
    served = ServedShop(tmp_path, 'public_url = "https://reports.example.com"')
    try:
        headers = {"Host": "reports.example.com"}
        answer = served.visitor().get("/login", headers=headers)
        (cookie,) = answer.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-hypercare-form=")
        assert "; Secure" in cookie
        assert "Domain" not in cookie
        assert answer.headers["strict-transport-security"].startswith("max-age=")
    finally:
        served.close()
