"""Filling in a log-in page that nobody has described, as a person would who sees it for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypercare.browser.page_script import PIERCING
from hypercare.outcome.signals import NotCovered

if TYPE_CHECKING:
    from playwright.sync_api import ElementHandle, Frame

    from hypercare.clients.browser_client import BrowserClient

PASSWORD = "input[type=password]:visible"
_NOTHING_HAPPENED = 1500  # milliseconds
_CLICKS = 3000

# The field for the name: what says so itself, else the one right before the password. Whatever else must be filled in
# nobody can guess.
_NAME_FIELD = f"""password => {{ {PIERCING}
  const root = password && (password.closest('form') || password.getRootNode()) || document;
  const plain = e => ['text', 'email', 'tel', 'number', ''].includes((e.getAttribute('type') || '').toLowerCase());
  const fields = everywhere(root, 'input').filter(e => plain(e) && visible(e) && !e.disabled && !e.readOnly)
    .filter(e => !password || e.compareDocumentPosition(password) & Node.DOCUMENT_POSITION_FOLLOWING);
  const says = e => [e.autocomplete, e.name, e.id, e.placeholder, e.getAttribute('aria-label'),
    ...[...(e.labels || [])].map(label => label.textContent)].join(' ').toLowerCase();
  const words = /user|login|log-in|mail|account|benutzer|kennung|anmelde|utilisateur|identifiant|courriel|usuari/;
  const more = /usuário|correo|utente|gebruiker|użytkownik|kullanıcı|логин|пользоват|почт|用户|ユーザ|\\bname\\b/;
  const last = list => list[list.length - 1];
  const name = fields.find(e => /username|email/.test(e.autocomplete))
    || last(fields.filter(e => words.test(says(e)) || more.test(says(e)))) || last(fields);
  return {{name, others: fields.filter(e => e !== name && e.required && !e.value).map(e => says(e).trim())}};
}}"""
_BUTTON = f"""field => {{ {PIERCING}
  const root = field.closest('form') || field.getRootNode();
  const buttons = everywhere(root, 'button, input[type=submit], input[type=image], [role=button], a[onclick]')
    .filter(e => visible(e) && !e.disabled);
  const says = e => `${{e.textContent}} ${{e.value}} ${{e.getAttribute('aria-label')}}`.toLowerCase();
  const words = /log ?in|log ?on|sign ?in|anmeld|einlogg|connexion|connecter|entrar|iniciar|acced|inlog|zaloguj/;
  const others = /giriş|přihlás|logga in|kirjaudu|войти|вход|next|weiter|suivant|siguiente|avanti|登录|ログイン|로그인/;
  return buttons.find(e => words.test(says(e)) || others.test(says(e)))
    || buttons.find(e => e.type === 'submit') || null;
}}"""


class LogInForm:
    """The form on the page that a client stands on; it may stand in a frame."""

    def __init__(self, client: BrowserClient) -> None:
        self._client = client
        self._page = client.page

    def fill(self, username: str, password: str) -> ElementHandle:
        """Fill in name and password, the latter perhaps on a page of its own; the field that is pressed Enter in.

        Raises:
            NotCovered: it asks for more than a name and a password.
            playwright's errors: there are no such fields.
        """
        frame = self._frame_with(PASSWORD)
        there = frame.locator(PASSWORD).first.element_handle() if frame is not None else None
        self._name_field(frame or self._page.main_frame, there).fill(username)
        if there is None:
            self.press(self._name_field(self._page.main_frame, None), until=PASSWORD)
            self._page.locator(PASSWORD).first.wait_for()
            there = self._page.locator(PASSWORD).first.element_handle()
        there.fill(password)
        return there

    def press(self, field: ElementHandle, *, until: str = "") -> None:
        """Press Enter; where nothing comes of it, the button that belongs to the field."""
        watch, address = self._client.page_session.watch, self._page.url
        sent_before = watch.requests_sent
        with self._client.page_session.guard.pressing():
            field.press("Enter")
            self._page.wait_for_timeout(300)
        for _ in range(_NOTHING_HAPPENED // 100):
            if (
                watch.requests_sent > sent_before
                or self._page.url != address
                or (until and self._page.locator(until).count())
            ):
                return
            self._page.wait_for_timeout(100)
        button = field.evaluate_handle(_BUTTON).as_element()
        if button is not None:
            with self._client.page_session.guard.pressing():
                button.click(timeout=_CLICKS)
                self._page.wait_for_timeout(300)

    def _frame_with(self, selector: str) -> Frame | None:
        return next((frame for frame in self._page.frames if frame.locator(selector).count()), None)

    def _name_field(self, frame: Frame, password: ElementHandle | None) -> ElementHandle:
        if password is None:
            # A page that draws itself shows its first field in a while.
            frame.locator("input:visible").first.wait_for()
        fields: Any = frame.evaluate_handle(_NAME_FIELD, password)
        others = fields.get_property("others").json_value()
        name = fields.get_property("name").as_element()
        if others:
            raise NotCovered(
                f"The log-in page asks for more than a name and a password ({', '.join(others)[:80]}).",
                remedy=f"Say how one logs in: [[{self._client.channel.value}.flow.log_in]].",
            )
        if name is None:
            frame.locator("input[type=text]:visible").first.wait_for()
        return name  # type: ignore[no-any-return]
