"""What somebody who means harm would try, each with what has to come of it: an area of the OWASP guides at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hypercare.serve.application import LARGEST_FORM
from tests.serve.served_shop import OTHER, REVIEWER, TODAY, VIEWER, ServedShop, password_of

Run = Callable[[ServedShop], object]


class Try(NamedTuple):
    """`withstood` is what `run` has to give."""

    area: str
    words: str
    run: Run
    withstood: object


PATHS_THAT_LEAD_OUT = (
    "/reports/../shop.toml",
    "/reports/latest/../../shop.toml",
    "/reports/%2e%2e/shop.toml",
    "/reports/..%2fshop.toml",
    "/reports/%2e%2e%2fshop.toml",
    "/reports/%252e%252e%252fshop.toml",
    "/reports/..%5cshop.toml",
    "/reports/..%c0%afshop.toml",
    "/reports/....//shop.toml",
    "/reports//etc/passwd",
    "/reports/%2fetc%2fpasswd",
    "/reports/latest/index.html%00.md",
    "/reports/file:///etc/passwd",
    "/reports/C:%5cWindows%5cwin.ini",
    "/reports/history.sqlite",
    "/reports/history.sqlite-wal",
    "/reports/.state/index.html",
    "/reports/%2estate/index.html",
    "/reports/latest/results.jsonl",
    "/reports/leak/index.html",
    "/reports/leak/",
    "/reports/latest/leak.html",
    "/reports/latest/state.html",
    "/reports/latest/index.html/",
    "/reports/latest%00/index.html",
    "/reports/latest/%2e%2e/%2e%2e/shop.toml",
    "/reports/%2e/%2e%2e/shop.toml",
    "/reports/latest%2f..%2f..%2fshop.toml",
    "/reports/%2e%2e%5c%2e%2e%5cshop.toml",
    "/reports/..;/shop.toml",
    "/reports/%uff0e%uff0e/shop.toml",
    "/reports/%ef%bc%8e%ef%bc%8e/shop.toml",
    "/reports/%ed%a0%80/index.html",
    "/reports/latest/index.html::$DATA",
    "/reports/LATEST/../../SHOP.TOML",
    "/reports/" + "a" * 5000,
    "/reports/" + "a/" * 2000 + "index.html",
    "/reports/%0d%0aLocation:%20x/index.html",
    "/style.css/../shop.toml",
    "/day/%2e%2e%2fshop.toml",
)
ADDRESSES_ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%09/evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/\r\nSet-Cookie: a=b",
    "///evil.example",
    "data:text/html,x",
)
HOSTS = ("evil.example", "127.0.0.1.evil.example", "localhost", "127.0.0.1:1", "127.0.0.1@evil.example", "")
ORIGINS = ("https://evil.example", "null", "", "http://127.0.0.1", "http://127.0.0.1.evil.example", "file://")
_ACT = "/incidents/1/acknowledge"
_ACTS = {
    _ACT: {"seen": ""},
    "/incidents/1/note": {"text": "x"},
    "/incidents/1/resolve": {"note": "x"},
    "/incidents/1/action": {"text": "x"},
    f"/day/{TODAY}/answer/errors.fix-plan": {"answer": "x", "seen": ""},
    f"/day/{TODAY}/action": {"text": "x"},
    f"/day/{TODAY}/sign-off": {"what": "daily"},
}


def _lead_out(path: str) -> Try:
    def run(shop: ServedShop) -> bool:
        answer = shop.raw_get(path, shop.logged_in())
        leaks = [b'Corner Shop"', b"root:", b"SQLite format", b"state of the rounds", b"secret of elsewhere"]
        return answer.status in {400, 404} and not any(one in answer.body for one in leaks)

    return Try("Path traversal and links that lead out", path, run, True)


def _elsewhere(then: str) -> Try:
    def run(shop: ServedShop) -> str:
        somebody = shop.visitor()
        somebody.get("/login", params={"then": then})
        return somebody.log_in(VIEWER, then=then).headers["location"]

    return Try("Open redirect", f"then={then!r}", run, "/")


def _host(host: str) -> Try:
    def run(shop: ServedShop) -> bool:
        head = f"GET /login HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        return shop.raw(head.encode()).status in {400, 421}

    return Try("Host header", f"Host: {host}", run, True)


def _origin(origin: str) -> Try:
    def run(shop: ServedShop) -> tuple[int, bool]:
        status = shop.logged_in().post(_ACT, {"seen": ""}, origin=origin).status_code
        return status, is_untouched(shop)

    return Try("Forged forms (CSRF)", f"Origin: {origin}", run, (403, True))


def _token(words: str, token: Callable[[ServedShop], str]) -> Try:
    def run(shop: ServedShop) -> tuple[int, bool]:
        return shop.logged_in().post(_ACT, {"seen": ""}, token=token(shop)).status_code, is_untouched(shop)

    return Try("Forged forms (CSRF)", words, run, (403, True))


def _by_viewer(path: str) -> Try:
    def run(shop: ServedShop) -> tuple[int, bool]:
        return shop.logged_in(VIEWER).post(path, _ACTS[path]).status_code, is_untouched(shop)

    return Try("Roles", f"a viewer sends {path}", run, (403, True))


def _by_stranger(path: str) -> Try:
    def run(shop: ServedShop) -> tuple[str, bool]:
        answer = shop.visitor().post(path, _ACTS[path], token="x")
        return answer.headers.get("location", ""), is_untouched(shop)

    return Try("Without a log-in", f"somebody sends {path}", run, ("/login", True))


def _asked_by_stranger(path: str) -> Try:
    def run(shop: ServedShop) -> tuple[int, bool]:
        answer = shop.visitor().get(path)
        return answer.status_code, answer.headers["location"].startswith("/login")

    return Try("Without a log-in", f"somebody asks for {path}", run, (303, True))


def _other_method(method: str, path: str, headers: dict[str, str], status: int) -> Try:
    def run(shop: ServedShop) -> tuple[int, bool]:
        answer = shop.logged_in().client.request(method, path, headers={"Origin": shop.base, **headers})
        return answer.status_code, is_untouched(shop)

    words = " ".join([method, path, *(f"{name}: {text}" for name, text in headers.items())])
    return Try("Methods", words, run, (status, True))


def _sized(words: str, run: Run, withstood: object) -> Try:
    return Try("Sizes", words, run, withstood)


def is_untouched(shop: ServedShop) -> bool:
    """Whether nobody has acknowledged, answered, written down or signed anything."""
    one = shop.incidents.one(1)
    said = shop.annotations.of_day(shop.site.acts.today(one.opened))
    return one.acknowledged is None and one.is_open and not (one.note or said.answers or said.actions or said.sign_off)


def _fixed(shop: ServedShop) -> tuple[bool, bool]:
    """The session that somebody else put into the browser before the log-in stands for nobody after it."""
    victim = shop.visitor()
    victim.client.cookies.set("hypercare", "chosen-by-somebody-else", domain="127.0.0.1")
    victim.log_in(REVIEWER)
    thief = shop.visitor()
    thief.client.cookies.set("hypercare", "chosen-by-somebody-else", domain="127.0.0.1")
    return victim.session() != "chosen-by-somebody-else", thief.get("/").status_code == 303


def _fixed_by_log_in(shop: ServedShop) -> bool:
    """Mallory's own session in the victim's browser does not become the victim's."""
    mallory, victim = shop.logged_in(VIEWER), shop.visitor()
    token = victim.form_token("/login")
    victim.client.cookies.set("hypercare", mallory.session(), domain="127.0.0.1")
    form = {"name": REVIEWER, "password": password_of(REVIEWER), "then": "/"}
    victim.post("/login", form, token=token)
    return shop.site.sessions.find(mallory.session()) is None and len(victim.session()) > 40


def _log_in_forged(shop: ServedShop) -> int:
    """A page elsewhere logs a browser in as somebody whom it knows."""
    return shop.visitor().post("/login", {"name": VIEWER, "password": password_of(VIEWER)}, token="x").status_code


def _cookie_of(text: str) -> Run:
    def run(shop: ServedShop) -> int:
        lines = ("GET / HTTP/1.1", f"Host: 127.0.0.1:{shop.port}", f"Cookie: hypercare={text}", "Connection: close")
        return shop.raw("\r\n".join((*lines, "", "")).encode()).status

    return run


def _wrong(name: str, password: str) -> Run:
    return lambda shop: shop.visitor().log_in(name, password).status_code


def _form_of(content: bytes, kind: str = "application/x-www-form-urlencoded") -> Run:
    def run(shop: ServedShop) -> tuple[int, bool]:
        headers = {"Origin": shop.base, "Content-Type": kind}
        answer = shop.logged_in().client.post("/incidents/1/note", content=content, headers=headers)
        return answer.status_code, is_untouched(shop)

    return run


def _head_of(length: int) -> Run:
    def run(shop: ServedShop) -> bool:
        head = (
            f"GET /login HTTP/1.1\r\nHost: 127.0.0.1:{shop.port}\r\nX-Long: {'a' * length}\r\nConnection: close\r\n\r\n"
        )
        # Whoever still sends is cut off.
        return shop.raw(head.encode()).status in {0, 400, 431}

    return run


def _long_note(shop: ServedShop) -> tuple[int, bool]:
    return shop.logged_in().post("/incidents/1/note", {"text": "a" * 4001}).status_code, is_untouched(shop)


def _endless_form(shop: ServedShop) -> tuple[int, bool]:
    """In parts, so that no header says how long it is."""
    parts = (b"text=" + b"a" * 8192 for _ in range(100))
    headers = {"Origin": shop.base, "Content-Type": "application/x-www-form-urlencoded"}
    answer = shop.logged_in().client.post("/incidents/1/note", content=parts, headers=headers)
    return answer.status_code, is_untouched(shop)


def _forwarded(shop: ServedShop) -> tuple[str, str]:
    """What a stranger says of where they come from is believed of nobody but a proxy."""
    reach = shop.site.reach
    return reach.sender("203.0.113.9", "10.0.0.1"), reach.sender("127.0.0.1", "1.1.1.1, 198.51.100.7")


TRIES: tuple[Try, ...] = (
    *(_lead_out(path) for path in PATHS_THAT_LEAD_OUT),
    *(_elsewhere(then) for then in ADDRESSES_ELSEWHERE),
    *(_host(host) for host in HOSTS),
    *(_origin(origin) for origin in ORIGINS),
    _token("no token", lambda _: ""),
    _token("a token that somebody made up", lambda _: "x" * 43),
    _token("the token of somebody else's session", lambda shop: shop.logged_in(OTHER).form_token()),
    Try("Forged forms (CSRF)", "a log-in from elsewhere, with a token made up", _log_in_forged, 403),
    *(_by_viewer(path) for path in _ACTS),
    Try("Roles", "a viewer asks who did what", lambda shop: shop.logged_in(VIEWER).get("/trail").status_code, 403),
    *(_by_stranger(path) for path in _ACTS),
    *(
        _asked_by_stranger(path)
        for path in ("/", "/incidents/1", f"/day/{TODAY}", "/reports", "/reports/latest/index.html", "/trail")
    ),
    Try("Sessions", "a session chosen before the log-in", _fixed, (True, True)),
    Try("Sessions", "the session of somebody else before the log-in", _fixed_by_log_in, True),
    Try("Sessions", "a session made up", _cookie_of("A" * 43), 303),
    Try("Sessions", "a session that holds SQL", _cookie_of("' OR 1=1 --"), 303),
    Try("Sessions", "a session of signs that nothing encodes", _cookie_of("%ed%a0%80"), 303),
    Try("Log-in", "a name that holds SQL", _wrong("' OR '1'='1", "x"), 401),
    Try("Log-in", "nobody, with no password", _wrong("", ""), 401),
    Try("Log-in", "a user with no password", _wrong(REVIEWER, ""), 401),
    Try("Log-in", "the password in other letters", _wrong(REVIEWER, password_of(REVIEWER).upper()), 401),
    Try("Log-in", "a password with a NUL behind it", _wrong(REVIEWER, password_of(REVIEWER) + "\x00"), 401),
    Try("Log-in", "a password of 50,000 signs", _wrong(REVIEWER, "a" * 50_000), 401),
    Try("Log-in", "where one comes from, made up", _forwarded, ("203.0.113.9", "198.51.100.7")),
    _other_method("GET", _ACT, {}, 405),
    _other_method("GET", _ACT, {"X-HTTP-Method-Override": "POST"}, 405),
    _other_method("GET", f"{_ACT}?_method=POST", {}, 405),
    _other_method("PUT", _ACT, {}, 405),
    _other_method("DELETE", "/incidents/1", {}, 405),
    _other_method("TRACE", "/", {}, 405),
    _other_method("OPTIONS", "/", {"Access-Control-Request-Method": "POST"}, 405),
    _other_method("POST", "/", {"X-HTTP-Method-Override": "DELETE"}, 405),
    _sized("a form of more than 64 kB", _form_of(b"text=" + b"a" * LARGEST_FORM), (413, True)),
    _sized("a form without an end", _endless_form, (413, True)),
    _sized("a form of 5,000 fields", _form_of(b"&".join(b"a%d=1" % n for n in range(5000))), (400, True)),
    _sized("a note of 4,001 signs", _long_note, (422, True)),
    _sized("a head of 100 kB", _head_of(100_000), True),
    _sized("a head of 2 MB", _head_of(2_000_000), True),
    _sized("JSON in place of a form", _form_of(b'{"text":"x"}', "application/json"), (415, True)),
    _sized("text in place of a form", _form_of(b"text=x", "text/plain"), (415, True)),
    _sized("parts in place of a form", _form_of(b"--x--", "multipart/form-data; boundary=x"), (415, True)),
    _sized("a form that is no text", _form_of(b"text=%ff%fe"), (400, True)),
)
