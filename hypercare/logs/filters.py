"""Which bytes of a block may matter: found without parsing, so that quiet lines cost next to nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from hypercare.logs.fields import FieldLevels
from hypercare.logs.gravity import Gravity
from hypercare.logs.level_words import Vocabulary
from hypercare.logs.scales import SYSLOG, Scale, gravity_on
from hypercare.logs.understanding import Understanding

# Gives the places of a block that may matter, in order; None in its stead means that every record matters.
ByteFilter = Callable[[bytes], list[int]]

_NOT_A_RECORD = re.compile(rb"\n(?!\{)")
_SYSLOG_FACILITIES = 24
_LARGEST_NUMBER = 1000


def may_be_errors(understanding: Understanding) -> ByteFilter | None:
    """The cheapest filter that lets through all that a reader of the log would take for an error."""
    words = holding(understanding.text_levels.vocabulary.signs(understanding.parts_encoding))
    levels = understanding.field_levels
    if understanding.is_json:
        if levels.key and levels.share >= 0.98:
            louder = louder_than_info(levels)
            return _either(louder, words) if levels.scale is SYSLOG else louder  # the message may say more
        return None if levels.numbers or (levels.key is None and understanding.keeps_objects) else words
    if understanding.is_keyed:
        return None if levels.numbers else words
    loud = understanding.text_levels.loud_lines
    if loud is not None:
        return _matching(loud)
    if understanding.text_levels.numbered:
        return _either(words, _matching(_loud_priorities()))
    return words


def or_holding(chosen: ByteFilter | None, texts: Sequence[str], understanding: Understanding) -> ByteFilter | None:
    """The filter that lets through these texts as well, however quiet their lines are."""
    if chosen is None or not texts:
        return chosen
    if understanding.is_json and any(json.dumps(text) != f'"{text}"' for text in texts):
        return None  # in JSON they may be written in several ways
    return _either(chosen, holding([text.encode(understanding.parts_encoding, "replace").lower() for text in texts]))


def holding(words: Sequence[bytes]) -> ByteFilter:
    """Places of lines that hold any of `words`, whose ASCII letters are given small."""
    plain = [word for word in words if word.isascii()]
    others = [word for word in words if not word.isascii()]

    def places(body: bytes) -> list[int]:
        lowered = body.lower()
        found: list[int] = []
        for word in plain if body.isascii() else [*plain, *others]:
            spot = lowered.find(word)
            while spot >= 0:
                found.append(spot)
                line_end = lowered.find(b"\n", spot)  # one place a line and word is enough
                spot = lowered.find(word, line_end) if line_end >= 0 else -1
        return sorted(found)

    return places


def _matching(lines: re.Pattern[bytes]) -> ByteFilter:
    def places(body: bytes) -> list[int]:
        found = [match.start() + 1 for match in lines.finditer(body)]
        return [0, *(place for place in found if place < len(body))]

    return places


def _either(one: ByteFilter, other: ByteFilter) -> ByteFilter:
    return lambda body: sorted({*one(body), *other(body)})


def _loud_priorities() -> re.Pattern[bytes]:
    numbers = (8 * facility + severity for facility in range(_SYSLOG_FACILITIES) for severity in range(5))
    return re.compile(rb"\n<(?:" + b"|".join(str(number).encode() for number in numbers) + rb")>")


def louder_than_info(levels: FieldLevels) -> ByteFilter:
    """For JSON lines that state their level under a key: whatever is not quiet, or is no JSON line at all."""
    quoted = b'"' + str(levels.key).rpartition(".")[2].encode() + b'"'
    if quoted not in b'"' + str(levels.key).encode() + b'"':
        quoted = b'"' + str(levels.key).encode() + b'"'
    quiet = rb"\"(?:" + rb"|".join(_quiet_words(levels.vocabulary)) + rb')"'
    if levels.scale is not None:
        quiet += rb"|\"?(?:" + rb"|".join(_quiet_numbers(levels.scale)) + rb")(?!\d)"
    loud = re.compile(re.escape(quoted) + rb"\s{0,3}:(?!\s{0,3}(?:" + quiet + rb"))")

    def places(body: bytes) -> list[int]:
        found = [match.start() for match in loud.finditer(body)]
        strangers = [match.start() + 1 for match in _NOT_A_RECORD.finditer(body) if match.end() < len(body)]
        if body and not body.startswith(b"{"):
            strangers.append(0)
        elif body.count(quoted) < body.count(b"\n{") + 1:
            strangers += _lines_without(body, quoted)
        return sorted(found + strangers)

    return places


def _quiet_words(vocabulary: Vocabulary) -> list[bytes]:
    # Spelled out: ignoring case costs ten times as much at every line.
    words = [word for word in vocabulary.in_place() if word.isascii()]
    quiet = [word for word in words if vocabulary.gravity(word) in {Gravity.DEBUG, Gravity.INFO}]
    forms = {form for word in quiet for form in (word, word.upper(), word.capitalize())} | set("IDVTN")
    return [re.escape(form).encode() for form in sorted(forms, key=len, reverse=True)]


def _quiet_numbers(scale: Scale) -> list[bytes]:
    numbers = range(8) if scale is SYSLOG else (*range(_LARGEST_NUMBER), *range(_LARGEST_NUMBER, 60_000, 1000))
    steps = {number for number in numbers if gravity_on(scale, number) <= Gravity.INFO}
    usual = [number for number in sorted(steps, reverse=True) if number < 70 or number % 50 == 0]
    return [str(number).encode() for number in usual]


def _lines_without(body: bytes, part: bytes) -> list[int]:
    found: list[int] = []
    start = 0
    while start < len(body):
        end = body.find(b"\n", start) + 1 or len(body)
        if body.find(part, start, end) < 0:
            found.append(start)
        start = end
    return found
