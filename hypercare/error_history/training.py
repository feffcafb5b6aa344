"""Which training would end a mistake of people: the one that a rule names, else what the words of it tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypercare.logs.errors import ErrorGroup, Errors
from hypercare.outcome.found import Found
from hypercare.target_file.sections.logs import LogRule

LOGGING_IN = "logging in, and what to do with a forgotten password"
# By the first that fits; words of frameworks, which most languages leave as they are, among them.
_BY_WORDS = (
    (
        re.compile(
            r"password|credential|log-?in|account (?:is )?locked|AuthenticationFailed|passwor[dt]|kennwort|contraseña"
            r"|mot de passe|senha|wachtwoord|has[łl]o|парол|密码|パスワード",
            re.IGNORECASE,
        ),
        LOGGING_IN,
    ),
    (re.compile(r"not allowed|permission|may not|forbidden", re.IGNORECASE), "who may do what, and whom to ask"),
    (
        re.compile(r"already (?:finalised|void|closed|taken|exists)", re.IGNORECASE),
        "what can no longer be changed, and how it is corrected",
    ),
    (re.compile(r"add up|amount|total|quantity", re.IGNORECASE), "how amounts and quantities are entered"),
    (
        re.compile(r"required|missing|invalid|validation|MethodArgumentNotValid|UserError|UserWarning", re.IGNORECASE),
        "what has to be filled in, and how",
    ),
)
_ANYTHING = "the step at which this is said"
_LEAST, _LEAST_PEOPLE, _TIMES_EACH = 10, 2, 3


def training_for(log: str, text: str, rules: Sequence[LogRule]) -> str:
    """What people have to be shown, for a mistake that reads so."""
    named = next((rule.training for rule in rules if rule.training and rule.fits(log, text)), "")
    return named or next((training for words, training in _BY_WORDS if words.search(text)), _ANYTHING)


def mistakes_of_several(errors: Errors) -> Found:
    """The mistakes of people that several of them make again and again, as a training would end it.

    Wrong passwords are none: how many of them are too many is asked of the log-ins.
    """
    mistakes = [group for group in errors.groups if group.by_user]
    needs = [group for group in mistakes if _is_a_need(group)]
    rows = [
        {"training": one.training, "says": one.sample, "times": one.count, "people": len(one.people)} for one in needs
    ]
    return Found.of_rows(rows, where=errors.source, of=len(mistakes))


def _is_a_need(group: ErrorGroup) -> bool:
    people = len(group.people)
    return people >= _LEAST_PEOPLE and group.count >= max(_LEAST, _TIMES_EACH * people) and group.training != LOGGING_IN
