"""Which bytes of a block may matter: found without parsing, so that quiet lines cost next to nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

# Gives the places of a block that may matter, in order; None in its stead means that every record matters.
ByteFilter = Callable[[bytes], list[int]]

_NOT_A_RECORD = re.compile(rb"\n(?!\{)")
# Spelled out: ignoring case costs ten times as much at every line.
_QUIET = rb"(?:INFO|info|Info|DEBUG|debug|Debug|TRACE|trace|NOTICE|notice|Information|Verbose)"
_LEVEL_KEYS = (b"level", b"levelname", b"severity", b"lvl", b"log.level")


def holding(words: Sequence[bytes]) -> ByteFilter:
    """Places of lines that hold any of `words`, which are given in lower case."""

    def places(body: bytes) -> list[int]:
        lowered = body.lower()
        found: list[int] = []
        for word in words:
            spot = lowered.find(word)
            while spot >= 0:
                found.append(spot)
                line_end = lowered.find(b"\n", spot)  # one place a line and word is enough
                spot = lowered.find(word, line_end) if line_end >= 0 else -1
        return sorted(found)

    return places


def louder_than_info(key: bytes) -> ByteFilter:
    """For JSON lines that state their level in words under `key`: whatever is not quiet, or is no JSON line at all."""
    quoted = b'"' + key + b'"'
    loud = re.compile(re.escape(quoted) + rb"\s{0,3}:(?!\s{0,3}\"" + _QUIET + rb'")')

    def places(body: bytes) -> list[int]:
        found = [match.start() for match in loud.finditer(body)]
        strangers = [match.start() + 1 for match in _NOT_A_RECORD.finditer(body) if match.end() < len(body)]
        if body and not body.startswith(b"{"):
            strangers.append(0)
        elif body.count(quoted) < body.count(b"\n{") + 1:
            strangers += _lines_without(body, quoted)
        return sorted(found + strangers)

    return places


def _lines_without(body: bytes, part: bytes) -> list[int]:
    found: list[int] = []
    start = 0
    while start < len(body):
        end = body.find(b"\n", start) + 1 or len(body)
        if body.find(part, start, end) < 0:
            found.append(start)
        start = end
    return found


def level_key(sample: bytes, mapped: str | None) -> bytes | None:
    """The key under which nearly all JSON lines of a sample state a level in words; None when there is none."""
    lines = [line for line in sample.splitlines()[1:] if line.startswith(b"{")]
    for key in (mapped.encode(),) if mapped else _LEVEL_KEYS:
        stated = re.compile(rb'"' + re.escape(key) + rb'"\s{0,3}:\s{0,3}"')
        if lines and sum(bool(stated.search(line)) for line in lines) >= 0.98 * len(lines):
            return key
    return None
