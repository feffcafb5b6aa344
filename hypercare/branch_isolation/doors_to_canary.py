"""Synthetic records of the canary, made for the length of a look, and people of other branches who try to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from hypercare.api.api import Api
from hypercare.branch_isolation.canaries import canaries_of
from hypercare.branch_isolation.described_doors import DescribedDoor
from hypercare.branch_isolation.doors_of_api import doors_described, doors_held
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

_A_CENT = "0.01"


@dataclass(frozen=True)
class _Look:
    """What a look at the write doors has at hand; `writes` are the described ones that are held."""

    api: Api
    accounts: Accounts
    synthetic: Synthetic
    separation: Separation
    matrix: Matrix
    doors: Sequence[DescribedDoor]
    writes: Sequence[tuple[str, DescribedDoor]]
    day: int

    @property
    def canary_branch(self) -> str:
        return str(self.api.target.config.canary.branch)


def try_write_doors(api: Api, accounts: Accounts, separation: Separation, synthetic: Synthetic, matrix: Matrix) -> None:
    """Try every door that writes on a draft sale of the canary, and on the order of a sale of what is made to order.

    Raises:
        NotCovered: the target is only observed, or no canary could be made.
        ChannelDown: the API cannot be reached.
    """
    try:
        doors = doors_described(api)
    except NotCovered:
        doors = []  # then there are those of the client alone
    writes = doors_held([door for door in doors if door.verb.writes], separation, matrix)
    day = api.target.calendar.number_of(api.target.calendar.date_of(api.target.as_of))
    look = _Look(api, accounts, synthetic, separation, matrix, doors, writes, day)
    with _canary_sale(look, "stock") as trial:
        _try_on_sale(look, trial)
    try:
        with _canary_sale(look, "made_to_order") as trial:
            _try_on_order(look, trial)
    except (NotCovered, CheckFailed) as gap:
        for role in separation.roles:
            matrix.not_tried(
                Cell(role, ORDERS, Verb.CHANGE), f"no order of the canary could be made: {gap}".rstrip(".")
            )
    _note_the_rest(look)


@contextmanager
def _canary_sale(look: _Look, kind: SaleKind) -> Iterator[TrialSale]:
    """That a trial sale cannot be made, or not be undone, is for the checks of sales to tell."""
    try:
        with look.accounts.client_for(look.api, Task.SELL) as client, look.synthetic.sale(client, kind) as trial:
            yield trial
    except CheckFailed as refused:
        raise NotCovered(
            f"No canary could be made, or undone: {refused.finding.sentence}",
            remedy="See the finding about trial sales.",
        ) from None


def _try_on_sale(look: _Look, trial: TrialSale) -> None:
    with ExitStack() as stack:
        insiders, askers = _people(look, stack)
        owner = insiders.of_branch(look.accounts.on_canary(Task.SELL)[0].role, look.canary_branch)
        if owner is not None:
            for canary in canaries_of(look.doors, insiders, owner, trial.sale.key, trial.wish.reference):
                WritingDoors(canary, owner, insiders, look.matrix).try_all(look.writes, askers)
        for role, asker in askers.items():
            if asker is not None:
                _undo_by_client(look, role, asker, trial)


def _undo_by_client(look: _Look, role: str, asker: Insider, trial: TrialSale) -> None:
    """As the adapter does it, whether or not the API describes how."""
    cell, by = Cell(role, SALES, Verb.DELETE), "undoing a sale"
    try:
        asker.client.undo_sale(trial.sale.key, "tried from another branch")
    except NotCovered as gap:
        look.matrix.not_tried(cell, f"{by}: {gap.reason}".rstrip("."))
        return
    except SystemRefused:
        pass
    after = trial.client.read_sale(trial.sale.key)
    if after is None or after.state == "void":
        look.matrix.opened(cell, by, asker.who, look.canary_branch, f"canary {trial.sale.key}")
    else:
        look.matrix.held(cell, by)


def _try_on_order(look: _Look, trial: TrialSale) -> None:
    sale = trial.finalise()
    with look.accounts.client_for(look.api, Task.UNDO) as overseer:
        order = overseer.order_of_sale(sale.key)
    if order is None or not order.steps:
        raise NotCovered("A sale of something made to order opened no order.")
    with ExitStack() as stack:
        insiders, askers = _people(look, stack)
        producer = look.accounts.on_canary(Task.PRODUCE)[0].role
        owner = insiders.of_branch(producer, look.canary_branch)
        if owner is None:
            raise NotCovered(f"No {producer} of the canary branch is let in.")
        for canary in canaries_of(look.doors, insiders, owner, order.key, order.number):
            WritingDoors(canary, owner, insiders, look.matrix).try_all(look.writes, askers)
        for role, asker in askers.items():
            if asker is not None:
                _work_by_client(look, role, asker, owner, order)


def _work_by_client(look: _Look, role: str, asker: Insider, owner: Insider, order: OrderSeen) -> None:
    from decimal import Decimal

    def start() -> None:
        asker.client.start_step(order.key, order.steps[0].key)

    def enter_cost() -> None:
        asker.client.add_cost(order.key, Decimal(_A_CENT), "tried from another branch")

    doors = (
        (Cell(role, ORDERS, Verb.CHANGE), "starting a step", start),
        (Cell(role, COSTS, Verb.CREATE), "entering a cost", enter_cost),
    )
    for cell, by, write in doors:
        if not look.separation.holds_for(cell.entity):
            continue
        try:
            write()
        except NotCovered as gap:
            look.matrix.not_tried(cell, f"{by}: {gap.reason}".rstrip("."))
        except SystemRefused:
            seen = owner.client.read_order(order.key)
            moved = cell.verb is Verb.CHANGE and seen is not None and seen.steps[0].state != "waiting"
            _note(look, cell, by, asker, order, opened=moved)
        else:
            _note(look, cell, by, asker, order, opened=True)


def _note(look: _Look, cell: Cell, by: str, asker: Insider, order: OrderSeen, *, opened: bool) -> None:
    if opened:
        look.matrix.opened(cell, by, asker.who, look.canary_branch, f"canary order {order.number}")
    else:
        look.matrix.held(cell, by)


def _people(look: _Look, stack: ExitStack) -> tuple[Insiders, Mapping[str, Insider | None]]:
    """Who tries: of each role somebody of another branch than the canary's, who takes turns by day."""
    section = look.api.target.config.branch_isolation or BranchIsolationSection()
    insiders = Insiders(look.api, look.accounts, stack, Requests(section.most_requests), look.day)
    askers = {
        role: next((one for one in insiders.of(role) if one.branch != look.canary_branch), None)
        for role in look.separation.roles
    }
    return insiders, askers


def _note_the_rest(look: _Look) -> None:
    """Doors that lead to no record of the canary are never tried, and said to be so."""
    tried = {(door.role, door.entity, door.verb) for door in look.matrix.doors()}
    for role, door in look.writes:
        if (role, door.entity, door.verb.value) not in tried:
            cell = Cell(role, door.entity, door.verb)
            look.matrix.not_tried(cell, f"{door.words}: no record of the canary is found there")
