"""What nothing but the past tells is a question to a person, with the records that it is about."""

import pytest

from hypercare.outcome.expect import NumbersInWords, ask_about
from hypercare.outcome.found import Found
from hypercare.outcome.signals import AwaitingPerson


def question(found: NumbersInWords) -> str:
    return f"{found.count} of {found.of} sales lack a customer. Is that meant?"


def test_nothing_is_asked_about_nothing():
    ask_about(Found(count=0, of=12), question)


def test_the_question_names_the_records():
    found = Found(
        count=2, of=1200, sample=[{"sale": "S-17", "lacks": "customer"}, {"sale": "S-18", "lacks": "customer"}]
    )
    with pytest.raises(AwaitingPerson) as asked:
        ask_about(found, question)
    assert asked.value.question == (
        "2 of 1,200 sales lack a customer. Is that meant? (sale: S-17, lacks: customer; sale: S-18, lacks: customer)"
    )
