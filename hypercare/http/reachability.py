"""When a way in cannot be reached: whose fault is it, the target's or our own network's?"""

from __future__ import annotations

import errno
import re
import socket
from typing import NoReturn
from urllib.parse import urlsplit

from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import ChannelDown, MonitorFault

WORDS = {"web": "The web app", "mobile": "The mobile app", "api": "The API"}
_OURS = {errno.ENETUNREACH, errno.ENETDOWN, errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL}
_OURS_BY_NAME = {"ProxyError", "PoolTimeout"}
_NO_ANSWER = "no answer within the time limit"
NO_NETWORK = "ERR_INTERNET_DISCONNECTED"
_OURS_IN_BROWSER = (
    NO_NETWORK,
    "ERR_NETWORK_CHANGED",
    "ERR_PROXY_CONNECTION_FAILED",
    "ERR_TUNNEL_CONNECTION_FAILED",
    "ERR_INSUFFICIENT_RESOURCES",
)


def words_of(way: str) -> str:
    """The way as it stands in a sentence."""
    words = WORDS.get(way, way)
    return words[:1].lower() + words[1:]


def address_of(url: str) -> str:
    """ "host:port" of an address, by which several ways that stand on one server are recognised."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.hostname}:{port}"


def is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}


def unreachable(way: str, url: str, error: BaseException) -> NoReturn:
    """Raise ChannelDown, or MonitorFault when the error is of our own machine or network."""
    reason = _reason(error)
    if any(type(cause).__name__ in _OURS_BY_NAME for cause in _chain(error)):
        _our_network(url, reason)
    for cause in _chain(error):
        if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
            _our_network(url, "names are not resolved")
        if isinstance(cause, OSError) and cause.errno in _OURS:
            _our_network(url, cause.strerror or type(cause).__name__)
    down(way, url, reason)


def unreachable_in_browser(way: str, url: str, message: str) -> NoReturn:
    """The same for what a browser says ("net::ERR_CONNECTION_REFUSED at ...")."""
    code = next((word for word in message.replace(":", " ").split() if word.startswith("ERR_")), message.split("\n")[0])
    if any(ours in code for ours in _OURS_IN_BROWSER):
        _our_network(url, code)
    if code == "ERR_NAME_NOT_RESOLVED":
        # The browser does not tell a name that is gone from a resolver that is; asking again ourselves does.
        try:
            socket.getaddrinfo(urlsplit(url).hostname, None)
        except socket.gaierror as error:
            unreachable(way, url, error)
    down(way, url, code)


class Unfinished(ChannelDown):
    """An answer had begun, and did not end in time: slow, not gone."""


def unfinished(way: str, url: str, seconds: float) -> NoReturn:
    address = address_of(url)
    raise Unfinished(
        way,
        Finding(
            sentence=f"{WORDS.get(way, way)} is slow: an answer that had begun did not end within {seconds:.1f} s.",
            where=url,
            next_step=f"See what the server at {address} and its database are busy with.",
            cause=f"unfinished-{address}",
        ),
        address=address,
    )


class TooSlow(ChannelDown):
    """Nothing came in the time that somebody would wait, which was `seconds`."""

    seconds: float = 0.0


def too_slow(way: str, url: str, seconds: float) -> NoReturn:
    address = address_of(url)
    slow = TooSlow(
        way,
        Finding(
            sentence=f"{WORDS.get(way, way)} is too slow to work with: it had not answered after {seconds:.1f} s.",
            where=url,
            next_step=f"See what the server at {address} and its database are busy with.",
            cause=f"unreachable-{address}",
        ),
        address=address,
    )
    slow.seconds = round(seconds, 1)
    raise slow


def down(way: str, url: str, reason: str) -> NoReturn:
    address, reason_in_words = address_of(url), _plain(reason)
    trouble, see = f"cannot be reached: {reason_in_words}", "runs and accepts connections"
    if reason_in_words == _NO_ANSWER:
        trouble, see = f"gives {_NO_ANSWER}", "runs, and what it and its database are busy with"
    raise ChannelDown(
        way,
        Finding(
            sentence=f"{WORDS.get(way, way)} {trouble}.",
            where=url,
            next_step=f"See whether the server at {address} {see}.",
            cause=f"unreachable-{address}",
            detail=reason,
        ),
        address=address,
    )


def _our_network(url: str, reason: str) -> NoReturn:
    raise MonitorFault(
        f"This machine's own network kept us from {address_of(url)}: {reason}.",
        remedy="Look at the network of the machine that runs the suite.",
    )


_PLAIN = {
    "ERR_CONNECTION_REFUSED": "connection refused, nothing listens there",
    "ERR_CONNECTION_RESET": "it broke the connection off",
    "ERR_CONNECTION_CLOSED": "it broke the connection off",
    "ERR_EMPTY_RESPONSE": "it closed the connection without an answer",
    "ERR_CONNECTION_TIMED_OUT": "no connection within the time limit",
    "ERR_TIMED_OUT": _NO_ANSWER,
    "ERR_NAME_NOT_RESOLVED": "its name is not known",
    "ERR_CERT_DATE_INVALID": "its certificate has expired or is not yet valid",
    "ERR_CERT_AUTHORITY_INVALID": "its certificate is from nobody known",
    "ERR_CERT_COMMON_NAME_INVALID": "its certificate is for another name",
    "ERR_TOO_MANY_REDIRECTS": "it redirects in a circle",
    "ERR_ADDRESS_UNREACHABLE": "there is no way to it in the network",
    "ERR_CONTENT_DECODING_FAILED": "its answer is packed in a way that cannot be unpacked",
    "ERR_CONTENT_LENGTH_MISMATCH": "it broke its answer off in the middle",
    "ERR_HTTP2_PROTOCOL_ERROR": "what it answers is not HTTP",
    "ERR_INCOMPLETE_CHUNKED_ENCODING": "it broke its answer off in the middle",
    "ERR_INVALID_HTTP_RESPONSE": "what it answers is not HTTP",
    "ERR_INVALID_RESPONSE": "what it answers is not HTTP",
    "ERR_SSL_PROTOCOL_ERROR": "it does not speak HTTPS there",
    "ERR_SSL_VERSION_OR_CIPHER_MISMATCH": "it speaks no encryption that browsers take",
    "ERR_UNSAFE_PORT": "browsers refuse to ask at this port",
}


def _plain(reason: str) -> str:
    return _PLAIN.get(reason) or (browser_words(reason) if reason.startswith("ERR_") else reason)


def browser_words(message: str) -> str:
    """What a browser says of a request that failed ("net::ERR_CONNECTION_RESET at ..."), as people would say it."""
    code = next((word for word in re.split(r"[\s:]+", message) if word.startswith("ERR_")), "")
    if not code:
        return message.partition("\n")[0]
    return _PLAIN.get(code) or f"the browser gave it up ({code.removeprefix('ERR_').replace('_', ' ').lower()})"


def _reason(error: BaseException) -> str:
    for cause in _chain(error):
        if isinstance(cause, ConnectionRefusedError):
            return "connection refused, nothing listens there"
        if isinstance(cause, socket.gaierror):
            return "its name is not known"
        if "CERTIFICATE_VERIFY_FAILED" in str(cause):
            reason = str(cause).partition("verify failed: ")[2].partition(" (_ssl")[0].strip(" .")
            return f"its certificate does not hold: {reason[:80]}" if reason else "its certificate does not hold"
    return _in_words(_chain(error))


# What is looked for in the kinds and words of an error, the plainest first; none of them is a sentence by itself.
_IN_WORDS = (
    ("ConnectTimeout", "no connection within the time limit"),
    ("ProxyError", "our own proxy refuses"),
    ("PoolTimeout", "our own connections are all taken"),
    ("Timeout", _NO_ANSWER),
    ("timed out", _NO_ANSWER),
    ("WRONG_VERSION_NUMBER", "it does not speak HTTPS there"),
    ("without sending complete message body", "it broke its answer off in the middle"),
    ("without sending a response", "it closed the connection without an answer"),
    ("No route to host", "there is no way to it in the network"),
    ("SSL", "it broke off while the encryption was being agreed"),
    ("ConnectionReset", "it broke the connection off"),
    ("ConnectionAborted", "it broke the connection off"),
    ("BrokenPipe", "it broke the connection off"),
    ("DecodingError", "its answer is packed in a way that cannot be unpacked"),
    ("TooManyRedirects", "it redirects in a circle"),
    ("RemoteProtocolError", "what it answers is not HTTP"),
    ("LocalProtocolError", "the request cannot be written as HTTP, see [api] url and headers"),
    ("UnsupportedProtocol", "its address is none that can be asked"),
    ("InvalidURL", "its address is none that can be asked"),
    ("ReadError", "it broke the connection off"),
    ("WriteError", "it broke the connection off"),
    ("CloseError", "it broke the connection off"),
)


def _in_words(chain: list[BaseException]) -> str:
    texts = [f"{type(cause).__name__} {cause}" for cause in chain]
    for mark, words in _IN_WORDS:
        if any(mark in one for one in texts):
            return words
    text = next((str(cause).strip() for cause in chain if str(cause).strip()), "")
    return text.removeprefix("[").strip() or "the connection failed"


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
