"""A history of its own for each test, and receivers that are always stopped."""

import pytest

from hypercare.history.store import History
from tests.notification.receivers import mail_receiver, web_receiver


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path / "history.sqlite", "shop")
    yield opened
    opened.close()


@pytest.fixture
def web():
    with web_receiver() as receiver:
        yield receiver


@pytest.fixture
def post_office():
    with mail_receiver() as receiver:
        yield receiver
