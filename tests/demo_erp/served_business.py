"""A small business served by a program of its own, and people who use it in a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


@dataclass(frozen=True)
class ServedBusiness:
    """Where it answers, and the passwords of its accounts by user name."""

    url: str
    folder: Path
    passwords: dict[str, str]


@dataclass
class Visitor:
    """Somebody at a browser; whatever the browser complains about is kept."""

    business: ServedBusiness
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )

    def opens(self, path: str) -> Page:
        self.page.goto(self.business.url + path)
        return self.page

    def logs_in(self, username: str, *, password: str | None = None, door: str = "") -> Page:
        self.opens(f"{door}/login")
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(password or self.business.passwords[username])
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_load_state()
        return self.page


@contextmanager
def served(folder: Path, *, days: int = 2) -> Iterator[ServedBusiness]:
    """A business that stands still in the afternoon of its last day."""
    program = [sys.executable, "-m", "demo_erp"]
    subprocess.run([*program, "create", "--state", folder, "--days", str(days), "--at", "15:00"], check=True)
    server = subprocess.Popen(
        [*program, "serve", "--state", folder, "--port", "0", "--no-traffic", "--frozen"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        where = json.loads(server.stdout.readline())
        accounts = json.loads(Path(where["accounts_file"]).read_text(encoding="utf-8"))
        passwords = {account["username"]: account["password"] for account in accounts}
        yield ServedBusiness(where["web_url"].rstrip("/"), folder, passwords)
    finally:
        server.terminate()
        server.wait(timeout=10)


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """A browser, or None on a machine that has none."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or playwright.chromium.executable_path
        if not Path(found).exists():
            yield None
            return
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()
