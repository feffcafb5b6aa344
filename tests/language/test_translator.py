"""A text is translated by the message that made it; what is nobody's message stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypercare.language.catalogue import translator_of
from hypercare.language.message import Message
from hypercare.language.translator import Translator

GERMAN = translator_of("de")


@pytest.mark.parametrize(
    ("english", "german"),
    [
        (
            "3 of 2,399 final sales have a total that is not the sum of their lines; 1,234.50 EUR is at stake.",
            "3 von 2.399 abgeschlossenen Verkäufen haben eine Summe, die nicht die ihrer Positionen ist; "
            "es geht um 1.234,50 EUR.",
        ),
        # One is said otherwise than many, as grammar wrote it.
        (
            "1 of 2,399 final sales has a total that is not the sum of their lines; 41.00 EUR is at stake.",
            "1 von 2.399 abgeschlossenen Verkäufen hat eine Summe, die nicht die ihrer Positionen ist; "
            "es geht um 41,00 EUR.",
        ),
        # A message within a message.
        (
            "12 of 13 items were looked at, and everything that was looked at holds.",
            "12 von 13 Prüfpunkten wurden angesehen, und alles davon ist in Ordnung.",
        ),
        ("67 of 75 items were looked at; 4 items failed, 2 of them critical.", None),
        # Two that were put one behind the other.
        ("No incident is open. Nothing could be looked at.", "Kein Vorfall ist offen. Nichts konnte geprüft werden."),
        ("12 hold and 1 blocked", "12 in Ordnung und 1 blockiert"),
        ("Branch GAR", "Filiale GAR"),
        ("answered at 12:20 by J. Lindqvist", "angenommen um 12:20 von J. Lindqvist"),
    ],
)
def test_a_text_is_recognised_by_the_message_that_made_it(english: str, german: str | None) -> None:
    told = GERMAN.text(english)
    if german is not None:
        assert told == german
    assert " of " not in told and "were" not in told.split()


@pytest.mark.parametrize(
    "name",
    [
        "Smith and Sons",
        "House of Lace, by Anna",
        "Nothing Hill Ltd",
        "Failed",
        "GAR-2026-000814",
        "https://shop.example/sales and more",
        "Please call the customer and the tailor",
        "",
        "   ",
    ],
)
def test_a_name_within_a_sentence_stays(name: str) -> None:
    told = GERMAN.text(f"Branch {name}" if name.strip() else name)
    assert told.endswith(name)


def test_a_translation_says_as_many_as_there_are() -> None:
    some = Translator("de", [Message("{number} items are late", "{number} [Punkt ist|Punkte sind] spät")])
    assert [some.text(f"{number} items are late") for number in (0, 2)] == ["0 Punkte sind spät", "2 Punkte sind spät"]
    assert some.text("1 item is late") == "1 Punkt ist spät"


@given(st.text(alphabet=st.characters(exclude_categories=("L",)), max_size=80))
def test_a_text_without_a_word_loses_nothing(text: str) -> None:
    kept = [character for character in GERMAN.text(text) if not character.isspace() and character not in ".,"]
    assert kept == [character for character in text if not character.isspace() and character not in ".,"]


def test_a_hostile_text_takes_no_more_looks_than_it_has_parts() -> None:
    fresh = Translator("de", [Message("{a} of {b} and {c}", "{a} von {b} und {c}"), Message("and", "und")])
    looks: list[str] = []
    look_up = fresh._looked_up

    def counted(core: str, is_one: bool, depth: int) -> str | None:
        looks.append(core)
        return look_up(core, is_one, depth)

    fresh._phrase = counted  # type: ignore[assignment]
    fresh.text("1 of 2 and 3; " * 200)
    assert len(looks) < 20_000
