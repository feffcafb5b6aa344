"""Logging in and out of the embedded system's pages, which desktop and phone do alike."""

from __future__ import annotations

from hypercare.clients.accounts import password_of
from hypercare.clients.browser_client import BrowserClient
from hypercare.clients.client import LogInRefused, SystemRefused
from hypercare.target_file.config import Account


class DemoEntry(BrowserClient):
    """The log-in page, and what tells whether somebody is in."""

    def enter(self, account: Account) -> None:
        """Log in, or raise LogInRefused with what the page says."""
        if not self._tried(account.username, password_of(self.page_session.target, account)):
            alert = self.alert()
            self.page_session.picture("log-in refused")
            if not alert:
                raise SystemRefused(
                    self.channel,
                    f"{self.channel.words.capitalize()} led {account.username} back to the log-in page without a word.",
                    where=self.page_session.url,
                )
            raise LogInRefused(self.channel, f"{account.username} was not let in: {alert}", where=self.page_session.url)

    def accepts(self, username: str, password: str) -> bool:
        if not self._tried(username, password):
            return False
        self.log_out()
        return True

    def log_out(self) -> None:
        with self.doing("log out"), self.page_session.guard.leaving():
            self.page.get_by_role("button", name="Log out").click()
            self.settle()

    def is_logged_in(self) -> bool:
        return not self.page_session.go().has_password

    def leave(self) -> None:
        if self.page.get_by_role("button", name="Log out").count():
            self.log_out()

    def _tried(self, username: str, password: str) -> bool:
        """Whether the page let these in; the page then stands where it leads to."""
        self.page_session.hide(password)
        self.page_session.go()
        with self.doing("log in"), self.page_session.guard.entering(username, password):
            self.page.get_by_label("Username").fill(username)
            self.page.get_by_label("Password").fill(password)
            with self.page_session.guard.pressing():
                self.page.get_by_role("button", name="Log in").click()
            self.settle()
        page = self.page_session.see()
        if page.has_password:
            return False
        if not self.page.get_by_role("button", name="Log out").count():
            raise self.refused("log in", "what came after shows nobody logged in")
        return True
