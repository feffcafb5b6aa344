"""What is to be told is written down first: once, for each route once, and taken by one process only."""

import threading
from datetime import timedelta

from sqlalchemy import update

from hypercare.escalation.changes import ChangeKind
from hypercare.history import tables
from hypercare.history.store import History
from hypercare.notification.incident_words import incident_message
from hypercare.notification.message import Kind
from hypercare.notification.outbox import LEASE, Outbox, QueuedMessage, State
from tests.notification.changes import NOW, change, config_with

SOON = NOW + timedelta(minutes=1)
CONFIG = config_with()


def told(event=1, routes=("mail",), at=NOW):
    return QueuedMessage(incident_message(change(event=event), CONFIG), dict.fromkeys(routes, at))


def test_telling_the_same_twice_is_telling_it_once(history):
    outbox = Outbox(history)
    assert outbox.put([told(), told()], NOW) == {"incident:12:event:1"}
    assert outbox.put([told(routes=("mail", "chat"))], NOW) == set()
    assert outbox.routes_due(NOW) == ["mail"]
    assert len(outbox.take("mail", NOW)) == 1


def test_a_message_is_as_it_was_when_it_is_taken(history):
    outbox = Outbox(history)
    outbox.put([told()], NOW)
    assert outbox.take("mail", NOW)[0].message == told().message


def test_nothing_is_due_before_its_time(history):
    outbox = Outbox(history)
    outbox.put([told(at=SOON)], NOW)
    assert outbox.take("mail", NOW) == []
    assert len(outbox.take("mail", SOON)) == 1


def test_what_one_process_has_taken_no_other_gets_until_it_is_taken_for_dead(history):
    outbox = Outbox(history)
    outbox.put([told()], NOW)
    (first,) = outbox.take("mail", NOW)
    assert outbox.take("mail", NOW + LEASE / 2) == []
    (second,) = outbox.take("mail", NOW + LEASE)
    outbox.failed([first], "late words of the dead", SOON)
    outbox.sent([second], NOW + LEASE)
    assert outbox.waiting() == []


def test_the_history_of_another_target_is_not_ours(history):
    others = Outbox(History(history.url, "another shop"))
    others.put([told()], NOW)
    assert Outbox(history).routes_due(NOW) == []
    assert Outbox(history).put([told()], NOW) == {"incident:12:event:1"}


def test_whoever_was_told_of_an_incident_is_known(history):
    outbox = Outbox(history)
    outbox.put([told(routes=("mail", "chat"))], NOW)
    outbox.mark_left_out(outbox.take("chat", NOW), "not wanted")
    assert outbox.told_of("incident:12:") == {"mail"}
    assert outbox.told_of("incident:1:") == set()


def test_what_waits_is_listed_with_its_trouble_and_can_be_hurried(history):
    outbox = Outbox(history)
    outbox.put([told(event=1), told(event=2)], NOW)
    first, second = outbox.take("mail", NOW)
    outbox.failed([first], "no answer", SOON)
    outbox.given_up([second], "no answer")
    assert [(one.state, one.attempts, one.trouble) for one in outbox.waiting()] == [
        (State.WAITING, 1, "no answer"),
        (State.GIVEN_UP, 1, "no answer"),
    ]
    assert outbox.hurry(NOW) == 2
    assert [one.attempts for one in outbox.take("mail", NOW)] == [0, 0]


def test_a_message_that_another_version_wrote_is_sent_by_its_words(history):
    outbox = Outbox(history)
    outbox.put([told()], NOW)
    with history.writing() as connection:
        connection.execute(update(tables.messages).values(content={"version": 9}))
    (one,) = outbox.take("mail", NOW)
    assert one.message.title == "L2 technical: The shop's page 12 does not answer."
    assert outbox.newest(Kind.INCIDENT) == one.message


def test_whoever_takes_at_once_never_takes_the_same(history):
    routes = [f"route {number}" for number in range(12)]
    Outbox(history).put([told(event=number, routes=routes) for number in range(1, 6)], NOW)
    taken, start = [], threading.Barrier(4)

    def work():
        own = History(history.url, "shop")
        start.wait()
        for route in routes:
            taken.extend(one.id for one in Outbox(own).take(route, NOW))
        own.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(taken) == list(range(1, 61))


def test_changes_are_written_with_how_far_they_go(history):
    outbox = Outbox(history)
    assert outbox.told_up_to is None
    outbox.put_changes([], None, NOW)
    assert outbox.told_up_to == 0
    outbox.put_changes([told(event=7)], 7, NOW)
    assert outbox.told_up_to == 7
    assert incident_message(change(ChangeKind.LATE, 7), CONFIG).key == told(event=7).message.key
