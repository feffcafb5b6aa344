"""Promises of leaving nothing behind."""

from __future__ import annotations

from hypercare.clients.accounts import Accounts
from hypercare.clients.client import Client, SystemRefused
from hypercare.conformance.fault_proxy import FaultProxy
from hypercare.conformance.ground import Ground
from hypercare.conformance.promise import Broken, Promise, require
from hypercare.outcome.signals import Signal
from hypercare.target_file.business_terms import Task
from hypercare.trials.synthetic import Synthetic, TrialSale

_REASON = "Trial of an adapter, undone"


class _OnPurpose(Exception):
    """Something that breaks in the middle of a check."""


def _undoes_a_draft(ground: Ground) -> None:
    with ground.client_for(Task.SELL) as client, ground.synthetic.sale(client) as trial:
        try:
            _require_undone(ground, client, trial)
        except SystemRefused:
            with ground.client_for(Task.UNDO) as overseer:
                _require_undone(ground, overseer, trial)


def _undoes_a_final_sale(ground: Ground) -> None:
    with ground.client_for(Task.SELL) as client, ground.synthetic.sale(client) as trial:
        trial.finalise()
        with ground.client_for(Task.UNDO) as overseer:
            _require_undone(ground, overseer, trial)


def _require_undone(ground: Ground, client: Client, trial: TrialSale) -> None:
    key, state = trial.sale.key, trial.sale.state
    client.undo_sale(key, _REASON)
    _require_gone(client, key, f"undo_sale() leaves a {state} sale as it was")
    # A client that only says so may be believed by itself; somebody else's look tells.
    with ground.client_for(Task.UNDO) as another:
        _require_gone(another, key, f"undo_sale() only pretends: another client still shows the {state} sale")


def _require_gone(client: Client, key: str, otherwise: str) -> None:
    after = client.read_sale(key)
    require(after is None or after.state == "void", f"{otherwise} ({after.state if after else ''})")


def _undoes_twice(ground: Ground) -> None:
    with ground.client_for(Task.SELL) as client, ground.synthetic.sale(client) as trial:
        key = trial.sale.key
        try:
            client.undo_sale(key, _REASON)
        except SystemRefused:
            with ground.client_for(Task.UNDO) as overseer:
                overseer.undo_sale(key, _REASON)
                _undo_again(overseer, key)
        else:
            _undo_again(client, key)


def _undo_again(client: Client, key: str) -> None:
    try:
        client.undo_sale(key, _REASON)
    except Signal as signal:
        raise Broken(f"undoing what is undone raised {type(signal).__name__}: {signal}") from None
    _require_gone(client, key, "undoing it twice brought it back")


def _cleans_up_after_an_exception(ground: Ground) -> None:
    key = ""
    try:
        with ground.client_for(Task.SELL) as client, ground.synthetic.sale(client) as trial:
            key = trial.sale.key
            raise _OnPurpose
    except _OnPurpose:
        pass
    with ground.client_for(Task.UNDO) as overseer:
        _require_gone(overseer, key, "an exception in the middle of a trial leaves its sale standing")


def _finds_a_lost_answer(ground: Ground) -> None:
    """The system makes the sale, and the line breaks before it can say so."""
    with FaultProxy.before(ground) as fault_proxy, ground.elsewhere(fault_proxy.url) as api:
        accounts = Accounts(api.target)
        synthetic = Synthetic(api.target, accounts, (ground.way,))
        try:
            with accounts.client_for(api, Task.SELL) as client:
                _warm(synthetic, client)
                fault_proxy.swallows_next_change = True
                try:
                    with synthetic.sale(client):
                        pass
                except Signal:
                    pass
                else:
                    raise Broken("create_sale() answered although no answer ever came")
            left = synthetic.journal.open_now()
            require(not left, "a sale whose answer was lost on the way is not found by its reference and undone")
        finally:
            synthetic.close()


def _warm(synthetic: Synthetic, client: Client) -> None:
    """One trial that goes well, so that only the second one's creation is cut off."""
    with synthetic.sale(client):
        pass


def _nothing_is_left(ground: Ground) -> None:
    left = ground.synthetic.sweep()
    shown = ", ".join(str(row["number"] or row["key"] or row["reference"]) for row in left.sample)
    require(left.count == 0, f"{left.count} trial sales still stand: {shown}")


PROMISES = (
    Promise("undoing a draft really undoes it", _undoes_a_draft),
    Promise("undoing a final sale really undoes it", _undoes_a_final_sale),
    Promise("undoing twice is harmless", _undoes_twice),
    Promise("a trial is undone when the check breaks", _cleans_up_after_an_exception),
    Promise("a trial whose answer was lost is found and undone", _finds_a_lost_answer),
)
LAST = Promise("nothing is left of all this", _nothing_is_left)
