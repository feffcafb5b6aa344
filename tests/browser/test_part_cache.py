"""A page is measured with what a phone has kept of the pages before, also where somebody stands before its network."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from hypercare.browser.browser import Browser
from hypercare.browser.part_cache import is_cacheable
from hypercare.mobile.phone import Phone
from hypercare.mobile.speed import measured
from tests.standins.http_standin import Standin
from tests.standins.some_target import some_target

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HEAVY = "/* " + "x" * 300_000 + " */ window.drawn = 1;"


def day(number: int) -> str:
    return format_datetime(datetime(2026, 5, number, tzinfo=UTC), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"cache-control": "public, max-age=31536000"}, True),
        ({"cache-control": "max-age=86400, immutable"}, True),
        ({"cache-control": "private, max-age=600"}, True),
        ({"cache-control": "max-age=5"}, False),
        ({"cache-control": "max-age=0, must-revalidate"}, False),
        ({"cache-control": "no-cache"}, False),
        ({"cache-control": "no-store, max-age=600"}, False),
        ({"cache-control": "max-age=600", "vary": "*"}, False),
        ({"expires": day(20)}, True),
        ({"expires": day(1)}, False),
        ({"expires": "0", "last-modified": day(1)}, False),
        ({"last-modified": day(1)}, True),
        ({"last-modified": format_datetime(NOW, usegmt=True)}, False),
        ({"etag": '"a"'}, False),
        ({}, False),
    ],
)
def test_what_browsers_use_again_without_asking(headers: dict[str, str], kept: bool) -> None:
    assert is_cacheable(headers, NOW) == kept


def script(control: str) -> object:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = HEAVY.encode()
        handler.send_response(200)
        handler.send_header("content-type", "text/javascript")
        handler.send_header("cache-control", control)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.mark.long
@pytest.mark.parametrize("mode", ["observe", "transact"])
@pytest.mark.parametrize(("control", "megabytes"), [("max-age=3600", 0.0), ("no-store", 0.3)])
def test_a_second_page_is_measured_with_what_the_first_brought(
    tmp_path: Path, standin: Standin, browser: Browser, mode: str, control: str, megabytes: float
) -> None:
    standin.answers["/app.js"] = script(control)
    for path in ("/", "/orders"):
        standin.page(path, "<title>Shop</title><h1>Orders</h1><script src='/app.js'></script>")
    phone = Phone(some_target(tmp_path, mode=mode, mobile={"url": standin.url, "timeout": "9s"}), browser)
    page_session = phone.new_page_session()
    try:
        page_session.go()
        speed = measured(page_session, "/orders")
        assert page_session.page.evaluate("window.drawn") == 1
    finally:
        page_session.close()
    assert speed.megabytes == pytest.approx(megabytes, abs=0.05)
    assert sum(path == "/app.js" for _, path, _ in standin.seen) == (1 if megabytes == 0 else 2)
