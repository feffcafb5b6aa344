"""Sentences of findings, which are written for several records, made to agree with how many there are."""

from __future__ import annotations

import re

_EITHER = re.compile(r"(?P<number>[\d,.]*\d)(?P<between>(?: [a-z-]+){0,2}) (?P<thing>[a-z-]+)\((?P<ending>s|es)\)")
_SEVERAL = re.compile(
    r"(?<![\w.,])1 (?P<kind>(?:user |background |open |final |void |new )?)(?P<thing>[a-z-]+)(?![\w-])"
)
_PART = re.compile(r"(?<![\w.,])1 of [\d,]+ ")
_WORD = re.compile(r"[A-Za-z'-]+|[.,;:(]")
_IRREGULAR = {"people": "person", "addresses": "address", "branches": "branch"}
# Few words, since many others that end so are none: "page 1 does not answer".
_REGULAR = (
    "account cost day draft error hour issue job log-in minute name order payment product record request round rule "
    "sale second start step thing time"
)
_SINGULAR = _IRREGULAR | {f"{word}s": word for word in _REGULAR.split()}
_REGULAR_VERBS = "belong break come count differ hold keep lack lie log name point say show stand state take tell wait"
_OF_ONE = {"are": "is", "were": "was", "have": "has", "do": "does"} | {
    verb: f"{verb}s" for verb in _REGULAR_VERBS.split()
}
# Every word that may stand otherwise of one thing than of many.
SINGULAR_OF = {**_SINGULAR, **_OF_ONE, "had": "has"}
_RELATIVE = {"who", "that", "which"}
# What follows is said of something else.
_MODAL = {"can", "cannot", "could", "did", "may", "might", "must", "should", "will", "would"}
_ENDS_CLAUSE = _MODAL | {
    *(".", ",", ";", ":", "("),
    *("after", "although", "before", "nobody", "nothing", "so", "than", "they", "though", "to", "unlike", "while"),
    "whose",
}


def agreeing(sentence: str) -> str:
    """A sentence whose nouns and verbs fit its numbers: "1 person has", "3 records break", of what is written for many.

    Only what is sure is changed; a verb of which the subject cannot be told stays in the plural.
    """
    for pattern, singular in ((_EITHER, _either), (_SEVERAL, _one), (_PART, _part)):
        at = 0
        while found := pattern.search(sentence, at):
            words, is_one = singular(found)
            rest = sentence[found.end() :]
            sentence = sentence[: found.start()] + words + (_with_its_verb(rest) if is_one else rest)
            at = found.start() + len(words)
    return sentence


def _either(found: re.Match[str]) -> tuple[str, bool]:
    """ "1 rule(s)" is "1 rule", "2 rule(s)" is "2 rules"."""
    is_one = found["number"] == "1"
    ending = "" if is_one else found["ending"]
    return f"{found['number']}{found['between']} {found['thing']}{ending}", is_one


def _one(found: re.Match[str]) -> tuple[str, bool]:
    word = _SINGULAR.get(found["thing"])
    return (f"1 {found['kind']}{word}", True) if word else (found[0], False)


def _part(found: re.Match[str]) -> tuple[str, bool]:
    return found[0], True


def _with_its_verb(rest: str) -> str:
    """The rest of a clause about one thing, with the verb that belongs to it in the singular."""
    is_relative = False
    for word in _WORD.finditer(rest):
        text = word.group()
        if text in _ENDS_CLAUSE:
            break
        if text in _RELATIVE:
            is_relative = True
        elif text in _OF_ONE or (is_relative and text == "had"):
            if not is_relative:
                return f"{rest[: word.start()]}{_OF_ONE[text]}{rest[word.end() :]}"
            is_relative = False
    return rest
