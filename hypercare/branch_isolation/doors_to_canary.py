"""Synthetic records of the canary, made for the length of a look, and people of other branches who try to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal

from hypercare.api.api import Api
from hypercare.branch_isolation.canaries import canaries_of
from hypercare.branch_isolation.doors_of_api import doors_held, operations_described
from hypercare.branch_isolation.insiders import Insider, Insiders
from hypercare.branch_isolation.matrix import Cell, Matrix, Verb
from hypercare.branch_isolation.separation import COSTS, ORDERS, SALES, Separation
from hypercare.branch_isolation.turns import Requests
from hypercare.branch_isolation.writing_doors import WritingDoors
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import OrderSeen, SystemRefused
from hypercare.outcome.signals import CheckFailed, NotCovered
from hypercare.target_file.business_terms import SaleKind, Task
from hypercare.target_file.sections.branch_isolation import BranchIsolationSection
from hypercare.trials.synthetic import Synthetic, TrialSale

_A_CENT = Decimal("0.01")
# In seconds: what a door and the undoing of the canary after it may take.
_LONG = 10.0
_WORDS = "tried from another branch"
Askers = Mapping[str, Insider | None]


class DoorsToCanary:
    """Every door that writes, tried on a draft sale of the canary and on an order of its own."""

    def __init__(
        self, api: Api, accounts: Accounts, synthetic: Synthetic, separation: Separation, matrix: Matrix
    ) -> None:
        self._api = api
        self._accounts = accounts
        self._synthetic = synthetic
        self._separation = separation
        self._matrix = matrix
        self._canary_branch = str(api.target.config.canary.branch)
        try:
            self._operations = operations_described(api)
        except NotCovered:
            self._operations = []  # then there is what the client can do
        writes = [operation for operation in self._operations if operation.verb.writes]
        self._writes = doors_held(writes, separation, matrix)

    def try_all(self) -> None:
        """Make a canary, try what leads to it, undo it; then another with an order.

        Raises:
            NotCovered: the target is only observed, or no canary could be made.
            ChannelDown: the API cannot be reached.
        """
        with self._api.target.time_budget.running():
            self._try_on_canaries()

    def _try_on_canaries(self) -> None:
        try:
            with self._canary_sale("stock") as trial:
                self._try_on_sale(trial)
        except NotCovered as gap:
            for role, operation in self._writes:
                self._matrix.not_tried(Cell(role, operation.entity, operation.verb), gap.reason.rstrip("."))
            raise
        try:
            if not self._has_time():
                raise NotCovered("no time was left, since each answer took so long")
            with self._canary_sale("made_to_order") as trial:
                self._try_on_order(trial)
        except (NotCovered, CheckFailed) as gap:
            reason = f"no order of the canary could be made: {gap}".rstrip(".")
            for role in self._separation.roles:
                self._matrix.not_tried(Cell(role, ORDERS, Verb.CHANGE), reason)
        self._note_the_rest()

    def _has_time(self) -> bool:
        return self._api.target.time_budget.has(_LONG)

    @contextmanager
    def _canary_sale(self, kind: SaleKind) -> Iterator[TrialSale]:
        """That a trial sale cannot be made, or not be undone, is for the checks of sales to tell."""
        try:
            with (
                self._accounts.client_for(self._api, Task.SELL) as client,
                self._synthetic.sale(client, kind) as trial,
            ):
                yield trial
        except CheckFailed as refused:
            raise NotCovered(
                f"No canary could be made, or undone: {refused.finding.sentence}",
                remedy="See the finding about trial sales.",
            ) from None

    def _try_on_sale(self, trial: TrialSale) -> None:
        with ExitStack() as stack:
            insiders, askers = self._people(stack)
            owner = insiders.of_branch(self._accounts.on_canary(Task.SELL)[0].role, self._canary_branch)
            if owner is not None:
                for canary in canaries_of(self._operations, insiders, owner, trial.sale.key, trial.wish.reference):
                    WritingDoors(canary, owner, insiders, self._matrix, self._has_time).try_all(self._writes, askers)
            for role, asker in _those_in(askers):
                self._undo_by_client(role, asker, trial)

    def _undo_by_client(self, role: str, asker: Insider, trial: TrialSale) -> None:
        """As the adapter does it, whether or not the API describes how."""

        def is_undone() -> bool:
            after = trial.client.read_sale(trial.sale.key)
            return after is None or after.state == "void"

        if is_undone():
            return  # by an operation that let somebody through, as the matrix has it
        self._write(
            Cell(role, SALES, Verb.DELETE),
            "undoing a sale",
            asker,
            lambda: asker.client.undo_sale(trial.sale.key, _WORDS),
            is_undone,
        )

    def _try_on_order(self, trial: TrialSale) -> None:
        sale = trial.finalise()
        with self._accounts.client_for(self._api, Task.UNDO) as overseer:
            order = overseer.order_of_sale(sale.key)
        if order is None or not order.steps:
            raise NotCovered("A sale of something made to order opened no order.")
        with ExitStack() as stack:
            insiders, askers = self._people(stack)
            producer = self._accounts.on_canary(Task.PRODUCE)[0].role
            owner = insiders.of_branch(producer, self._canary_branch)
            if owner is None:
                raise NotCovered(f"No {producer} of the canary branch is let in.")
            for canary in canaries_of(self._operations, insiders, owner, order.key, order.number):
                WritingDoors(canary, owner, insiders, self._matrix, self._has_time).try_all(self._writes, askers)
            for role, asker in _those_in(askers):
                self._work_by_client(role, asker, owner, order)

    def _work_by_client(self, role: str, asker: Insider, owner: Insider, order: OrderSeen) -> None:
        first = order.steps[0]

        def is_started() -> bool:
            seen = owner.client.read_order(order.key)
            return seen is not None and seen.steps[0].state != first.state

        if not is_started():
            self._write(
                Cell(role, ORDERS, Verb.CHANGE),
                "starting a step",
                asker,
                lambda: asker.client.start_step(order.key, first.key),
                is_started,
            )
        if self._separation.holds_for(COSTS):
            self._write(
                Cell(role, COSTS, Verb.CREATE),
                "entering a cost",
                asker,
                lambda: asker.client.add_cost(order.key, _A_CENT, _WORDS),
                None,
            )

    def _write(
        self,
        cell: Cell,
        by: str,
        asker: Insider,
        write: Callable[[], object],
        is_done: Callable[[], bool] | None,
    ) -> None:
        """`is_done` is whether it shows to the owner; where nothing shows it, what the client says counts."""
        try:
            write()
            opened = True
        except NotCovered as gap:
            self._matrix.not_tried(cell, f"{by}: {gap.reason}".rstrip("."))
            return
        except SystemRefused:
            opened = False
        if is_done is not None:
            opened = is_done()
        if opened:
            self._matrix.opened(cell, by, asker.who, self._canary_branch, "the canary's")
        else:
            self._matrix.held(cell, by)

    def _people(self, stack: ExitStack) -> tuple[Insiders, Askers]:
        """Who tries: of each role somebody of another branch than the canary's, who takes turns by day."""
        target = self._api.target
        section = target.config.branch_isolation or BranchIsolationSection()
        day = target.calendar.number_of(target.calendar.date_of(target.as_of))
        insiders = Insiders(self._api, self._accounts, stack, Requests(section.most_requests), day)
        askers = {
            role: next((one for one in insiders.of(role) if one.branch != self._canary_branch), None)
            for role in self._separation.roles
        }
        return insiders, askers

    def _note_the_rest(self) -> None:
        """Doors that lead to no record of the canary are never tried, and said to be so."""
        told = {(one.role, one.entity, one.verb) for one in self._matrix.doors()}
        for role, operation in self._writes:
            if (role, operation.entity, operation.verb.value) not in told:
                cell = Cell(role, operation.entity, operation.verb)
                self._matrix.not_tried(cell, f"{operation.words}: no record of the canary is found there")


def _those_in(askers: Askers) -> Iterator[tuple[str, Insider]]:
    return ((role, asker) for role, asker in askers.items() if asker is not None)
