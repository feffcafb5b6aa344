"""The catalogue of a language: a PO file, which any tool for translators reads."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypercare.language.chosen import catalogue_of
from hypercare.language.message import Message
from hypercare.language.translator import Translator

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog


def read_catalogue(path: Path) -> Catalog:
    """Read a PO file.

    Raises:
        OSError: it cannot be read.
    """
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file, charset="utf-8")


@cache
def translator_of(language: str) -> Translator:
    """What translates into a language that `languages` names; kept, since it takes half a second to make."""
    catalogue = read_catalogue(catalogue_of(language))
    told = ((str(entry.id), str(entry.string)) for entry in catalogue if entry.id and entry.string)
    return Translator(language, [Message(text, translation) for text, translation in told])
