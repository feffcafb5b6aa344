"""Whoever writes a target file is told in which words each field speaks, and what each limit means."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hypercare.target_file.entities import ENTITIES, FURTHER_WORDS, VOCABULARY
from hypercare.target_file.reference import PAGE, reference_page
from hypercare.target_file.sections.limits import LimitsSection

PROJECT = Path(__file__).parents[2]
FOLDERS = ("operations_model", "operations", "costs", "habits", "integrity")
SOURCES = (
    *(path for folder in FOLDERS for path in sorted((PROJECT / "hypercare" / folder).rglob("*.py"))),
    *sorted(PROJECT.glob("tests_*/*.py")),
)
KNOWN = {field: set(words) for (_, field), words in FURTHER_WORDS.items()}
OF_STATES = {word for words in VOCABULARY.values() for word in words}


def _texts() -> Iterator[str]:
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _asked_for() -> Iterator[tuple[str, str]]:
    """Each field with a word that a question asks it for."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"is_", "is_not"}
            ):
                field, *words = [one.value for one in node.args if isinstance(one, ast.Constant)] or [None]
                yield from ((str(field), str(word)) for word in words)


def test_page_is_what_the_model_says():
    assert (PROJECT / PAGE).read_text(encoding="utf-8") == reference_page()


@pytest.mark.parametrize("limit", LimitsSection.model_fields)
def test_every_limit_says_what_it_means(limit):
    assert LimitsSection.model_fields[limit].description


def test_every_word_that_a_question_asks_for_is_told():
    asked = set(_asked_for())
    assert ("account", "revenue") in asked
    for field, word in asked:
        assert word in (OF_STATES if field == "state" else KNOWN[field]), f"{field} is asked for {word}"


def test_every_action_that_is_asked_for_is_told():
    actions = {
        text
        for text in _texts()
        if re.fullmatch(r"(sale|step|cost)\.(create|enter|update|start|finish|delete|void|finalise)", text)
    }
    assert actions == {word for word in KNOWN["action"] if "." in word}


@pytest.mark.parametrize(("entity", "field"), FURTHER_WORDS)
def test_nothing_is_told_of_words_that_nobody_asks_for(entity, field):
    assert field in ENTITIES[entity]
    assert set(FURTHER_WORDS[entity, field]) <= set(_texts())
