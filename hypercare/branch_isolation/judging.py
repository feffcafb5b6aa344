"""Whether what one person was shown holds records of another's branch, beside what those themselves are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypercare.branch_isolation.answers import BranchWords, Record, key_of, name_of
from hypercare.branch_isolation.ownership import Verdict, judged_records

# So many keys on each side without one in common are no coincidence: keys are given once for all branches.
_LEAST_KEYS = 3


@dataclass(frozen=True)
class View:
    """What somebody of `branch` is shown by one operation."""

    branch: str
    records: Sequence[Record]


@dataclass(frozen=True)
class Judgement:
    """`record` names one of another's, where there is any; `why_unsure` says why it cannot be told."""

    verdict: Verdict
    record: str = ""
    why_unsure: str = ""


def judged_views(shown: View, theirs: View, words: BranchWords) -> Judgement:
    """Whether `shown` holds records of the branch whose people are shown `theirs`.

    A record belongs to a branch by the field in which that branch's own people find theirs; one that names the asker's
    branch besides is theirs as well. Where no record names a branch, those of one key are held against each other.
    """
    if not shown.records:
        return Judgement(Verdict.OWN)
    fields = _fields_that_say(theirs, words)
    if fields:
        others = [
            record for record in shown.records if _is_anothers(record, shown.branch, theirs.branch, fields, words)
        ]
        if others:
            return Judgement(Verdict.OTHERS, _called(others[0]))
        return Judgement(Verdict.OWN)
    return _by_key(shown, theirs, words)


def keys_are_given_once(one: View, other: View) -> bool:
    """Whether two branches' lists show that no key is given in both."""
    keys = [{key for record in view.records if (key := key_of(record))} for view in (one, other)]
    return min(map(len, keys)) >= _LEAST_KEYS and not keys[0] & keys[1]


def _fields_that_say(view: View, words: BranchWords) -> frozenset[str]:
    """The fields in which a branch's own people find that branch."""
    return frozenset(
        field
        for record in view.records
        for field, branches in words.named_in(record).items()
        if view.branch in branches
    )


def _is_anothers(record: Record, mine: str, theirs: str, fields: frozenset[str], words: BranchWords) -> bool:
    named = words.named_in(record)
    if any(mine in branches for branches in named.values()):
        return False
    return any(theirs in branches for field, branches in named.items() if field in fields)


def _by_key(shown: View, theirs: View, words: BranchWords) -> Judgement:
    owned = {key: record for record in theirs.records if (key := key_of(record))}
    pairs = [(key, record, owned[key]) for record in shown.records if (key := key_of(record)) in owned and key]
    verdict = judged_records(pairs, words.words_of_others(shown.branch))
    if verdict is Verdict.UNSURE:
        return Judgement(verdict, pairs[0][0], "the answers are alike and name no branch")
    if verdict is Verdict.OWN and not owned and theirs.records:
        return Judgement(Verdict.UNSURE, why_unsure="what it shows names neither a branch nor a key")
    return Judgement(verdict, pairs[0][0] if pairs else "")


def _called(record: Record) -> str:
    return name_of(record) or key_of(record) or "a record"
