"""The language in which reports and messages are made, as the target file says it: English where it says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ENGLISH = "en"
_CATALOGUES = Path(__file__).parent / "catalogues"


@dataclass
class _Choice:
    """One for the whole process, which deals with one target; its threads have it, too."""

    language: str = ENGLISH


_choice = _Choice()


def languages() -> list[str]:
    """The languages that there is a catalogue of, and English."""
    return sorted({ENGLISH, *(path.stem for path in _CATALOGUES.glob("*.po"))})


def catalogue_of(language: str) -> Path:
    return _CATALOGUES / f"{language}.po"


def choose(language: str) -> None:
    """Make reports and messages in a language from now on."""
    _choice.language = language


def chosen() -> str:
    return _choice.language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make what is made within the block in a language."""
    before = _choice.language
    choose(language)
    try:
        yield
    finally:
        choose(before)
