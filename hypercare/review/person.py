"""Who does something, by which way, and from where."""

from __future__ import annotations

import getpass
import socket
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    COMMAND = "command"
    PAGE = "page"
    LINK = "link"


@dataclass(frozen=True)
class Person:
    """`name` is what others know them by; `place` is where they act from: an address, or a user of a machine."""

    name: str
    way: Way
    place: str


def at_the_command_line(name: str) -> Person:
    return Person(name, Way.COMMAND, f"{_user()}@{socket.gethostname()}")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as containers have them
        return "somebody"
