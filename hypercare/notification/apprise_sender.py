"""Mail, chats, telephones and pagers, all through Apprise."""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from hypercare.extras import install
from hypercare.notification.forms import (
    chat,
    chat_title,
    chat_with_title,
    fitted,
    mail,
    plain,
    plain_with_title,
    short,
    titled,
)
from hypercare.notification.in_language import in_language
from hypercare.notification.message import Message, Mood, cut
from hypercare.notification.sender import Unsent
from hypercare.outcome.redaction import Redactor
from hypercare.target_file.sections.notify import Form

MISSING = f"Apprise is not installed here; install it with: {install('notify')}"
_SHORTEST_LETTER = 500
_LEAST_OF_A_MAIL = 20_000
_TYPES = {Mood.BAD: "failure", Mood.WARN: "warning", Mood.GOOD: "success", Mood.PLAIN: "info"}
_PIECES = re.compile(r"[/?&=#:@]+")
_SHORTEST_SECRET = 6
# Many services have a token where others have their host.
_HOST = re.compile(r"localhost|\d+(\.\d+){3}|([a-z0-9-]{1,40}\.)+[a-z]{2,12}")
_LONGEST_REASON = 300
# Of what it says in confidence only this is about the receiver and not about the message.
_REASONS = ("Socket Exception", "Response Details")


@contextmanager
def apprise_words() -> Iterator[list[str]]:
    """Gathers what Apprise says on this thread. Nothing that it says goes anywhere else, on any thread.

    It has no other way of telling why something failed, and it may tell secrets.
    """
    logger = logging.getLogger("apprise")
    if _COLLECTOR not in logger.filters:
        logger.setLevel(logging.DEBUG)
        logger.addFilter(_COLLECTOR)
    lines: list[str] = []
    _COLLECTOR.here.lines = lines
    try:
        yield lines
    finally:
        _COLLECTOR.here.lines = None


def reasons(lines: Sequence[str]) -> str:
    """The last words in one line."""
    return " ".join(" ".join(line.split()) for line in lines[-3:])


class _LogCollector(logging.Filter):
    """Keeps every record from its handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.here = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        lines: list[str] | None = getattr(self.here, "lines", None)
        words = record.getMessage()
        if lines is not None and (record.levelno >= logging.WARNING or words.startswith(_REASONS)):
            lines.append(words)
        return False


_COLLECTOR = _LogCollector()


class AppriseSender:
    """One address as Apprise reads it."""

    def __init__(self, service: Any, address: str, form: Form) -> None:
        self._service = service
        self._form = form
        self._host, secrets = _taken_apart(address)
        self._redactor = Redactor()
        self._redactor.learn(secrets)

    @property
    def shown(self) -> str:
        name = str(self._service.service_name)
        return f"{name} at {self._host}" if self._host else name

    @cached_property
    def form(self) -> Form:
        """As the route says, else as the service is: a telephone, a mail, a chat, or plain."""
        if self._form != "auto":
            return self._form
        formats = _formats(self._service)
        if self._service.body_maxlen <= _SHORTEST_LETTER:
            return "short"
        if formats[0] == "html":
            return "mail" if self._service.body_maxlen >= _LEAST_OF_A_MAIL else "chat"
        return "chat" if "markdown" in formats and "html" not in formats else "plain"

    def send(self, message: Message) -> None:
        title, body, written_in = self._written(in_language(message))
        with apprise_words() as lines:
            try:
                arrived = self._service.notify(
                    body=body, title=title, notify_type=_TYPES[message.mood], body_format=written_in
                )
            except Exception as error:  # noqa: BLE001 - a hundred services, each with troubles of its own
                raise self._unsent(f"{type(error).__name__}: {error}") from None
        if not arrived:
            raise self._unsent(reasons(lines) or "the receiver did not take it")

    def _unsent(self, words: str) -> Unsent:
        return Unsent(cut(self._redactor.text(words), _LONGEST_REASON))

    def _written(self, message: Message) -> tuple[str, str, str]:
        """Title, body, and what the body is written in."""
        most = int(self._service.body_maxlen)
        longest = int(self._service.title_maxlen)
        match self.form:
            case "short":
                return "", short(message, min(most, 160)), "text"
            case "mail":
                return cut(titled(message), longest), fitted(message, mail, most), "html"
            case "chat" if longest > 0:
                return cut(chat_title(message), longest), fitted(message, chat, most), "markdown"
            case "chat":
                return "", fitted(message, chat_with_title, most), "markdown"
            case _ if longest > 0:
                return cut(titled(message), longest), fitted(message, plain, most), "text"
            case _:
                return "", fitted(message, plain_with_title, most), "text"


def apprise_sender(address: str, form: Form) -> AppriseSender | None:
    """A sender, or None where Apprise makes nothing of the address.

    Raises:
        Unsent: Apprise is not installed.
    """
    with warnings.catch_warnings(), apprise_words():
        # What it stands on may be outdated; nobody who reads a round's output can do anything about that. And what it
        # says while it reads an address may hold the address.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            import apprise
        except ImportError:
            raise Unsent(MISSING) from None
        service = apprise.Apprise.instantiate(address, asset=_asset(apprise), suppress_exceptions=True)
    return None if service is None else AppriseSender(service, address, form)


def _asset(apprise: Any) -> Any:
    # No pictures: they would be fetched from elsewhere by whoever opens a mail.
    return apprise.AppriseAsset(
        app_id="Hypercare",
        app_desc="Hypercare",
        app_url="",
        image_url_mask=None,
        image_url_logo=None,
        image_path_mask=None,
        secure_logging=True,
        async_mode=False,
    )


def _formats(service: Any) -> list[str]:
    formats = service.notify_format
    return [str(getattr(one, "value", one)) for one in (formats if isinstance(formats, tuple | list) else [formats])]


def _taken_apart(address: str) -> tuple[str, list[str]]:
    """The host, where that is what stands first, and whatever else of the address could be a secret."""
    _, _, rest = address.partition("://")
    before = re.split(r"[/?#]", rest, maxsplit=1)[0]
    who, _, place = before.rpartition("@")
    first = place.partition(":")[0]
    host = first if _HOST.fullmatch(first) else ""
    pieces = [piece for piece in _PIECES.split(rest) if len(piece) >= _SHORTEST_SECRET and piece != host]
    pieces += [who.partition(":")[2]]
    return host, [form for piece in pieces for form in (piece, unquote(piece))]
