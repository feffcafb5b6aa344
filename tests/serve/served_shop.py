"""A shop whose reports are served for real on a free port of this machine, and visitors that come from anywhere."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.incidents import Incidents
from hypercare.escalation.troubles import Trouble
from hypercare.history.opening import open_history
from hypercare.outcome.level import Level
from hypercare.plan.checklist import read_checklist
from hypercare.serve.reach import Reach
from hypercare.serve.server import listening, server
from hypercare.serve.site import Site
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of

HOSTILE = "<script>document.title='run'</script><img src=x onerror=alert(1)>\"'`{{7*7}}\u202e\x1b[2J"
REVIEWER, OTHER, VIEWER = "Mara", "Jo", "Ben"
FILE = """
[target]
name = "Corner Shop"
[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
clock = "clock.json"
[serve]
port = 0
proxies = ["127.0.0.1"]
{more}
[[serve.users]]
name = "Mara"
role = "reviewer"
[[serve.users]]
name = "Jo"
role = "reviewer"
[[serve.users]]
name = "Ben"
"""
CHECKLIST = """
[[item]]
id = "errors.fix-plan"
section = "Errors"
words = "Each error has an owner."
rounds = ["evening"]
level = "L1"
kind = "attest"
question = "Who takes each error on?"
[[item]]
id = "verify.costs"
section = "Data"
words = "Costs are right."
rounds = ["evening"]
level = "L2"
"""
CLOCK = '{"set_to": "2026-01-15T08:00:00+00:00", "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}'
TODAY = "2026-01-15"
ICON = '<link rel="icon" href="data:,">'
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


def password_of(name: str) -> str:
    return f"a long password of {name}"


class Answered:
    """What came back for bytes that no client would send."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1]) if lines[0] else 0
        self.headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines[1:])}


class Visitor:
    """A browser without a screen: keeps cookies, and says where its forms come from."""

    def __init__(self, base: str, address: str) -> None:
        self.base, self.address = base, address
        self.client = httpx.Client(base_url=base, headers={"X-Forwarded-For": address}, timeout=30)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.client.get(path, **more)

    def post(
        self, path: str, form: Mapping[str, str], *, origin: str | None = None, token: str | None = None, **more: Any
    ) -> httpx.Response:
        """`token` is that of the form; without one it is taken from a page."""
        origin = self.base if origin is None else origin
        token = self.form_token() if token is None else token
        headers = {**({"Origin": origin} if origin else {}), **more.pop("headers", {})}
        return self.client.post(path, data={"form_token": token, **form}, headers=headers, **more)

    def form_token(self, path: str = "/reports") -> str:
        found = _TOKEN.search(self.client.get(path, follow_redirects=True).text)
        assert found is not None
        return found[1]

    def log_in(self, name: str, password: str | None = None, **more: str) -> httpx.Response:
        password = password_of(name) if password is None else password
        form = {"name": name, "password": password, "then": "/", **more}
        return self.post("/login", form, token=self.form_token("/login"))

    def session(self) -> str:
        return self.client.cookies.get("hypercare") or ""


class ServedShop:
    """One shop with two open incidents and a report, served until it is closed."""

    def __init__(self, folder: Path, more: str = "", *, wait_s: float = 1.0) -> None:
        self.folder, self.reports = folder, folder / "reports"
        self.file = folder / "shop.toml"
        self.file.write_text(FILE.format(more=more), encoding="utf-8")
        (folder / "clock.json").write_text(CLOCK, encoding="utf-8")
        (folder / "checklist.toml").write_text(CHECKLIST, encoding="utf-8")
        self.config = load_target(self.file)
        self.config.go_by(read_checklist(folder / "checklist.toml"))
        assert self.config.serve is not None
        write_reports(self.reports)
        self.history = open_history(self.config, self.reports, wait_s=wait_s)
        self.incidents = Incidents(self.history, self.config)
        self.annotations = Annotations(self.history)
        self.holds_rounds()
        self.fails("check:a.b", "The web app does not answer.")
        self.fails("check:c.d", HOSTILE)
        self._socket = listening("127.0.0.1", 0)
        self.port = self._socket.getsockname()[1]
        reach = Reach.of(self.config.serve, self.port)
        self.site = Site(self.config, self.config.serve, self.history, self.reports, self.config.plan, reach)
        for name in (REVIEWER, OTHER, VIEWER):
            self.site.accounts.set_password(name, password_of(name))
        self.base = f"http://127.0.0.1:{self.port}"
        self._addresses = (f"192.0.2.{number}" for number in count(1))
        self._start()

    def _start(self) -> None:
        started = threading.Event()
        self._server = server(self.site, started.set)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        assert started.wait(30)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        self._socket.close()
        self.history.close()

    def holds_rounds(self) -> None:
        """One yesterday, which is of the first week, and one today."""
        now = clock_of(self.config)
        for name, at in (("r0", now - timedelta(days=1)), ("r1", now)):
            self.history.begin_round(name, "morning", self.config.business.calendar.date_of(at), at, at)
            self.history.finish_round(name, at, "issues")

    def fails(self, cause: str, sentence: str) -> int:
        trouble = Trouble(cause, Level.L2, sentence, ("verify.costs",))
        noted = self.incidents.note_round([trouble], [], clock_of(self.config))
        return next(int(one.id) for one in noted.open if one.sentence == sentence or one.cause == cause)

    def visitor(self) -> Visitor:
        """Somebody from an address of their own."""
        return Visitor(self.base, next(self._addresses))

    def logged_in(self, name: str = REVIEWER) -> Visitor:
        somebody = self.visitor()
        assert somebody.log_in(name).status_code == 303
        return somebody

    def raw(self, request: bytes) -> Answered:
        parts = []
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        with connection, suppress(ConnectionError):  # whoever still sends is cut off
            connection.sendall(request)
            while part := connection.recv(65536):
                parts.append(part)
        return Answered(b"".join(parts))

    def raw_get(self, path: str, visitor: Visitor, **headers: str) -> Answered:
        """Ask for a path as it is, without a client that puts it right."""
        lines = {"Host": f"127.0.0.1:{self.port}", "Cookie": f"hypercare={visitor.session()}", "Connection": "close"}
        lines |= {name.replace("_", "-"): text for name, text in headers.items()}
        head = "".join(f"{name}: {text}\r\n" for name, text in lines.items())
        return self.raw(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1"))


def write_reports(root: Path) -> None:
    """A day's report with pages of each sort, what is for nobody, and links that lead out."""
    day = root / TODAY / "day"
    (day / "allure").mkdir(parents=True)
    (day / "index.html").write_text(f"<!doctype html><html><head>{ICON}</head><body><h1>The day</h1></body></html>")
    (day / "allure" / "index.html").write_text("<!doctype html><html><head></head><body>Allure</body></html>")
    (day / "daily.md").write_text("# The day\n<script>alert(1)</script>\n")
    (day / "sample.csv").write_text("a,b\n1,2\n")
    (day / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    (day / "results.jsonl").write_text("{}\n")
    (root / "latest").symlink_to(Path(TODAY) / "day")
    (root / ".state").mkdir()
    (root / ".state" / "index.html").write_text("state of the rounds")
    (root / "week-1.html").write_text("<!doctype html><html><body>Week 1</body></html>")
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "index.html").write_text("secret of elsewhere")
    (root / "leak").symlink_to(outside)
    (day / "leak.html").symlink_to(outside / "index.html")
    (day / "state.html").symlink_to(root / ".state" / "index.html")
