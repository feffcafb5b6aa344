"""What a text holds is the same whichever kind of expression looks for it."""

from __future__ import annotations

import re

import pytest

from hypercare.logs import errors, searching
from hypercare.logs.searching import TextPattern
from tests.logs.test_words_of_damage import MENTIONED, TOLD

TEXTS = [
    *MENTIONED, *TOLD, "", "cannot execute INSERT in a read-only transaction", "MEMORYERROR", "killed", "was killed",
    "first\nKilled by the system", "errno 28", "errno 281",
    "SQLSTATE[XX001]", "wrong Password", "account is locked", "ungültig: falsches Passwort", "Неверный пароль",
    "Trop de clients sont déjà connectés", "DISK FULL", "é disk full é", "ſegmentation fault", "xENOSPC", "ENOSPCé",
]  # fmt: skip
PATTERNS = {
    "damage": errors._DEADLY,
    "writing refused": errors._MAY_NOT_WRITE,
    "a person refused": errors._BY_USER,
    "a word at the start of a line": r"^Killed\b",
}


@pytest.mark.parametrize("has_re2", [True, False])
@pytest.mark.parametrize("name", PATTERNS)
def test_both_kinds_of_expressions_find_the_same(name: str, has_re2: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not has_re2:
        monkeypatch.setattr(searching, "_re2", lambda: None)
    pattern = TextPattern(PATTERNS[name])
    expected = re.compile(PATTERNS[name], re.IGNORECASE | re.MULTILINE)
    assert [pattern.found_in(text) for text in TEXTS] == [expected.search(text) is not None for text in TEXTS]
    assert any(map(pattern.found_in, TEXTS))
