"""The sentence of a finding fits the number that it carries."""

from __future__ import annotations

import pytest

from hypercare.outcome.finding import Finding
from hypercare.outcome.grammar import agreeing
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.redaction import Redactor
from hypercare.outcome.result import CheckResult


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1 people failed to log in 5 times or more.", "1 person failed to log in 5 times or more."),
        ("1 things were done since yesterday.", "1 thing was done since yesterday."),
        ("From 1 addresses, 20 or more log-ins failed.", "From 1 address, 20 or more log-ins failed."),
        ("Under 1 user names, log-ins failed.", "Under 1 user name, log-ins failed."),
        ("1 background jobs wait, as never before.", "1 background job waits, as never before."),
        ("1 record(s) break a rule.", "1 record breaks a rule."),
        ("3 record(s) break a rule.", "3 records break a rule."),
        ("The logs tell of 1 crash(es).", "The logs tell of 1 crash."),
        ("The logs tell of 1,001 crash(es).", "The logs tell of 1,001 crashes."),
        ("1 open incident(s) were not acknowledged.", "1 open incident was not acknowledged."),
        ("21 time(s) today nobody asked.", "21 times today nobody asked."),
        ("1 of 398 final sales have a total of 4.", "1 of 398 final sales has a total of 4."),
        ("1 of 9 people who were expected have not come.", "1 of 9 people who were expected has not come."),
        ("1 of 3 sales became final before they were entered.", "1 of 3 sales became final before they were entered."),
        ("In 1 of 4 branches, few of those at work are seen.", "In 1 of 4 branches, few of those at work are seen."),
        ("1 of 9 orders should have been done.", "1 of 9 orders should have been done."),
        ("11 of 28 people have not come.", "11 of 28 people have not come."),
        ("3 people failed 1 of 7 times.", "3 people failed 1 of 7 times."),
        ("The status is 1 as before.", "The status is 1 as before."),
        ("2.1 days are usual, 31 things are more.", "2.1 days are usual, 31 things are more."),
        ("Page 1 does not answer.", "Page 1 does not answer."),
        ("Nothing is wrong.", "Nothing is wrong."),
        ("", ""),
    ],
)  # fmt: skip
def test_nouns_and_verbs_fit_their_number(written: str, said: str) -> None:
    assert agreeing(written) == said


def test_what_is_recorded_of_a_check_is_said_so() -> None:
    found = Finding(sentence="1 people have left.", besides=(Finding(sentence="2 rule(s) are broken."),))
    base = CheckResult(nodeid="t.py::t", items=("verify.costs",), outcome=Outcome.FAILED, level=Level.L2)
    assert base.saying(found, Redactor()).sentence == "1 person has left. Besides: 2 rules are broken."
