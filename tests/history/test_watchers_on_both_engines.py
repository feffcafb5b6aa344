"""Several machines that watch one history send each message once, on SQLite and on PostgreSQL."""

from collections import Counter

import pytest

from hypercare.escalation.changes import ChangeKind
from hypercare.history.store import History
from hypercare.notification.notifier import Notifier
from hypercare.notification.watch import watch_once
from tests.notification.changes import HOSTILE, NOW, change, config_with, incident
from tests.notification.receivers import web_receiver

ROUTES = [f"route-{number}" for number in range(6)]
STRANGE = f"{HOSTILE}\x00\ud800"


@pytest.fixture
def web():
    with web_receiver() as receiver:
        yield receiver


def config_of(web):
    return config_with(
        *({"name": name, "url": f"{web.url}/{name}", "form": "data"} for name in ROUTES), messages={"together_from": 99}
    )


def changes():
    return [change(event=number, one=incident(number, sentence=STRANGE), by=STRANGE) for number in range(1, 6)]


def watched(url, config):
    history = History(url, "shop")
    Notifier(history, config).tell(changes(), None, NOW)
    watch_once(history, config, NOW)
    history.close()


@pytest.mark.long
def test_watchers_that_look_at_once_send_each_message_once(history, web, at_once):
    config = config_of(web)
    Notifier(history, config).tell([], None, NOW)
    at_once(watched, [(history.url, config)] * 4)
    keys = Counter((path.strip("/"), message["key"]) for path, message in zip(web.paths(), web.messages(), strict=True))
    assert keys == Counter((name, f"incident:{number}:event:{number}") for name in ROUTES for number in range(1, 6))


def test_what_the_target_says_can_be_kept_by_every_engine(history, web):
    config = config_of(web)
    notifier = Notifier(history, config)
    notifier.tell(changes(), None, NOW)
    notifier.tell([change(ChangeKind.RESOLVED, 9, incident(1, sentence=STRANGE))], None, NOW)
    notifier.deliver(NOW)
    assert notifier.outbox.waiting() == []
    assert {path.strip("/") for path in web.paths()} == set(ROUTES)
