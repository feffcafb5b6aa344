"""A message of the sources as a pattern: its words, and the places where numbers and names stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from hypercare.outcome.grammar import SINGULAR_OF

PLACE = re.compile(r"(?<!\{)\{([a-z_0-9A-Z]+)\}(?!\})")
_WORDS = re.compile(r"[A-Za-z][A-Za-z'-]*")
_OF_THE_PROGRAM = re.compile(
    r"[<>\\]|__|SELECT|SESSION|pg_(?!dump)|_schema|charset=|https?://|%[a-zA-Z]|\)\s*;$|\{$|\[type|\w\.\w+\("
    r"|\b[a-z]\.[a-z]+ |^\W*\{?\w+\}?\W*$(?<![A-Za-z.?])"
)
# A sentence may name what is of the program: "Grant SELECT on it."
_SENTENCE = re.compile(r"[A-Z][a-z]*\b.*[.?]")
_LABEL = re.compile(r"[^{}]+: \{\w+\}\.?")
_SENTENCES = re.compile(r"[.?!] [A-Z]|; ")
_OF_NUMBERS = ("number", "count")
_NUMBER = re.compile(r"[+-]?\d[\d,.]*")
_SHORTEST_PLURAL = 4
_FEWEST_OF_A_SENTENCE = 4
_WITH_ENDING = re.compile(r"[A-Za-z-]+\((?:s|es)\)")
_EITHER_ENDING = re.compile(r"\\\((s|es)\\\)")


def normal(text: str) -> str:
    """A text on one line, without what stands around it but says nothing."""
    return " ".join(text.split())


def is_worth_translating(message: str) -> bool:
    """Whether it says something to a reader: a phrase, or a word as a page would show it."""
    bare = PLACE.sub(" ", message)
    words = _WORDS.findall(bare)
    in_sentence = sum(word.islower() for word in words) >= _FEWEST_OF_A_SENTENCE
    if not words or (_OF_THE_PROGRAM.search(message) and not (in_sentence and _SENTENCE.fullmatch(message))):
        return False
    if "=" in message and not in_sentence:
        return False
    if " " in message:
        return any(len(word) > 1 for word in words)
    bare = message.rstrip(".?")
    return bare[:1].isupper() and bare[1:].islower() and bare.isalpha()


@dataclass(frozen=True)
class Message:
    """`text` is the English message with places such as `{count}`, `translation` the same in another language.

    In the translation, `[ist|sind]` is said of one or of several, as the number before it has it.
    """

    text: str
    translation: str

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words that are there whatever its numbers are."""
        # What touches a place is part of a word that is not translation.
        whole = re.sub(r"[\w'-]*\x00[\w'-]*", " ", PLACE.sub("\x00", self.text))
        found = _WORDS.findall(_WITH_ENDING.sub(" ", whole))
        return frozenset(word for word in found if word not in SINGULAR_OF and not _may_be_plural(word))

    @cached_property
    def adjacent(self) -> tuple[tuple[str, str], ...]:
        """Places with nothing between them: where the one ends, only what stands there can tell."""
        pieces = PLACE.split(self.text)
        return tuple((pieces[at], pieces[at + 2]) for at in range(1, len(pieces) - 2, 2) if not pieces[at + 1])

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(PLACE.findall(self.text))

    @cached_property
    def weight(self) -> int:
        """How much of it is words of its own: of several messages that fit, the one that says most is meant."""
        return len(PLACE.sub("", self.text))

    @cached_property
    def letters(self) -> int:
        """How many letters of its own it has, or signs of Markdown, which only a line of ours has."""
        own = PLACE.sub("", self.text)
        return sum(character.isalpha() for character in own) + 10 * own.count("**")

    @cached_property
    def is_label(self) -> bool:
        """Whether it is a word before whatever is said: "Looked at: {value}."."""
        return _LABEL.fullmatch(self.text) is not None

    @cached_property
    def is_of_sentences(self) -> bool:
        return _SENTENCES.search(PLACE.sub("A", self.text)) is not None

    @cached_property
    def _literals(self) -> tuple[re.Pattern[str], ...]:
        pieces = PLACE.split(self.text)[::2]
        return tuple(re.compile(_in_either_number(piece.replace("{{", "{").replace("}}", "}"))) for piece in pieces)

    def values_in(self, text: str) -> Mapping[str, str] | None:
        """What stands at its places in a text, or None where another message made it.

        The words are looked for one after the other and never tried again, so that no text takes long.
        """
        first, *between = self._literals
        found = first.match(text)
        if found is None:
            return None
        if not between:
            return {} if found.end() == len(text) else None
        values, at = [], found.end()
        for literal in between[:-1]:
            found = literal.search(text, at)
            if found is None:
                return None
            values.append(text[at : found.start()])
            at = found.end()
        end = self._start_of_end(text, at)
        if end is None:
            return None
        values.append(text[at:end])
        named = dict(zip(self.names, values, strict=True))
        return named if all(_may_stand_at(name, value) for name, value in named.items()) else None

    def _start_of_end(self, text: str, at: int) -> int | None:
        last = self._literals[-1]
        if not last.pattern:
            return len(text) if at <= len(text) else None
        for found in last.finditer(text, min(at, len(text))):
            if found.end() == len(text):
                return found.start()
        return None


def _may_stand_at(name: str, value: str) -> bool:
    if name.startswith(_OF_NUMBERS) and not _NUMBER.fullmatch(value):
        return False
    return value.count("(") == value.count(")")


def _in_either_number(piece: str) -> str:
    """The words of a message as an expression that also fits what grammar made of them for one."""
    escaped = _EITHER_ENDING.sub(r"(?:\\(\1\\)|\1)?", re.escape(piece).replace(r"\ ", " "))
    return _WORDS.sub(lambda word: _either(word[0]), escaped)


def _may_be_plural(word: str) -> bool:
    return len(word) > _SHORTEST_PLURAL and word.endswith("s")


def _either(word: str) -> str:
    singular = SINGULAR_OF.get(word) or (word[:-1] if _may_be_plural(word) else None)
    forms = sorted({word, singular or word}, key=len, reverse=True)
    return f"(?:{'|'.join(forms)})(?![A-Za-z])" if singular else word
