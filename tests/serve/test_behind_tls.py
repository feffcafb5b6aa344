"""Behind a proxy with TLS a browser logs in, acts and logs out, and its session is for that host and TLS alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from faultlab.gateway.certificate import Shown, serving
from hypercare.browser.browser import Browser
from tests.serve.served_shop import REVIEWER, ServedShop, password_of
from tests.serve.tls_proxy import TlsProxy

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def public(tmp_path: Path) -> Iterator[tuple[str, ServedShop]]:
    (tmp_path / "certificates").mkdir()
    proxy = TlsProxy(serving(Shown(ends_in=timedelta(days=1)), tmp_path / "certificates"))
    address = f"https://localhost:{proxy.port}"
    served = ServedShop(tmp_path, f'public_url = "{address}"')
    proxy.lead_to(served.port)
    yield address, served
    proxy.close()
    served.close()


def test_a_session_is_for_tls_and_its_host_alone(browser: Browser, public: tuple[str, ServedShop]) -> None:
    address, served = public
    context = browser.context({"ignore_https_errors": True})
    page: Any = context.new_page()
    page.goto(address)
    page.get_by_label("Name").fill(REVIEWER)
    page.get_by_label("Password").fill(password_of(REVIEWER))
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="I'm on it: incident 1").click()
    page.get_by_role("status").wait_for()
    assert served.incidents.one(1).acknowledged_by == REVIEWER
    (session,) = [cookie for cookie in context.cookies() if cookie["name"] == "__Host-hypercare"]
    assert (session["secure"], session["httpOnly"], session["sameSite"]) == (True, True, "Strict")
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("heading", name="Log in").wait_for()
    assert [cookie["name"] for cookie in context.cookies()] == ["__Host-hypercare-form"]
    context.close()
