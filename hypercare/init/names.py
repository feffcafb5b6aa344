"""What a table's or a column's name says, in the concepts of vocabulary.toml."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-zäöüßéèêàçñóíáú]+|[A-Z]+|\d+")
_PLAIN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", **dict(zip("éèêàçñóíáú", "eeeacnoiau", strict=True))}
)
_LEAST_GLUED = 6
_MOST_PIECES = 4


@dataclass(frozen=True)
class Pattern:
    """Concepts that a name must hold, and how much it says when it holds just these.

    A name that holds one of `unlike` besides is another thing's.
    """

    concepts: tuple[str, ...]
    weight: float
    unlike: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Vocabulary:
    """`concepts` gives for a word what it may stand for; `entities` and `fields` their patterns.

    `words` are a target's words for each of ours in several languages, `likely` those that programs use most.
    """

    concepts: Mapping[str, frozenset[str]]
    table_noise: frozenset[str]
    column_noise: frozenset[str]
    modifiers: frozenset[str]
    entities: Mapping[str, tuple[Pattern, ...]]
    weights: Mapping[str, Mapping[str, float]]
    fields: Mapping[tuple[str, str], tuple[Pattern, ...]]
    words: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]
    likely: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]
    flags: Mapping[str, frozenset[str]]

    def meaning(self, token: str) -> frozenset[str]:
        return self.concepts.get(token) or self.concepts.get(_singular(token)) or frozenset({token})

    def knows(self, token: str) -> bool:
        return token in self.concepts or _singular(token) in self.concepts


@cache
def load_vocabulary() -> Vocabulary:
    raw = tomllib.loads(resources.files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    for concept, words in raw["concepts"].items():
        for word in words.split():
            meanings[word].add(concept)
    words = raw["words"]
    return Vocabulary(
        concepts={word: frozenset(found) for word, found in meanings.items()},
        table_noise=frozenset(raw["noise"]["table"].split()),
        column_noise=frozenset(raw["noise"]["column"].split()),
        modifiers=frozenset(raw["modifiers"]["table"].split()),
        entities={name: _patterns(entity["names"]) for name, entity in raw["entity"].items()},
        weights={name: entity["weight"] for name, entity in raw["entity"].items()},
        fields={
            (entity, field): _patterns(names, frozenset(raw["unlike"].get(field, "").split()))
            for entity, of_fields in raw["field"].items()
            for field, names in of_fields.items()
        },
        words={
            (entity, field): {ours: tuple(theirs.replace(";", " ").split()) for ours, theirs in of_field.items()}
            for entity, of_fields in words.items()
            if entity != "flag"
            for field, of_field in of_fields.items()
        },
        likely={
            (entity, field): {ours: tuple(theirs.partition(";")[0].split()) for ours, theirs in of_field.items()}
            for entity, of_fields in words.items()
            if entity != "flag"
            for field, of_field in of_fields.items()
        },
        flags={ours: frozenset(theirs.split()) for ours, theirs in words["flag"].items()},
    )


def _patterns(texts: Iterable[str], unlike: frozenset[str] = frozenset()) -> tuple[Pattern, ...]:
    found = []
    for text in texts:
        words, _, weight = text.partition(":")
        found.append(Pattern(tuple(words.split()), float(weight or 1), unlike))
    return tuple(found)


@cache
def tokens_of(name: str) -> tuple[str, ...]:
    """ "tabSales Order" is tab, sales, order; "saleslines" is sales, lines. Repeated words count once, at the end."""
    vocabulary = load_vocabulary()
    parts: list[str] = []
    for word in _WORD.findall(name):
        token = word.lower().translate(_PLAIN)
        parts += [token] if vocabulary.knows(token) or len(token) < _LEAST_GLUED else _unglued(token) or [token]
    return tuple(reversed(dict.fromkeys(reversed(parts))))


@cache
def _unglued(token: str) -> list[str]:
    """A glued word in the fewest known pieces; empty when it is none."""
    vocabulary = load_vocabulary()
    best: dict[int, list[str]] = {0: []}
    for end in range(2, len(token) + 1):
        for start in range(end - 1):
            piece = token[start:end]
            is_word = (
                vocabulary.knows(piece)
                or piece in {"ie", "id", "at", "by"}
                or piece in vocabulary.table_noise - {"a", "t", "x"}
            )
            if start in best and is_word and len(best[start]) < _MOST_PIECES:
                way = [*best[start], piece]
                if end not in best or len(way) < len(best[end]):
                    best[end] = way
    return best.get(len(token), [])


def _singular(token: str) -> str:
    if token.endswith("ies") and len(token) > 4:
        return token[:-3] + "y"
    if token.endswith("s") and not token.endswith(("ss", "us", "is")) and len(token) > 3:
        return token[:-1]
    return token


def table_says(name: str, patterns: Sequence[Pattern], noise: frozenset[str] = frozenset()) -> float:
    """How well a table's name fits, 0 to 1. `noise` are words that most tables of this database begin with."""
    vocabulary = load_vocabulary()
    bare = name.rpartition(".")[2]
    tokens = [t for t in tokens_of(bare) if t not in noise] or list(tokens_of(bare))
    core = [t for t in tokens if t not in vocabulary.table_noise] or tokens
    best = 0.0
    for pattern in patterns:
        left = _left_over(core, pattern.concepts)
        if left is not None:
            score = pattern.weight
            for token in left:
                score *= 0.3 if vocabulary.meaning(token) & vocabulary.modifiers else 0.8
            # What a compound is about stands last, or first in the languages that put it there.
            recognised = [token for token in core if token not in left]
            score *= 1.0 if core[-1] in recognised or core[0] in recognised else 0.8
            best = max(best, score)
    return best


def column_says(column: str, table: str, patterns: Sequence[Pattern]) -> float:
    """How well a column's name fits, 0 to 1. Words of the table's own name count for nothing ("OrderDate")."""
    vocabulary = load_vocabulary()
    tokens = [t for t in tokens_of(column) if t not in vocabulary.column_noise] or list(tokens_of(column))
    best = _column_fits(tokens, patterns)
    own = {_singular(t) for t in tokens_of(table.rpartition(".")[2])}
    without = [t for t in tokens if _singular(t) not in own]
    if without and len(without) < len(tokens):
        best = max(best, 0.97 * _column_fits(without, patterns))
    # "x_studio_", "c_" and the like: the first word may be nobody's.
    return best


def _column_fits(tokens: Sequence[str], patterns: Sequence[Pattern]) -> float:
    vocabulary = load_vocabulary()
    best = 0.0
    for pattern in patterns:
        left = _left_over(tokens, pattern.concepts)
        if left is None:
            continue
        score = pattern.weight
        for token in left:
            meaning = vocabulary.meaning(token)
            if "id" in meaning:
                continue
            score *= _besides(token, meaning, pattern)
        best = max(best, score)
    return best


def _besides(token: str, meaning: frozenset[str], pattern: Pattern) -> float:
    """How much is left of what a name says by a word that the pattern does not ask for."""
    if meaning & pattern.unlike:
        return 0.15
    if "cache" in meaning:
        return 0.9
    if token in {"create", "write"}:
        return 0.3
    return 0.5 if load_vocabulary().knows(token) else 0.65


def _left_over(tokens: Sequence[str], concepts: Sequence[str]) -> list[str] | None:
    """The tokens that a pattern does not ask for; None when it asks for one that is not there."""
    vocabulary = load_vocabulary()
    left = list(tokens)
    for concept in concepts:
        found = next((t for t in left if concept in vocabulary.meaning(t) or concept == t), None)
        if found is None:
            return None
        left.remove(found)
    return left


def same_thing(column: str, table: str, child: str = "") -> float:
    """How surely a column ("sale", "order_id", "party") names a table ("sale_sale", "orders", "party_party")."""
    vocabulary = load_vocabulary()
    column_words = [
        _singular(t)
        for t in tokens_of(column)
        if "id" not in vocabulary.meaning(t) and t not in vocabulary.column_noise
    ]
    if (
        column_words
        and "id" not in vocabulary.meaning(column_words[-1])
        and column.lower().endswith(("id", "_no"))
        and not column_words
    ):
        return 0.0
    table_words = [_singular(t) for t in tokens_of(table.rpartition(".")[2])]
    core = [t for t in table_words if t not in vocabulary.table_noise] or table_words
    if not column_words:
        return 0.0
    if column_words == core:
        score = 1.0
    elif set(column_words) == set(core):
        score = 0.95
    elif len(column_words) <= len(core) and core[-len(column_words) :] == column_words:
        score = 0.75
    elif len(core) < len(column_words) and column_words[-len(core) :] == core:
        score = 0.7
    elif (
        len(column_words) == 1 and len(core) == 1 and vocabulary.meaning(column_words[0]) & vocabulary.meaning(core[0])
    ):
        score = 0.6
    elif column_words[-1:] == ["uid"] and core == ["user"]:
        score = 0.7
    else:
        return 0.0
    mine = [_singular(t) for t in tokens_of(child.rpartition(".")[2])]
    shared = 0
    for one, other in zip(mine, table_words, strict=False):
        if one != other:
            break
        shared += 1
    return score + 0.1 * shared
