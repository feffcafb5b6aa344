"""Where plain lines state their level, told from a sample: at one place, as a letter, as a number, or anywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from hypercare.log_levels.gravity import Gravity
from hypercare.log_levels.level_words import AMBIGUOUS, Vocabulary, key_of
from hypercare.log_levels.scales import SYSLOG, gravity_on

WITHIN = 200  # characters of a line in which it states its level
_TOKEN = re.compile(r"\[[^\]\n]{0,80}\]|\([^)\n]{0,80}\)|[^\s|,;]+")
# Atomic, or a line of many brackets would be tried in all the ways in which it may be cut.
_TOKEN_BYTES = rb"(?>(?:\[[^\]\n]{0,80}\]|\([^)\n]{0,80}\)|[^\s|,;]+)[ \t|,;\r]*)"
# The same where nothing can be cut in more ways than one, and no bracket holds more than RE2 counts to.
_ONE_TOKEN_BYTES = (
    rb"(?:(?:\[[^\]\n]{0,60}\]|\([^)\n]{0,60}\))[ \t|,;\r]*"
    rb"|[^ \t\n\r\x0b\x0c|,;\[(][^ \t\n\r\x0b\x0c|,;]*[ \t|,;\r]+)"
)
_PLACES = 14
_DECORATION = "[](){}<>\"'*:.,;-#"
_GLUED = re.compile(r"^(?P<level>[VDIWEFC])(?=\d{4}(?:\d{4})? +\d\d:\d\d:\d\d)")
_PRIORITY = re.compile(r"^<(?P<number>\d{1,3})>")
_A_SUM = re.compile(r"\s*\d[\d.,]*\s*$")
# What PHP calls fatal ends one request.
_OF_PHP = re.compile(r"\bPHP (?:Recoverable fatal|Fatal|Parse|Compile|Core|Catchable fatal) error\b")
_LEAST_SHARE_OF_A_PLACE = 0.1
_PLACED_FROM = 0.6
_SURE_FROM = 0.8
LONGEST_WORD = 15  # characters of a level
_MOST_WORDS_OF_A_COLUMN = 8
_KEYED = r"\b(?:log[._]?)?(?:level|lvl|severity|sev|prio(?:rity)?)\s?[=:]\s?[\"']?"


@dataclass(frozen=True)
class Stated:
    gravity: Gravity
    word: str = ""


NOTHING = Stated(Gravity.UNSTATED)


@dataclass(frozen=True)
class TextLevels:
    """`places` are the tokens of a line, counted from its start, of which one is its level; `shapes` how it looks."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    places: tuple[int, ...] = ()
    shapes: frozenset[str] = frozenset()
    as_letter: bool = False
    glued: bool = False
    numbered: bool = False
    pattern: re.Pattern[str] | None = None
    places_share: float = 0.0
    is_column: bool = False

    def read(self, line: str) -> Stated:
        """What a line says of itself."""
        start = line[:WITHIN]
        if _OF_PHP.search(start):
            return Stated(Gravity.ERROR, "error")
        if self.pattern is not None:
            match = self.pattern.search(line)
            if match is not None:
                word = match["level"] or ""
                return Stated(self.vocabulary.gravity(word) or Gravity.UNSTATED, word)
        if self.glued and (letter := _GLUED.match(start)):
            return Stated(self.vocabulary.gravity_of_letter(letter["level"]) or Gravity.UNSTATED, letter["level"])
        placed = self._at_its_place(start)
        if placed is not None:
            return placed
        stated = self.anywhere(start)
        return stated if stated.gravity else self._priority(start)

    def anywhere(self, start: str) -> Stated:
        """A word in capitals, in brackets, before a colon or behind a key: trusted in any line."""
        match = self._free.search(start[:WITHIN])
        if match is None:
            return NOTHING
        word = next(group for group in match.groupdict().values() if group)
        return Stated(self.vocabulary.gravity(word) or Gravity.UNSTATED, word)

    def unknown_at_its_place(self, line: str) -> str | None:
        """A word that stands and looks as levels do, but is none that is known."""
        if self.as_letter or not (self.is_column or self.places_share >= _SURE_FROM) or self.read(line).gravity:
            return None
        tokens = _TOKEN.findall(line[:WITHIN])
        for place in self.places:
            token = tokens[place] if place < len(tokens) else ""
            bare, shape = token.strip(_DECORATION), _shape(token)
            looks_so = shape in self.shapes and (self.is_column or shape == "upper" or shape in "[(<{")
            if looks_so and _is_a_word(bare):
                return bare
        return None

    def _at_its_place(self, start: str) -> Stated | None:
        tokens = _TOKEN.findall(start) if self.places else []
        for place in self.places:
            if place >= len(tokens):
                continue
            token = tokens[place]
            word = _level_in(token, self.vocabulary, letter=self.as_letter)
            if word is not None and (self.as_letter or _fits(_shape(token), self.shapes)):
                of_word = self.vocabulary.gravity_of_letter if self.as_letter else self.vocabulary.gravity
                return Stated(of_word(word) or Gravity.UNSTATED, word)
        return None

    def _priority(self, start: str) -> Stated:
        match = _PRIORITY.match(start) if self.numbered else None
        if match is None:
            return NOTHING
        return Stated(gravity_on(SYSLOG, int(match["number"]) & 7), match["number"])

    def said_below(self, line: str) -> Gravity:
        """What a line below a record says of itself: by words that every logger knows, and not as a sum of a report."""
        match = self._below.search(line[:WITHIN])
        if match is None or _A_SUM.match(line, match.end()):
            return Gravity.UNSTATED
        word = next(group for group in match.groupdict().values() if group)
        return self.vocabulary.gravity(word) or Gravity.UNSTATED

    @cached_property
    def _free(self) -> re.Pattern[str]:
        return _anywhere(self.vocabulary.anywhere(), self.vocabulary.in_any_line(), self.vocabulary.in_place())

    @cached_property
    def _below(self) -> re.Pattern[str]:
        usual = tuple(self.vocabulary.anywhere())
        return _anywhere(usual, usual, usual)

    @cached_property
    def loud_lines(self) -> re.Pattern[bytes] | None:
        """Where a line begins that may be an error, since no quiet level stands at its place; None where none is."""
        if self.pattern is not None:
            return None
        if self.glued:
            return re.compile(rb"\n(?![VDI]\d{4}(?:\d{4})? )")
        if not self.places or self.places_share < (0.3 if self.as_letter else 0.9):
            return None
        quiet = b"|".join(_longest_first(_quiet(self.vocabulary, self.as_letter)))
        places = rb"|".join(b"(?:" + _TOKEN_BYTES + b"){" + str(place).encode() + b"}" for place in self.places)
        return re.compile(
            rb"\n(?!\s{0,3}(?:"
            + places
            + rb")[\[(<{\"'*]{0,3}(?:[\w.-]{1,40}[:.=])?(?:"
            + quiet
            + rb")(?![\w\x80-\xff]))"
        )

    @cached_property
    def quiet_line(self) -> bytes | None:
        """A line that `loud_lines` never finds, but for some of them, in the words that RE2 knows too."""
        if self.loud_lines is None:
            return None
        if self.glued:
            return rb"[VDI][0-9]{4}(?:[0-9]{4})? [^\n]*"
        quiet = b"|".join(_quiet(self.vocabulary, self.as_letter))
        places = rb"|".join(b"(?:" + _ONE_TOKEN_BYTES + b"){" + str(place).encode() + b"}" for place in self.places)
        return (
            rb"[ \t]{0,3}(?:" + places + rb")[\[(<{\x22'*]{0,3}(?:[0-9A-Za-z_.-]{1,40}[:.=])?(?:"
            + quiet + rb")(?:[^0-9A-Za-z_\x80-\xff\n][^\n]*)?"
        )  # fmt: skip


def _anywhere(capitals: Iterable[str], marked: Iterable[str], keyed: Iterable[str]) -> re.Pattern[str]:
    loud, named, behind_a_key = (
        "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))
        for words in ((word.upper() for word in capitals), marked, keyed)
    )
    return re.compile(
        rf"\b(?P<word>{loud})\b(?![\w.]|/(?![A-Z]))|[\[<(](?:\w+:)?(?P<small>(?i:{named}))[\]>)]"
        rf"|(?:^|\s)(?P<colon>(?i:{named})):|(?i:{_KEYED})(?P<keyed>(?i:{behind_a_key}))\b"
    )


def _longest_first(words: Iterable[bytes]) -> list[bytes]:
    return sorted(words, key=lambda word: (-len(word), word))


def _quiet(vocabulary: Vocabulary, letters: bool) -> set[bytes]:
    if letters:
        return {letter.encode() for letter in "VTDINAvtdina"}
    words = [word for word in vocabulary.in_place() if vocabulary.gravity(word) in {Gravity.DEBUG, Gravity.INFO}]
    plain = [word for word in words if word.isascii()]
    return {form.encode() for word in plain for form in (re.escape(word), word.upper(), word.capitalize())}


def _is_a_word(text: str) -> bool:
    """Whether a token may be a word, be it in an encoding that was not told right."""
    letters = all(letter.isalpha() or not letter.isascii() for letter in text)
    return 2 <= len(text) <= LONGEST_WORD and letters and text[0].isalpha()


def _fits(shape: str, shapes: frozenset[str]) -> bool:
    return shape in shapes or shape == "upper" or (shape == "title" and "lower" in shapes)


def _shape(token: str) -> str:
    if token and token[0] in "[(<{":
        return token[0]
    bare = token.strip(_DECORATION)
    return "upper" if bare.isupper() else "title" if bare[:1].isupper() else "lower"


def _level_in(token: str, vocabulary: Vocabulary, *, letter: bool) -> str | None:
    """The level that a token is, or that is a part of it: ERROR, [core:error], production.ERROR:, level=error."""
    bare = token.strip(_DECORATION)
    if letter:
        first = bare.partition("/")[0]
        return first if len(first) == 1 and vocabulary.gravity_of_letter(first) else None
    if vocabulary.gravity(bare) is not None:
        return bare
    for part in (bare.rpartition("=")[2], bare.rpartition(".")[2], bare.rpartition(":")[2], bare.partition(":")[0]):
        cleaned = part.strip(_DECORATION)
        if cleaned != bare and vocabulary.gravity(cleaned) is not None:
            return cleaned
    return None


def text_levels_of(lines: Sequence[str], vocabulary: Vocabulary, pattern: re.Pattern[str] | None = None) -> TextLevels:
    """How the lines of a sample, each the first of its record, state their level."""
    default_levels = TextLevels(vocabulary, pattern=pattern)
    lines = [line for line in lines if line.strip()]
    if not lines or pattern is not None:
        return default_levels
    numbered = _share(bool(_PRIORITY.match(line)) for line in lines) >= 0.9
    if _share(bool(_GLUED.match(line)) for line in lines) >= 0.5:
        return TextLevels(vocabulary, glued=True, numbered=numbered)
    tokens = [_TOKEN.findall(line[:WITHIN])[:_PLACES] for line in lines]
    column = _column(tokens, vocabulary)
    if column is not None:
        return replace(column, numbered=numbered)
    for letter in (False, True):
        found = _placed(tokens, vocabulary, letter)
        if found is not None:
            places, shapes, share = found
            return TextLevels(vocabulary, places, shapes, letter, numbered=numbered, places_share=share)
    return TextLevels(vocabulary, numbered=numbered)


def _column(lines: Sequence[Sequence[str]], vocabulary: Vocabulary) -> TextLevels | None:
    """The place at which every line has one of a few words of one look, and some of them are known levels."""
    found: list[TextLevels] = []
    for place in range(min(len(tokens) for tokens in lines)):
        column = [tokens[place] for tokens in lines]
        words = Counter(token.strip(_DECORATION) for token in column)
        if len(words) > _MOST_WORDS_OF_A_COLUMN or not all(_is_a_word(word) for word in words):
            continue
        level_counts = {word: count for word, count in words.items() if vocabulary.gravity(word) is not None}
        shapes = frozenset(_shape(token) for token in column)
        edges = {(token[:1] in _DECORATION, token[-1:] in _DECORATION) for token in column}
        if len(edges) == 1 and not (shapes == {"lower"} and edges == {(False, False)}) and _sure(level_counts, shapes):
            share = sum(level_counts.values()) / len(lines)
            found.append(TextLevels(vocabulary, (place,), shapes, places_share=share, is_column=True))
    return max(found, key=lambda one: (one.places_share, -one.places[0]), default=None)


def _are_levels(letters: Counter[str]) -> bool:
    """Whether letters that stand at one place are levels: several with a usual one, or always information's."""
    return bool({"I", "W", "E"} & set(letters)) and (
        len(letters) > 1 or (set(letters) == {"I"} and letters.total() > 2)
    )


def _sure(level_words: Iterable[str], shapes: Iterable[str]) -> bool:
    """Whether known words are levels and no names of parts: LOG in capitals is one, "system" alone is none."""
    words = {key_of(word) for word in level_words}
    return bool(words - AMBIGUOUS) or (bool(words) and set(shapes) == {"upper"})


def _placed(
    lines: Sequence[Sequence[str]], vocabulary: Vocabulary, letter: bool
) -> tuple[tuple[int, ...], frozenset[str], float] | None:
    firsts: Counter[int] = Counter()
    words: dict[int, Counter[str]] = {}
    shapes: dict[int, set[str]] = {}
    for tokens in lines:
        for place, token in enumerate(tokens):
            word = _level_in(token, vocabulary, letter=letter)
            if word is not None:
                firsts[place] += 1
                words.setdefault(place, Counter())[word.upper()] += 1
                shapes.setdefault(place, set()).add(_shape(token))
                break
    if letter:
        # One letter alone may be a word of the language: only where every line has one is it a level.
        place, count = next(iter(firsts.most_common(1)), (0, 0))
        if count < 0.95 * len(lines) or not _are_levels(words.get(place, Counter())):
            return None
        return (place,), frozenset(shapes[place]), count / len(lines)
    usual = [place for place, count in firsts.items() if count >= _LEAST_SHARE_OF_A_PLACE * len(lines)]
    chosen = [place for place in usual if _sure(words[place], shapes[place])]
    share = sum(firsts[place] for place in chosen) / len(lines)
    if share < _PLACED_FROM:
        return None
    return tuple(sorted(chosen)), frozenset(shape for place in chosen for shape in shapes[place]), share


def _share(holding: Iterable[bool]) -> float:
    flags = list(holding)
    return sum(flags) / len(flags) if flags else 0.0
