"""What is due at one time is told in as few messages as make sense, and nothing of it is lost."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypercare.escalation.changes import ChangeKind
from hypercare.notification.batches import batches_of
from hypercare.notification.forms import plain
from hypercare.notification.incident_words import incident_message
from hypercare.notification.message import Kind, Message, Mood, Paragraph
from hypercare.notification.outbox import Due
from hypercare.outcome.level import Level
from tests.notification.changes import LINK, NOW, change, config_with, incident

CONFIG = config_with()


def due(*messages):
    return [Due(number, "claim", 0, message) for number, message in enumerate(messages, start=1)]


def opened(number, level=Level.L2, kind=ChangeKind.OPENED, event=None, minutes=0):
    at = NOW + timedelta(minutes=minutes)
    return incident_message(change(kind, event or number, incident(number, level=level), at), CONFIG)


def digest(number):
    words = f"Digest {number}"
    return Message(
        key=f"digest:{number}", kind=Kind.DIGEST, target="S", title=words, line=words, at=NOW, about="digest"
    )


def missed(number):
    return Message(
        key=f"missed:{number}",
        kind=Kind.MONITOR,
        target="S",
        title=f"Round {number} did not happen",
        line=f"Round {number} did not happen.",
        at=NOW,
        about="rounds",
        many="{count} rounds did not happen",
        blocks=(Paragraph(text="It was due."),),
    )


def test_a_few_changes_are_a_message_each():
    batches = batches_of(due(opened(1), opened(2), opened(3)), together_from=4)
    assert [batch.message.key for batch in batches] == [f"incident:{n}:event:{n}" for n in (1, 2, 3)]


def test_a_hundred_changes_at_once_are_one_message_that_names_the_weightiest_first():
    messages = [opened(number, Level.L3 if number in (57, 98) else Level.L2) for number in range(1, 101)]
    (batch,) = batches_of(due(*messages), together_from=4)
    assert batch.message.title == "100 incidents at once: 100 new, up to L3 critical"
    assert (batch.message.level, batch.message.mood, batch.message.link) == (Level.L3, Mood.BAD, LINK)
    lines = plain(batch.message).splitlines()
    named = [line for line in lines if line.startswith("- ")]
    assert named[0] == "- Incident 57: L3 critical: The shop's page 57 does not answer."
    assert named[1] == "- Incident 98: L3 critical: The shop's page 98 does not answer."
    assert named[-1] == "- and 80 more"
    assert len(batch.message.data["messages"]) == 100
    assert len(batch.holds) == 100


def test_what_they_are_is_counted_and_when_all_are_over_there_is_no_alarm():
    over = [opened(number, Level.L3, ChangeKind.RESOLVED) for number in range(1, 6)]
    (batch,) = batches_of(due(*over), together_from=4)
    assert (batch.message.title, batch.message.mood) == ("5 incidents at once: 5 over", Mood.GOOD)
    (batch,) = batches_of(due(*over, opened(6), opened(7, kind=ChangeKind.LATE)), together_from=4)
    assert batch.message.title == "7 incidents at once: 1 new, 1 not answered and 5 over, up to L2 technical"


def test_a_round_that_was_missed_does_not_hide_the_level_of_what_is_over():
    over = [opened(number, Level.L1, ChangeKind.RESOLVED) for number in (1, 2)]
    (batch,) = batches_of(due(*over, missed(1)), together_from=2)
    assert batch.message.level is Level.L1


def test_a_digest_that_comes_with_a_storm_is_part_of_it():
    (batch,) = batches_of(due(*(opened(number) for number in range(1, 6)), digest(1)), together_from=4)
    assert batch.message.title == "5 incidents at once: 5 new, up to L2 technical"
    assert plain(batch.message).startswith("Digest 1")


def test_what_happened_to_one_incident_since_is_one_message():
    story = (
        opened(1, minutes=0),
        opened(1, kind=ChangeKind.LATE, event=2, minutes=60),
        opened(1, kind=ChangeKind.RESOLVED, event=3, minutes=90),
    )
    (batch,) = batches_of(due(*story), together_from=4)
    assert batch.message.title == "Over: The shop's page 1 does not answer."
    assert plain(batch.message).count("The shop's page 1 does not answer.") == 2
    assert len(batch.holds) == 3


def test_of_several_digests_only_the_newest_is_sent():
    (batch,) = batches_of(due(digest(1), digest(2)), together_from=4)
    assert batch.message.title == "Digest 2"
    assert [one.id for one in batch.outdated] == [1]


def test_rounds_that_did_not_happen_are_told_in_one_message():
    (batch,) = batches_of(due(missed(1), missed(2), missed(3)), together_from=4)
    assert batch.message.title == "3 rounds did not happen"
    assert plain(batch.message).startswith("These:\n- Round 1 did not happen.\n- Round 2 did not happen.")


@pytest.mark.parametrize("again", [due, lambda *messages: due(*messages)])
def test_the_same_messages_together_have_the_same_key(again):
    messages = [opened(number) for number in range(1, 6)]
    (first,), (second,) = batches_of(due(*messages), 4), batches_of(again(*messages), 4)
    assert first.message.key == second.message.key
    assert first.message.key != batches_of(due(*messages[:4]), 4)[0].message.key


_ANY = st.one_of(
    st.builds(opened, st.integers(1, 6), st.sampled_from(Level), st.sampled_from(ChangeKind), st.integers(1, 99)),
    st.builds(digest, st.integers(1, 9)),
    st.builds(missed, st.integers(1, 9)),
)


@given(st.lists(_ANY, max_size=20), st.integers(2, 6))
def test_every_message_is_in_exactly_one_parcel(messages, together_from):
    waiting = due(*messages)
    batches = batches_of(waiting, together_from)
    found = [one.id for batch in batches for one in (*batch.holds, *batch.outdated)]
    assert sorted(found) == [one.id for one in waiting]
    assert sum(batch.message.kind is Kind.INCIDENT for batch in batches) < together_from
    levels = {one.message.level for one in waiting if one.message.level}
    if levels:
        assert max(levels) in {batch.message.level for batch in batches}
