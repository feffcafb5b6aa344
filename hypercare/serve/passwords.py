"""Passwords as they are stored: by scrypt of the standard library, at the cost that OWASP names for 32 MB."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from typing import NamedTuple

LEAST_LENGTH = 12
LONGEST = 1024
_KEY_BYTES = 32
_NUL = "\0"
_ROOM = 128 * 2**20
# Each takes 32 MB and a processor; more at a time would let a stranger fill the machine with them.
_AT_ONCE = threading.BoundedSemaphore(2)


class Cost(NamedTuple):
    """Of scrypt: 2 to the power of `exponent` steps over blocks of `block`, `lanes` times."""

    exponent: int = 15
    block: int = 8
    lanes: int = 3


COST = Cost()


def hashed(password: str, cost: Cost | None = None) -> str:
    """ "scrypt$exponent$block$lanes$salt$key", salt and key in base64."""
    cost, salt = cost or COST, secrets.token_bytes(16)
    parts = (*map(str, cost), _text(salt), _text(_key(password, salt, cost)))
    return "$".join(("scrypt", *parts))


def matches(password: str, stored: str) -> bool:
    """Compared in constant time; what is stored and is no hash of ours matches nothing."""
    try:
        scheme, exponent, block, lanes, salt, key = stored.split("$")
        if scheme != "scrypt":
            return False
        cost = Cost(int(exponent), int(block), int(lanes))
        # To scrypt a password is the same with and without NULs behind it.
        return _NUL not in password and hmac.compare_digest(
            _key(password, base64.b64decode(salt), cost), base64.b64decode(key)
        )
    except (ValueError, TypeError, OverflowError):
        return False


def _key(password: str, salt: bytes, cost: Cost) -> bytes:
    text = password[:LONGEST].encode("utf-8", "surrogatepass")
    with _AT_ONCE:
        return hashlib.scrypt(
            text, salt=salt, n=2**cost.exponent, r=cost.block, p=cost.lanes, maxmem=_ROOM, dklen=_KEY_BYTES
        )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
