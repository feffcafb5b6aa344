"""What people read: each change of an incident in words, in every form, whatever the target says."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hypercare.escalation.changes import ChangeKind
from hypercare.notification.forms import chat_with_title, fitted, mail, plain, plain_with_title, short
from hypercare.notification.incident_words import incident_message
from hypercare.notification.message import Kind, Listing, Message, Mood, Paragraph
from hypercare.notification.webhook import data
from hypercare.outcome.level import Level
from tests.notification.changes import HOSTILE, LINK, NOW, change, config_with, incident

LATER = NOW + timedelta(hours=5)
ACKED = {"acknowledged": NOW + timedelta(minutes=20), "acknowledged_by": "Anna"}
SENTENCE = "The shop's page 12 does not answer."


@pytest.mark.parametrize(
    ("told", "title", "mood", "words"),
    [
        (
            change(one=incident(blocked=("b.c", "d.e"), branches=("Berlin",))),
            f"L2 technical: {SENTENCE}",
            Mood.WARN,
            [
                "Incident: 12, L2 technical, since 09:03",
                "Where: Berlin",
                "Cannot be looked at meanwhile: 2 items",
                "To answer: System administrator, by 10:03",
                "hypercare ack 12 --by NAME",
            ],
        ),
        (change(one=incident(level=Level.L3)), f"L3 critical: {SENTENCE}", Mood.BAD, []),
        (
            change(ChangeKind.REOPENED, one=incident(begun=3)),
            f"Back again, L2 technical: {SENTENCE}",
            Mood.WARN,
            ["It has begun 3 times."],
        ),
        (
            change(ChangeKind.RAISED, one=incident(level=Level.L3, who="The owner")),
            f"Now L3 critical: {SENTENCE}",
            Mood.BAD,
            ["The owner has to act."],
        ),
        (
            change(ChangeKind.FLAPPING),
            f"Comes and goes, L2 technical: {SENTENCE}",
            Mood.WARN,
            ["You hear of it again when it stays or is over."],
        ),
        (
            change(ChangeKind.ACKNOWLEDGED, one=incident(**ACKED), by="Anna", note="The disk is full."),
            f"Anna is on it: {SENTENCE}",
            Mood.PLAIN,
            ["The disk is full.", "On it: Anna, since 09:23"],
        ),
        (
            change(ChangeKind.LATE, at=LATER, notified=(Level.L2, Level.L3)),
            f"Nobody has answered, L2 technical: {SENTENCE}",
            Mood.WARN,
            [
                "System administrator did not answer in time. It is now told to Owner and technical team as well.",
                "Should have been answered: by 10:03",
            ],
        ),
        (
            change(ChangeKind.LATE, at=LATER, one=incident(level=Level.L3)),
            f"Nobody has answered, L3 critical: {SENTENCE}",
            Mood.BAD,
            ["Owner and technical team did not answer in time, and there is no level above."],
        ),
        (
            change(ChangeKind.REMINDED, one=incident(**ACKED), at=LATER),
            f"Still open after 5 h: {SENTENCE}",
            Mood.WARN,
            ["Anna is on it; nothing has been heard of it since.", "hypercare note 12 TEXT --by NAME"],
        ),
        (
            change(ChangeKind.REMINDED, at=LATER + timedelta(days=1)),
            f"Still open after 29 h: {SENTENCE}",
            Mood.WARN,
            ["Nobody has answered yet.", "since Thu 15 Jan 09:03"],
        ),
        (
            change(ChangeKind.RESOLVED, one=incident(**ACKED), at=LATER),
            f"Over: {SENTENCE}",
            Mood.GOOD,
            ["It holds again after 5 h; Anna was on it."],
        ),
        (
            change(ChangeKind.RESOLVED, at=LATER, by="Ben", note="Replaced."),
            f"Over: {SENTENCE}",
            Mood.GOOD,
            ["Ben says that it is resolved, after 5 h.", "Replaced."],
        ),
    ],
)
def test_each_change_is_said_in_words(told, title, mood, words):
    message = incident_message(told, config_with())
    assert (message.title, message.mood) == (title, mood)
    text = plain(message)
    assert [part for part in words if part not in text] == []
    assert text.endswith(f"Report: {LINK}")


def test_a_resolved_incident_asks_nobody_to_do_anything():
    message = incident_message(change(ChangeKind.RESOLVED, at=LATER), config_with())
    assert "hypercare" not in plain(message)
    assert "answer" not in plain(message).replace("nobody had answered", "").replace("does not answer", "")


def hostile_message(**more):
    return incident_message(change(one=incident(sentence=HOSTILE, who=HOSTILE, **more)), config_with())


def test_what_the_target_says_is_one_line_without_signs_that_steer():
    message = hostile_message()
    assert all("\n" not in text and "\r" not in text for text in message.texts())
    turned = incident_message(change(one=incident(sentence="a\u202eb\x00c\ud800d")), config_with())
    assert turned.title == "L2 technical: a b\ufffdc\ufffdd"


def test_markdown_of_a_chat_holds_no_link_or_mention_of_the_targets():
    tokens = MarkdownIt().parse(chat_with_title(hostile_message()))
    inline = [child for token in tokens for child in token.children or []]
    assert [one.attrs["href"] for one in inline if one.type == "link_open"] == [LINK]
    shown = "".join(one.content for one in inline)
    assert "[here](http:\u200b//evil.test) *now*" in shown
    assert "@everyone" not in shown
    assert "<!channel>" not in shown
    assert not [one for one in inline if one.type in {"em_open", "html_inline", "image"}]


def test_plain_text_calls_nobody():
    text = plain_with_title(hostile_message())
    assert "@everyone" not in text
    assert "all@shop.test" in text


def test_html_of_a_mail_shows_markup_of_the_targets_as_text():
    html = mail(hostile_message())
    assert "&lt;b&gt;It&lt;/b&gt;" in html
    assert "<b>It</b>" not in html
    assert html.count("<a ") == 1


@given(st.text(max_size=700), st.sampled_from([70, 160, 400]))
def test_a_text_for_a_telephone_is_never_too_long(sentence, limit):
    message = incident_message(change(one=incident(sentence=sentence)), config_with())
    text = short(message, limit)
    assert len(text) <= limit
    assert text.startswith("Corner Shop: Incident 12: L2 technical:")
    assert "\n" not in text


def test_a_text_for_a_telephone_has_the_link_when_there_is_room():
    assert short(incident_message(change(), config_with())).endswith(LINK)
    long_link = config_with(reports={"link": f"https://shop.test/{'x' * 120}"})
    assert short(incident_message(change(), long_link)).endswith("does not answer.")


def a_listing(number):
    return Message(
        key="k",
        kind=Kind.DIGEST,
        target="Corner Shop",
        title="A title",
        line="A line",
        at=NOW,
        link=LINK,
        blocks=(Paragraph(text="First."), Listing(title="These", lines=tuple(f"line {n}" for n in range(number)))),
    )


@pytest.mark.parametrize("write", [plain_with_title, chat_with_title, mail])
@pytest.mark.parametrize(("lines", "limit"), [(200, 700), (200, 1100), (3, 1100)])
def test_what_is_too_long_loses_lines_and_says_so_but_not_its_title_and_link(write, lines, limit):
    text = fitted(a_listing(lines), write, limit)
    assert len(text) <= limit
    assert "A title" in text
    assert LINK in text
    left_out = lines - text.count("line ")
    assert (f"{left_out} more" in text or f"{left_out} of them" in text) == (left_out > 0)


def test_programs_get_the_same_as_data():
    told = data(incident_message(change(one=incident(level=Level.L3, branches=("Berlin",))), config_with()))
    assert {"schema": 1, "kind": "incident", "level": "L3", "mood": "bad", "key": "incident:12:event:1"}.items() <= (
        told.items()
    )
    assert {"change": "opened", "id": 12, "branches": ["Berlin"]}.items() <= told["data"].items()
    assert told["text"].startswith("Corner Shop: L3 critical: ")
