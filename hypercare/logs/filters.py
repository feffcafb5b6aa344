"""Which bytes of a block may matter: found without parsing, so that quiet lines cost next to nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from hypercare.log_levels.gravity import Gravity
from hypercare.log_levels.level_words import Vocabulary
from hypercare.log_levels.scales import SYSLOG, Scale, gravity_on
from hypercare.logs.blocks import Block
from hypercare.logs.database_words import signs_of_the_end_of_means
from hypercare.logs.fields import FieldLevels
from hypercare.logs.quiet_lines import louder_lines, louder_objects
from hypercare.logs.searching import any_of, first_match, is_fast
from hypercare.logs.understanding import Understanding

# Gives the places of a block that may matter, in order; None in its stead means that every record matters.
ByteFilter = Callable[[Block], list[int]]

_SYSLOG_FACILITIES = 24
_LARGEST_NUMBER = 1000


def may_be_errors(understanding: Understanding) -> ByteFilter | None:
    """The cheapest filter that lets through all that a reader of the log would take for an error."""
    encoding = understanding.parts_encoding
    foreign = signs_of_the_end_of_means(encoding, in_json=understanding.is_json)
    words = holding((*understanding.text_levels.vocabulary.signs(encoding), *foreign))
    levels = understanding.field_levels
    if understanding.is_json:
        if levels.is_nearly_everywhere:
            louder = louder_than_info(levels)
            return _either(louder, words) if levels.scale is SYSLOG else louder  # the message may say more
        return None if levels.numbers or (levels.key is None and understanding.keeps_objects) else words
    if understanding.is_keyed:
        return None if levels.numbers else words
    loud = understanding.text_levels.loud_lines
    if loud is not None:
        return louder_lines(understanding.text_levels.quiet_line, loud)
    if understanding.text_levels.numbered:
        return _either(words, louder_lines(None, _loud_priorities()))
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
    if not is_fast():
        return lambda block: _places_of_each(block.body, plain if block.body.isascii() else words)
    searches = {
        is_ascii: first_match(any_of(some), small=True) for is_ascii, some in ((True, plain), (False, words)) if some
    }

    def places(block: Block) -> list[int]:
        body = block.body
        search = searches.get(body.isascii())
        found: list[int] = []
        match = search(body, 0) if search else None
        while search and match is not None:
            found.append(match.start())
            line_end = body.find(b"\n", match.end() - 1)  # one place a line is enough
            match = search(body, line_end) if line_end >= 0 else None
        return found

    return places


def _places_of_each(body: bytes, words: Sequence[bytes]) -> list[int]:
    lowered = body.lower()
    found: list[int] = []
    for word in words:
        spot = lowered.find(word)
        while spot >= 0:
            found.append(spot)
            line_end = lowered.find(b"\n", spot)
            spot = lowered.find(word, line_end) if line_end >= 0 else -1
    return sorted(found)


def _either(one: ByteFilter, other: ByteFilter) -> ByteFilter:
    return lambda block: sorted({*one(block), *other(block)})


def _loud_priorities() -> re.Pattern[bytes]:
    numbers = (8 * facility + severity for facility in range(_SYSLOG_FACILITIES) for severity in range(5))
    return re.compile(rb"\n<(?:" + b"|".join(str(number).encode() for number in numbers) + rb")>")


def louder_than_info(levels: FieldLevels) -> ByteFilter:
    """For JSON lines that state their level under a key: whatever is not quiet, or is no JSON line at all."""
    quoted = b'"' + str(levels.key).rpartition(".")[2].encode() + b'"'
    if quoted not in b'"' + str(levels.key).encode() + b'"':
        quoted = b'"' + str(levels.key).encode() + b'"'
    numbers = [] if levels.scale is None else _quiet_numbers(levels.scale)
    return louder_objects(quoted, _quiet_words(levels.vocabulary), numbers)


def _quiet_words(vocabulary: Vocabulary) -> list[bytes]:
    # Spelled out: ignoring case costs ten times as much at every line.
    words = [word for word in vocabulary.in_place() if word.isascii()]
    quiet = [word for word in words if vocabulary.gravity(word) in {Gravity.DEBUG, Gravity.INFO}]
    forms = {form for word in quiet for form in (word, word.upper(), word.capitalize())} | set("IDVTN")
    return [form.encode() for form in sorted(forms)]


def _quiet_numbers(scale: Scale) -> list[bytes]:
    numbers = range(8) if scale is SYSLOG else (*range(_LARGEST_NUMBER), *range(_LARGEST_NUMBER, 60_000, 1000))
    steps = {number for number in numbers if gravity_on(scale, number) <= Gravity.INFO}
    usual = [number for number in sorted(steps, reverse=True) if number < 70 or number % 50 == 0]
    return [str(number).encode() for number in usual]
