"""What else somebody who means harm would try: frames, links of messages, requests that two servers read differently,
and what stays behind after a log-out."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from tests.serve.served_shop import REVIEWER, TODAY, VIEWER, ServedShop, password_of
from tests.serve.tries import Run, Try, is_untouched

_ACT = "/incidents/1/acknowledge"
_FORM = "application/x-www-form-urlencoded"


def _unframed(path: str) -> Try:
    def run(shop: ServedShop) -> bool:
        headers = shop.logged_in().get(path).headers
        return headers["x-frame-options"] == "DENY" and "frame-ancestors 'none'" in headers["content-security-policy"]

    return Try("Frames (clickjacking)", f"a page elsewhere frames {path}", run, True)


def _of_nobody(shop: ServedShop) -> bool:
    path = f"/link/{_new_link(shop)}"
    headers = shop.visitor().get(path).headers
    return headers["x-frame-options"] == "DENY" and "frame-ancestors 'none'" in headers["content-security-policy"]


def _new_link(shop: ServedShop) -> str:
    return shop.site.links.new(1, timedelta(hours=1))


def _link(words: str, token: Callable[[ServedShop], str]) -> Try:
    def run(shop: ServedShop) -> tuple[bool, bool]:
        status = shop.visitor().post(f"/link/{token(shop)}", {"name": "Mallory"}, token="").status_code
        return status in {404, 410}, is_untouched(shop)

    return Try("Links in messages", words, run, (True, True))


def _asked_with_answer(shop: ServedShop) -> tuple[int, bool]:
    """What a mail program or a picture on a page elsewhere could send."""
    return shop.visitor().get(f"/link/{_new_link(shop)}?name=Mallory&note=x").status_code, is_untouched(shop)


def _opens_no_page(shop: ServedShop) -> int:
    somebody = shop.visitor()
    somebody.get(f"/link/{_new_link(shop)}")
    return somebody.get("/").status_code


def _sent(words: str, lines: tuple[str, ...], body: str, area: str = "Requests read in two ways") -> Try:
    """A form of a reviewer's own, under headers that two servers would read in two ways; all of it answered as one."""

    def run(shop: ServedShop) -> tuple[bool, bool]:
        mara = shop.logged_in()
        form = body.replace("TOKEN", mara.form_token())
        own = (f"Origin: {shop.base}", f"Cookie: hypercare={mara.session()}", f"Content-Type: {_FORM}")
        told = (one.replace("OWN", str(len(form))).replace("HOST", f"127.0.0.1:{shop.port}") for one in lines)
        head = "\r\n".join((f"POST {_ACT} HTTP/1.1", *told, *own, "Connection: close"))
        return shop.raw(f"{head}\r\n\r\n{form}".encode("latin-1")).status in {0, 400, 403, 421}, is_untouched(shop)

    return Try(area, words, run, (True, True))


def _as_itself(shop: ServedShop) -> str:
    """Where a redirect leads is never made of what the request says of itself."""
    elsewhere = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    answer = shop.visitor().get("/", headers={**elsewhere, "X-Original-URL": "/trail", "X-Rewrite-URL": "/trail"})
    return answer.headers["location"]


def _whole_address(shop: ServedShop) -> bool:
    head = f"GET http://evil.example/login HTTP/1.1\r\nHost: 127.0.0.1:{shop.port}\r\nConnection: close\r\n\r\n"
    return b"evil.example" not in shop.raw(head.encode()).body


def _after_log_out(path: str) -> Try:
    def run(shop: ServedShop) -> tuple[str, int]:
        mara = shop.logged_in()
        held, kept = mara.session(), mara.get(path).headers["cache-control"]
        mara.post("/logout", {})
        thief = shop.visitor()
        thief.client.cookies.set("hypercare", held, domain="127.0.0.1")
        return kept, thief.get(path).status_code

    return Try("After the log-out", f"{path} from the cache or with the cookie from before", run, ("no-store", 303))


def _form_after_log_out(shop: ServedShop) -> tuple[str, bool]:
    mara = shop.logged_in()
    held, token = mara.session(), mara.form_token()
    mara.post("/logout", {})
    mara.client.cookies.set("hypercare", held, domain="127.0.0.1")
    return mara.post(_ACT, {"seen": ""}, token=token).headers.get("location", ""), is_untouched(shop)


def _cookie_taken_away(shop: ServedShop) -> bool:
    mara = shop.logged_in()
    (cookie,) = [one for one in mara.post("/logout", {}).headers.get_list("set-cookie") if one.startswith("hypercare=")]
    return "Max-Age=0" in cookie and mara.session() == ""


def _by_get(path: str, area: str = "Acts by a link (CSRF by GET)") -> Try:
    def run(shop: ServedShop) -> tuple[bool, bool, bool]:
        mara = shop.logged_in()
        status = mara.get(path).status_code
        return status in {200, 404, 405}, is_untouched(shop), mara.get("/").status_code == 200

    return Try(area, path, run, (True, True, True))


def _token_in_address(shop: ServedShop) -> tuple[int, bool]:
    mara = shop.logged_in()
    answer = mara.post(f"{_ACT}?form_token={mara.form_token()}", {"seen": ""}, token="")
    return answer.status_code, is_untouched(shop)


def _without_origin(shop: ServedShop) -> tuple[int, bool]:
    """A page of ours always says where its forms come from; `Referer` is no word for it."""
    answer = shop.logged_in().post(_ACT, {"seen": ""}, origin="", headers={"Referer": f"{shop.base}/incidents/1"})
    return answer.status_code, is_untouched(shop)


def _packed(shop: ServedShop) -> tuple[int, bool]:
    """A form that would be 10 MB once it is unpacked."""
    headers = {"Origin": shop.base, "Content-Type": _FORM, "Content-Encoding": "gzip"}
    content = gzip.compress(b"text=" + b"a" * 10_000_000)
    answer = shop.logged_in().client.post("/incidents/1/note", content=content, headers=headers)
    return answer.status_code, is_untouched(shop)


def _named(name: str) -> Run:
    """What is told of a log-in is one line of the trail and of the log, whatever was typed as a name."""

    def run(shop: ServedShop) -> tuple[int, bool]:
        somebody = shop.visitor()
        answer = somebody.log_in(name, "x")
        return answer.status_code, "injected" not in {header.lower() for header in answer.headers}

    return run


def _session_in_address(shop: ServedShop) -> int:
    session = shop.logged_in().session()
    return shop.visitor().get(f"/?hypercare={session}&session={session}").status_code


def _two_cookies(shop: ServedShop) -> int:
    """The one that somebody set for a wider path does not count beside it as both."""
    lines = ("GET / HTTP/1.1", f"Host: 127.0.0.1:{shop.port}", "Cookie: hypercare=x; hypercare=y", "Connection: close")
    return shop.raw("\r\n".join((*lines, "", "")).encode()).status


def _other_target(shop: ServedShop) -> int:
    """A session of another target of the same history is none of this one."""
    from hypercare.history.store import History
    from hypercare.serve.sessions import Sessions

    other = History(shop.reports / "history.sqlite", "other-target")
    assert shop.config.serve is not None
    held = Sessions(other, shop.config.serve).begin(REVIEWER, timedelta(hours=1))
    other.close()
    thief = shop.visitor()
    thief.client.cookies.set("hypercare", held, domain="127.0.0.1")
    return thief.get("/").status_code


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    from hypercare.serve import application

    before, application._FORM_WITHIN_S = application._FORM_WITHIN_S, seconds
    try:
        yield
    finally:
        application._FORM_WITHIN_S = before


def _slow_form(shop: ServedShop) -> tuple[int, bool]:
    """Says that it has a hundred signs and sends five of them."""
    mara = shop.logged_in()
    lines = (
        f"POST {_ACT} HTTP/1.1",
        f"Host: 127.0.0.1:{shop.port}",
        f"Origin: {shop.base}",
        f"Cookie: hypercare={mara.session()}",
        f"Content-Type: {_FORM}",
        "Content-Length: 100",
        "Connection: close",
    )
    with patience(0.3):
        return shop.raw("\r\n".join((*lines, "", "seen=")).encode()).status, is_untouched(shop)


def _swapped(shop: ServedShop) -> int:
    return shop.visitor().log_in(VIEWER, password_of(REVIEWER)).status_code


_HOST, _WHOLE = "Host: HOST", "Content-Length: OWN"
_FORM_TEXT = "form_token=TOKEN&seen="

MORE_TRIES: tuple[Try, ...] = (
    *(_unframed(path) for path in ("/", "/incidents/1", f"/day/{TODAY}", "/reports/latest/index.html", "/trail")),
    Try("Frames (clickjacking)", "a page elsewhere frames a link of a message", _of_nobody, True),
    _link("a token made up", lambda _: "A" * 43),
    _link("a token that holds SQL", lambda _: "'%20OR%201=1%20--"),
    _link("a token in other letters", lambda shop: _new_link(shop).swapcase()),
    _link("a token with more behind it", lambda shop: f"{_new_link(shop)}A"),
    _link("a token with a NUL behind it", lambda shop: f"{_new_link(shop)}%00"),
    _link("a token without its end", lambda shop: _new_link(shop)[:-1]),
    _link("a token of 8,000 signs", lambda _: "A" * 8000),
    Try("Links in messages", "an answer in the address of a link that is only opened", _asked_with_answer, (200, True)),
    Try("Links in messages", "pages, by somebody who only has a link", _opens_no_page, 303),
    _sent("a length and parts", (_HOST, _WHOLE, "Transfer-Encoding: chunked"), f"{_FORM_TEXT}\r\n"),
    _sent("two lengths", (_HOST, _WHOLE, "Content-Length: 3"), _FORM_TEXT),
    _sent("a length below nothing", (_HOST, "Content-Length: -1"), _FORM_TEXT),
    _sent("parts of no length", (_HOST, "Transfer-Encoding: chunked"), "zz\r\n" + _FORM_TEXT),
    _sent("parts by another name", (_HOST, "Transfer-Encoding: xchunked"), _FORM_TEXT),
    _sent("a header on two lines", (_HOST, _WHOLE, "X-Folded: a\r\n b : c\r\n\x00: d"), _FORM_TEXT),
    _sent("two hosts, ours first", (_HOST, "Host: evil.example", _WHOLE), _FORM_TEXT),
    _sent("two hosts, ours last", ("Host: evil.example", _HOST, _WHOLE), _FORM_TEXT),
    _sent("no host", (_WHOLE,), _FORM_TEXT),
    Try("Requests read in two ways", "headers that name another host or page", _as_itself, "/login"),
    Try("Requests read in two ways", "a whole address in the first line", _whole_address, True),
    *(_after_log_out(path) for path in ("/", "/incidents/1", f"/day/{TODAY}", "/reports/latest/index.html")),
    Try("After the log-out", "a form that was open before", _form_after_log_out, ("/login", True)),
    Try("After the log-out", "the cookie stays in the browser", _cookie_taken_away, True),
    *(
        _by_get(path)
        for path in ("/logout", "/incidents/1?acknowledge=1", "/incidents/1/note?text=x", f"/day/{TODAY}/sign-off")
    ),
    Try("Forged forms (CSRF)", "the token in the address", _token_in_address, (403, True)),
    Try("Forged forms (CSRF)", "no Origin, a Referer of ours", _without_origin, (403, True)),
    Try("Sessions", "a session in the address", _session_in_address, 303),
    Try("Sessions", "two sessions made up at once", _two_cookies, 303),
    Try("Sessions", "a session of another target", _other_target, 303),
    Try("Sizes", "a form that is packed", _packed, (400, True)),
    Try("Sizes", "a form that does not come to its end", _slow_form, (408, True)),
    Try("Log-in", "a name with a line and a header behind it", _named("x\r\nInjected: 1"), (401, True)),
    Try("Log-in", "a name of 50,000 signs", _named("a" * 50_000), (401, True)),
    Try("Log-in", "a viewer's name and a reviewer's password", _swapped, 401),
)
