"""The German catalogue has what the sources say, whole and with the same places."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from babel.messages.catalog import Catalog

from hypercare.language.catalogue import read_catalogue
from hypercare.language.chosen import catalogue_of, languages
from hypercare.language.message import PLACE
from hypercare.language.update import as_text, untranslated, updated
from hypercare.target_file.config import ReportsSection

UPDATE = "python -m hypercare.language.update brings the catalogue up to date; then translate what is new in it"
# In another language the verb agrees by itself: such a place may be left out.
OF_GRAMMAR = {"do", "was", "were"}


@pytest.fixture(scope="module")
def german() -> Catalog:
    return read_catalogue(catalogue_of("de"))


def test_the_catalogue_holds_the_messages_of_the_sources(german: Catalog) -> None:
    assert catalogue_of("de").read_text(encoding="utf-8") == as_text(updated(german)), UPDATE


def test_every_message_that_a_report_may_show_is_translated(german: Catalog) -> None:
    assert untranslated(german) == []


def test_a_translation_has_the_places_of_its_message(german: Catalog) -> None:
    for entry in german:
        if entry.id and entry.string:
            places, there = PLACE.findall(str(entry.id)), PLACE.findall(str(entry.string))
            assert sorted(there) == sorted(set(there)), entry.id
            assert set(there) <= set(places) and set(places) - set(there) <= OF_GRAMMAR, entry.id


def test_what_is_said_of_one_or_of_several_is_whole(german: Catalog) -> None:
    for entry in german:
        text = re.sub(r"\[[^\[\]|]*\|[^\[\]|]*\]", "", str(entry.string)) if entry.id else ""
        assert "|" not in text or "|" in str(entry.id), entry.id


def test_the_target_file_takes_the_languages_that_there_are() -> None:
    assert sorted(get_args(ReportsSection.model_fields["language"].annotation)) == languages()
