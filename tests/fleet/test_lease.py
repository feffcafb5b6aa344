"""While a round runs its claim is renewed beside it; one that has lost it is interrupted."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from hypercare.fleet.lease import kept_up
from hypercare.history import tables
from hypercare.history.claims import Claim, claim_round, occurrence_of
from hypercare.history.instants import stored
from hypercare.history.store import History
from tests.history.conftest import lite
from tests.history.remembering import ELSEWHERE, NINE, config_of

__all__ = ["lite"]

OFTEN = timedelta(milliseconds=5)
LONG_AGO = stored(datetime.now(UTC) - timedelta(days=1))


@pytest.fixture
def claim(lite: History) -> Claim:
    config = config_of()
    made = claim_round(lite, occurrence_of(config, "morning", NINE), ELSEWHERE, timedelta(minutes=3))
    assert isinstance(made, Claim)
    return made


def test_it_is_renewed_for_as_long_as_the_round_runs(lite: History, claim: Claim) -> None:
    with lite.writing() as connection:
        connection.execute(update(tables.claims).values(until=LONG_AGO))
    with kept_up(lite, claim, timedelta(minutes=20), OFTEN):
        while _until(lite) == LONG_AGO:
            time.sleep(0.005)
    assert _until(lite) > stored(datetime.now(UTC))


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_IGN], ids=["foreground", "background"])
def test_a_round_whose_claim_is_anothers_by_now_is_interrupted(
    lite: History, claim: Claim, handler: signal.Handlers
) -> None:
    before = signal.signal(signal.SIGINT, handler)
    with lite.writing() as connection:
        connection.execute(delete(tables.claims))
    try:
        _is_interrupted(lite, claim)
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def _is_interrupted(lite: History, claim: Claim) -> None:
    with pytest.raises(KeyboardInterrupt), kept_up(lite, claim, timedelta(minutes=20), OFTEN):
        while True:
            time.sleep(0.005)


def _until(history: History) -> str:
    with history.reading() as connection:
        until: str = connection.execute(select(tables.claims.c.until)).scalar_one()
    return until
