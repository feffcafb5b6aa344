"""One browser a session: found where there is one, started at first use, closed at the end."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercare.outcome.signals import MonitorFault, NotCovered

if TYPE_CHECKING:
    from playwright.sync_api import Browser as PlaywrightBrowser
    from playwright.sync_api import BrowserContext, Playwright

_LOG = logging.getLogger(__name__)
VARIABLE = "HYPERCARE_BROWSER"
_ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
# A browser that is to see nothing but the target must not look for updates, accounts or better protocols.
_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-dev-shm-usage",
)
_REMEDY = f"Run `playwright install chromium`, install the system's chromium, or name a browser in {VARIABLE}."


class Browser:
    """A Chromium without a window.

    `trusted` gives the keys, as Chromium takes them, of certificates that hold although it does not know their issuer;
    it is asked when the browser starts.
    """

    def __init__(self, trusted: Callable[[], Sequence[str]] = tuple) -> None:
        self._trusted = trusted
        self._playwright: Playwright | None = None
        self._browser: PlaywrightBrowser | None = None

    def context(self, options: Mapping[str, Any] | None = None) -> BrowserContext:
        """A context of its own (cookies, storage, cache), to be closed by the caller.

        Raises:
            NotCovered: there is no browser on this machine.
            MonitorFault: there is one, but it does not start.
        """
        try:
            return self._started().new_context(**(options or {}))
        except self.error as error:
            # It may have died since it was last used; a fresh one tells.
            self.forget()
            try:
                return self._started().new_context(**(options or {}))
            except self.error:
                raise MonitorFault(f"The browser opens no page: {_first_line(error)}", remedy=_REMEDY) from None

    def device(self, name: str) -> dict[str, Any]:
        """Playwright's descriptor of a device; raises MonitorFault for one it does not know."""
        devices = self._engine().devices
        if name not in devices:
            raise MonitorFault(f"There is no device called {name!r}.", remedy="Correct [mobile] device.")
        return {key: value for key, value in devices[name].items() if key != "default_browser_type"}

    @property
    def error(self) -> type[Exception]:
        """What Playwright raises."""
        from playwright.sync_api import Error

        return Error

    @property
    def timeout_error(self) -> type[Exception]:
        from playwright.sync_api import TimeoutError as PlaywrightTimeout

        return PlaywrightTimeout

    def forget(self) -> None:
        """Close the browser, however it is; the next look starts another."""
        if self._browser is not None:
            with suppress(self.error):
                self._browser.close()
            self._browser = None

    def close(self) -> None:
        self.forget()
        if self._playwright is not None:
            self._playwright.stop()
            self._playwright = None

    def _engine(self) -> Playwright:
        if self._playwright is None:
            from playwright.sync_api import sync_playwright

            self._playwright = sync_playwright().start()
        return self._playwright

    def _flags(self) -> list[str]:
        keys = self._trusted()
        return [*_FLAGS, *([f"--ignore-certificate-errors-spki-list={','.join(keys)}"] if keys else [])]

    def _started(self) -> PlaywrightBrowser:
        if self._browser is None or not self._browser.is_connected():
            path = find_browser(Path(self._engine().chromium.executable_path))
            _LOG.info("browser %s starts", path)
            try:
                self._browser = self._engine().chromium.launch(
                    executable_path=str(path), args=self._flags(), timeout=30_000, handle_sigint=False
                )
            except self.error as error:
                raise MonitorFault(f"The browser {path} does not start: {_first_line(error)}", remedy=_REMEDY) from None
        return self._browser


def find_browser(playwrights_own: Path) -> Path:
    """The browser to use: the one that the variable names, else Playwright's, else the system's.

    Raises:
        NotCovered: there is none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise NotCovered(f"{VARIABLE} names {named}, which is not a program.", remedy=_REMEDY)
        return Path(found)
    # A build without windows may stand beside the full one, or alone.
    shells = playwrights_own.parents[2].glob("chromium_headless_shell-*/*/headless_shell")
    for own in (*sorted(shells, reverse=True), playwrights_own):
        if own.is_file():
            return own
    for name in _ON_PATH:
        system = shutil.which(name)
        if system:
            return Path(system)
    raise NotCovered("There is no browser on this machine, so nothing was looked at in one.", remedy=_REMEDY)


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
