"""The `synthetic` resource: trial transactions on the canary, journalled before they are sent, undone in every case."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypercare.clients.accounts import Accounts
from hypercare.clients.client import Client, LineToSell, SaleSeen, SaleToMake, Way, creation_of
from hypercare.clients.declared_verbs import require_declared
from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.signals import ChannelDown, CheckFailed, NotCovered, Signal
from hypercare.target_file.business_terms import SaleKind, Task, words_of_kind
from hypercare.target_file.config import Mode
from hypercare.target_file.target import Target
from hypercare.trials.journal import Entry, Journal, LeftBehind, Leftovers

_LOG = logging.getLogger(__name__)
MARK = "hypercare-"
# How many of one product the second line of a trial sale is for.
SEVERAL = Decimal(3)
_TIME, _EXAMPLE_TIME = "%Y%m%dT%H%M%SZ", "20260115T093000Z"
# A stranger's record this young may belong to a session on another machine that is still at work.
_STRAY_AFTER = timedelta(minutes=30)
_REASON = "Trial of the monitoring, undone"


class _CannotTell(Exception):
    """Whether a trial's record stands cannot be looked up, so it counts as left."""


class NotUndone(CheckFailed):
    """The trial itself went well, but its record still stands."""


class Misfiled(CheckFailed):
    """The trial itself went well, but its record stands in another branch than its seller's."""


@dataclass
class TrialSale:
    """A synthetic sale for as long as it stands; `sale` is what the client showed last."""

    client: Client
    wish: SaleToMake
    sale: SaleSeen
    journal: Journal

    def finalise(self) -> SaleSeen:
        self.sale = self.client.finalise_sale(self.sale.key)
        self.journal.created(self.wish.reference, key=self.sale.key, number=self.sale.number)
        return self.sale

    def read(self) -> SaleSeen:
        """Read it back through the same client.

        Raises:
            CheckFailed: it is not there any more.
        """
        found = self.client.read_sale(self.sale.key)
        if found is None:
            raise CheckFailed(
                Finding(
                    sentence=f"A trial sale that {self.client.channel.words} had just confirmed cannot be read back.",
                    where=f"sale {self.sale.number or self.sale.key}",
                    next_step="Find out why what is saved is not kept.",
                )
            )
        self.sale = found
        return found


@dataclass
class Synthetic:
    """`ways` are the ways in through which leftovers are looked for and undone, the most dependable first."""

    target: Target
    accounts: Accounts
    ways: Sequence[Way]
    _tried_to_clean_up: bool = field(default=False, init=False)
    _cleaned_up: Leftovers | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.journal = Journal(self.target.state / "journal")

    @contextmanager
    def sale(self, client: Client, kind: SaleKind = "stock") -> Iterator[TrialSale]:
        """A draft sale on the canary, made through `client`, gone or void when the block ends, however it ends.

        Raises:
            NotCovered: the target may only be observed, or has no canary to try it on.
            Misfiled: the record appeared outside the canary branch.
            NotUndone: it could not be undone.
            CheckFailed: the client refused.
        """
        wish = self._wish(kind)
        self.target.hold_back("make a trial sale")
        if not self._tried_to_clean_up:
            self.clean_up()
        entry = Entry(wish.reference, "sale", client.channel, datetime.now(UTC).isoformat())
        creation = creation_of(client)
        if creation is not None:
            creation.on_key = lambda key: self.journal.created(wish.reference, key=key)
            entry = replace(entry, is_marked_late=creation.is_marked_late)
        self.journal.about_to_create(entry)
        try:
            sale = client.create_sale(wish)
            entry = replace(entry, key=sale.key, number=sale.number)
            self.journal.created(wish.reference, key=sale.key, number=sale.number)
            where = client.channel.words
            _LOG.info("trial %s made in %s: %s sale, key %s", wish.reference, where, kind, sale.key)
            self._refuse_outside_canary(sale)
            yield TrialSale(client, wish, sale, self.journal)
        except BaseException as error:
            reason = f": {error}" if isinstance(error, Signal) else ""
            _LOG.info("trial %s breaks off: %s%s", wish.reference, type(error).__name__, reason)
            # What went wrong first is the finding; what it leaves behind stays in the journal for the next sweep.
            if entry.key is None and creation is not None:
                entry = replace(entry, key=creation.key)
            if entry.key is None and creation is not None and not creation.sent:
                self.journal.undone(wish.reference)
            else:
                self._undo(client, entry)
            raise
        left = self._undo(client, entry)
        if left:
            raise NotUndone(
                Finding(
                    sentence=f"A trial sale made in {client.channel.words} could not be undone: {left.rstrip('.')}.",
                    where=f"sale {entry.key}, note {wish.reference}",
                    next_step="Void or delete it by hand, then find out why the system would not.",
                )
            )

    def clean_up(self) -> None:
        """Undo what earlier sessions left, before anything new is tried; again only where some of it still stands.

        What keeps it from that is no reason not to try a sale: `left_of_earlier_trials` tells what was left.
        """
        self._tried_to_clean_up = True
        if self.target.only_looks or (self._cleaned_up is not None and not self._cleaned_up.count):
            return
        with suppress(Signal):
            self._cleaned_up = self.sweep()

    def sweep(self) -> Leftovers:
        """Undo what earlier sessions left behind, and tell what could not be undone.

        Raises:
            NotCovered: the target may only be observed, or nobody is configured who could undo.
            ChannelDown: no way in is open to do it through.
        """
        self._require_transact()
        self.target.hold_back("undo what earlier trials left")
        with self._overseer() as client, self._left_behind(client) as left:
            stubborn = []
            for entry in left.entries:
                reason = self._undone_by(client, entry)
                _log_undone(entry, reason)
                if reason:
                    stubborn.append((entry, reason))
                    continue
                self.journal.settle(entry)
                if entry in left.own:
                    self.journal.undone(entry.reference)
            return left.leftovers(stubborn)

    def left_of_earlier_trials(self) -> Leftovers:
        """What stands now of the trials of earlier sessions. It is only looked at: what stands is left as it is.

        Raises:
            NotCovered: the target may only be observed, or nobody is configured who could look.
            ChannelDown: no way in is open to look through.
        """
        self._require_transact()
        cleaned = self._cleaned_up or Leftovers((), of=0)
        why = {entry.reference: reason for entry, reason in cleaned.entries}
        with self._overseer() as client:
            if self.target.only_looks:
                require_declared(client, ("list_sales", "read_sale", "undo_sale"))
                self.target.hold_back("undo what earlier trials left")
            with self._left_behind(client) as left:
                # What this session could not undo, its own trial tells.
                earlier = [entry for entry in left.entries if entry not in left.own]
                states = ((entry, self._stands_in(client, entry)) for entry in earlier)
                standing = [(entry, why.get(entry.reference, reason)) for entry, reason in states if reason]
                return left.leftovers(standing, of=max(cleaned.of, len(earlier)))

    @contextmanager
    def _left_behind(self, client: Client) -> Iterator[LeftBehind]:
        """What the journals of the dead and our own name, and what bears our mark; theirs are held meanwhile."""
        with self.journal.orphaned_entries() as dead:
            own = self.journal.open_now()
            strays: Sequence[Entry] = ()
            unseen: Signal | None = None
            try:
                strays = self._strays(client, {entry.reference for entry in (*dead, *own)})
            except (NotCovered, CheckFailed) as signal:
                unseen = signal  # what is in the journal is dealt with all the same
            yield LeftBehind((*dead, *own, *strays), tuple(own), unseen)

    def _stands_in(self, client: Client, entry: Entry) -> str:
        """Why a record of a trial counts as left; empty when it is gone or void."""
        try:
            key = self._key_in(client, entry, has_made_it=False)
            sale = None if key is None else client.read_sale(key)
        except Exception as error:  # noqa: BLE001 - what cannot be looked up counts as left
            return str(error) or type(error).__name__
        return "" if sale is None or sale.state == "void" else f"it is still {sale.state}"

    def close(self) -> None:
        self.journal.close()

    def product_for(self, kind: SaleKind) -> str:
        """What a trial sale of this kind sells. Raises NotCovered where there is none, or nobody to sell it to."""
        canary = self.target.config.canary
        product = canary.products.get(kind)
        if product is None or canary.customer is None:
            missing = "customer" if canary.customer is None else f"product for a sale {words_of_kind(kind)}"
            raise NotCovered(
                f"The canary has no {missing}, so no trial sale can be made.",
                remedy="Complete [canary] in the target file.",
            )
        return product

    def _wish(self, kind: SaleKind) -> SaleToMake:
        self._require_transact()
        product, canary = self.product_for(kind), self.target.config.canary
        reference = f"{MARK}{datetime.now(UTC).strftime(_TIME)}-{uuid.uuid4().hex[:10]}"
        lines = [LineToSell(product)]
        if kind == "stock":
            lines.append(LineToSell(product, SEVERAL))
        return SaleToMake(kind, canary.customer or "", tuple(lines), reference)

    def _require_transact(self) -> None:
        if self.target.config.target.mode is not Mode.TRANSACT:
            raise NotCovered(
                "The target is only observed, so nothing is tried out on it.",
                remedy='Set [target] mode = "transact" once a canary branch, customer and product are kept for it.',
            )

    def _refuse_outside_canary(self, sale: SaleSeen) -> None:
        canary_branch = self.target.config.canary.branch
        branch = sale.branch
        if canary_branch is None:
            return
        if branch is None:
            with self._overseer() as client:
                again = client.read_sale(sale.key)
            branch = again.branch if again else None
        if branch is not None and branch != canary_branch:
            raise Misfiled(
                Finding(
                    sentence=f"A trial sale made for branch {canary_branch} appeared in branch {branch}.",
                    level=Level.L3,
                    where=f"sale {sale.number or sale.key}",
                    next_step="Stop: find out why the system files a sale under another branch than its seller's.",
                )
            )

    def _undo(self, client: Client, entry: Entry) -> str:
        """Undo through the client it came in by, else through another; why it still stands, empty when it does not."""
        reason = self._undone_by(client, entry, has_made_it=True)
        if reason:
            try:
                with self._overseer() as other:
                    reason = self._undone_by(other, entry, must_show=True)
            except Signal as signal:
                reason = f"{reason}; {signal}"
        if not reason:
            self.journal.undone(entry.reference)
        _log_undone(entry, reason)
        return reason

    def _undone_by(self, client: Client, entry: Entry, *, has_made_it: bool = False, must_show: bool = False) -> str:
        """Undo and look again; why it still stands, empty when it does not. Another client `must_show` it first: what
        it is not shown, its person may just not see."""
        try:
            key = self._key_in(client, entry, has_made_it=has_made_it)
            if key is None:
                hidden = must_show and entry.key is not None
                return f"it is not shown in {client.channel.words} to somebody who may undo it" if hidden else ""
            client.undo_sale(key, _REASON)
            after = client.read_sale(key)
        except Exception as error:  # noqa: BLE001 - whatever breaks here, the next client must still be tried
            return str(error) or type(error).__name__
        if after is None or after.state == "void":
            return ""
        return f"it is still {after.state} after {client.channel.words} said that it was undone"

    def _key_in(self, client: Client, entry: Entry, *, has_made_it: bool) -> str | None:
        """The key by which this client knows the record; None when it is gone.

        A key is of the client that gave it, and in another, or in another branch, may be somebody's real sale.

        Raises:
            _CannotTell: it cannot be looked up whether the record stands.
        """
        is_of_this_client = entry.channel == client.channel
        sale = client.read_sale(entry.key) if entry.key is not None else None
        if entry.key is not None and is_of_this_client and sale is None:
            return None
        if sale is not None and (has_made_it or self._is_the_trial(sale, entry, is_of_this_client=is_of_this_client)):
            return entry.key
        found = self._key_of(client, entry.reference)
        if found is None and entry.is_marked_late:
            raise _CannotTell("it broke off before it was marked, so whether it stands cannot be looked up")
        if found is None and sale is not None and is_of_this_client:
            raise _CannotTell(f"its key {entry.key} is shown as another sale, which is left alone")
        return found

    def _is_the_trial(self, sale: SaleSeen, entry: Entry, *, is_of_this_client: bool) -> bool:
        if sale.reference:
            return is_reference(sale.reference, entry.reference)
        others = set(self.accounts.branches) - {self.target.config.canary.branch}
        if not is_of_this_client or sale.branch in others:
            return False
        return not (entry.number and sale.number and entry.number != sale.number)

    def _key_of(self, client: Client, reference: str) -> str | None:
        """Whether a record exists of which the answer never came."""
        marked = client.sales_marked(reference, self.target.config.canary.customer or "")
        return next((sale.key for sale in marked if sale.reference == reference), None)

    @contextmanager
    def _overseer(self) -> Iterator[Client]:
        """Somebody who may undo, in the first way in that is open."""
        closed: Signal = NotCovered("No way in is configured to undo a trial through.", remedy="Add [api] or [web].")
        for way in self.ways:
            opened = self.accounts.client_for(way, Task.UNDO)
            try:
                client = opened.__enter__()
            except (NotCovered, ChannelDown) as signal:
                closed = signal
                continue
            try:
                yield client
            finally:
                opened.__exit__(None, None, None)
            return
        raise closed

    def _strays(self, client: Client, journalled: set[str]) -> list[Entry]:
        """Records that bear our mark but are in no journal: the folder they were journalled in is lost."""
        found = []
        for sale in client.sales_marked(MARK, self.target.config.canary.customer or ""):
            reference = sale.reference or ""
            if reference in journalled:
                continue
            if datetime.now(UTC) - _made_at(reference) > _STRAY_AFTER:
                found.append(Entry(reference, "sale", client.channel, "", sale.key, sale.number))
        return found


def _log_undone(entry: Entry, reason: str) -> None:
    if reason:
        _LOG.warning("trial %s, key %s, is not undone: %s", entry.reference, entry.key, reason)
    else:
        _LOG.info("trial %s is undone", entry.reference)


def is_reference(text: str, reference: str) -> bool:
    """A system may write it in capitals, add to it, or cut it off; the time that it holds stays."""
    text, reference = text.strip().casefold(), reference.casefold()
    return reference in text or (len(text) > len(MARK + _EXAMPLE_TIME) and reference.startswith(text))


def _made_at(reference: str) -> datetime:
    stamp = reference.removeprefix(MARK).partition("-")[0]
    try:
        return datetime.strptime(stamp, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
