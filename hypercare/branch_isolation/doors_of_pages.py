"""Doors of the web app and the phone: what people are shown there of another branch's sales, page by page.

A browser is slow, so one role takes its turn each day, with two branches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from hypercare.api.api import Api
from hypercare.branch_isolation.matrix import Cell, Matrix, Verb
from hypercare.branch_isolation.ownership import Pair, Verdict, contradict, judged
from hypercare.branch_isolation.separation import SALES, Separation, branches_of
from hypercare.branch_isolation.turns import in_turn, neighbours_of_day
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import Client, SaleSeen, SystemRefused, Way
from hypercare.outcome.signals import CheckFailed, NotCovered, Signal
from hypercare.target_file.config import Account
from hypercare.target_file.target import Target

_SALES_OPENED = 2
_BY = {Verb.LIST: "the list of sales", Verb.SEARCH: "searching for a sale", Verb.READ: "opening a sale"}


@dataclass(frozen=True)
class _Pair:
    """Who asks and whose it is; `mine` and `theirs` are what each is listed, `theirs` by the API where the pages list
    nobody else's work than one's own."""

    asker: Account
    owner: Account
    asking: Client
    owning: Client
    mine: Sequence[SaleSeen]
    theirs: Sequence[SaleSeen]
    others: frozenset[str]

    def is_anothers(self, pairs: Sequence[Pair]) -> Verdict:
        return judged(pairs, self.mine, self.others)


class DoorsOfPages:
    """`api` tells of sales whose pages could be opened, where a way in lists none."""

    def __init__(self, target: Target, accounts: Accounts, way: Way, api: Api, matrix: Matrix) -> None:
        self._target = target
        self._accounts = accounts
        self._way = way
        self._api = api
        self._matrix = matrix

    def try_all(self, separation: Separation) -> None:
        """Raises ChannelDown when the way in cannot be reached."""
        day = self._target.calendar.number_of(self._target.calendar.date_of(self._target.as_of))
        turn, *later = in_turn(separation.roles, day)
        for role in later:
            for verb in _BY:
                self._matrix.not_tried(
                    Cell(role, SALES, verb), "its turn is on another day: one role a day in a browser"
                )
        for role in separation.roles:
            for verb in (Verb.CREATE, Verb.CHANGE, Verb.DELETE):
                self._matrix.not_tried(
                    Cell(role, SALES, verb), "a page that is not shown has no button; what it sends is tried by the API"
                )
        branches = neighbours_of_day(branches_of(self._accounts, turn), day, 2)
        asker, owner = (self._accounts.of(role=turn, branch=branch)[0] for branch in branches)
        with ExitStack() as stack:
            try:
                asking, owning = (stack.enter_context(self._way.client(one)) for one in (asker, owner))
            except (SystemRefused, NotCovered) as gap:
                self._leave(turn, f"somebody of {' or '.join(branches)} is not let in", gap)
                return
            self._try(turn, asker, owner, asking, owning)

    def _try(self, role: str, asker: Account, owner: Account, asking: Client, owning: Client) -> None:
        listed = _listed(owning)
        theirs = listed or self._listed_by_api(owner)
        if not theirs:
            self._leave(role, f"nothing of {owner.branch} is listed to its own people")
            return
        mine = _listed(asking)
        others = frozenset(self._accounts.branches) - {str(asker.branch)}
        pair = _Pair(asker, owner, asking, owning, mine or (), theirs, others)
        if not listed or mine is None:
            self._matrix.not_tried(Cell(role, SALES, Verb.LIST), f"{self._matrix.way} has no list of sales for {role}")
        else:
            self._tell(role, Verb.LIST, pair, lambda: _in_the_list(pair))
        self._tell(role, Verb.SEARCH, pair, lambda: _searched(pair))
        self._tell(role, Verb.READ, pair, lambda: _opened(pair))

    def _tell(self, role: str, verb: Verb, pair: _Pair, look: Callable[[], Sequence[Pair]]) -> None:
        cell = Cell(role, SALES, verb)
        try:
            pairs = look()
        except (NotCovered, CheckFailed) as gap:
            self._matrix.not_tried(cell, str(gap).rstrip("."))
            return
        verdict = pair.is_anothers(pairs)
        if verdict is Verdict.OTHERS:
            named = pairs[0][1].number or pairs[0][1].key
            self._matrix.opened(cell, _BY[verb], pair.asker, str(pair.owner.branch), f"sale {named}")
        elif verdict is Verdict.UNSURE:
            self._matrix.not_tried(cell, "what is shown may be their own as well")
        else:
            self._matrix.held(cell, _BY[verb])

    def _listed_by_api(self, owner: Account) -> Sequence[SaleSeen]:
        try:
            with self._api.client(owner) as client:
                return client.sales_listed()
        except Signal:
            return ()

    def _leave(self, role: str, reason: str, gap: Signal | None = None) -> None:
        for verb in _BY:
            self._matrix.not_tried(Cell(role, SALES, verb), reason if gap is None else f"{reason}: {gap}".rstrip("."))


def _listed(client: Client, query: str = "") -> Sequence[SaleSeen] | None:
    """None where there is no such list, or not for this person."""
    try:
        return client.sales_listed(query)
    except (NotCovered, SystemRefused):
        return None


def _in_the_list(pair: _Pair) -> Sequence[Pair]:
    strange = [(sale, sale) for sale in pair.mine if sale.branch in pair.others]
    theirs = {sale.key: sale for sale in pair.theirs}
    return strange or [(sale, theirs[sale.key]) for sale in pair.mine if sale.key in theirs]


def _searched(pair: _Pair) -> Sequence[Pair]:
    wanted = next((sale for sale in pair.theirs if sale.number), None)
    if wanted is None:
        raise NotCovered(f"no sale of {pair.owner.branch} has a number")
    number = str(wanted.number)
    if not any(sale.key == wanted.key for sale in pair.owning.sales_listed(number)):
        raise NotCovered(f"its own people do not find {number} by its number")
    return [(sale, wanted) for sale in pair.asking.sales_listed(number) if sale.key == wanted.key]


def _opened(pair: _Pair) -> Sequence[Pair]:
    """Of what its own people can open there: sales of different totals, since what is alike tells nothing."""
    mine = {sale.key for sale in pair.mine}
    by_total = {sale.total: sale for sale in reversed(pair.theirs) if sale.key not in mine}
    chosen = list(by_total.values())[:_SALES_OPENED]
    owned = [(sale, seen) for sale in chosen if (seen := pair.owning.read_sale(sale.key)) is not None]
    owned = [(sale, seen) for sale, seen in owned if sale.total == seen.total]
    if not owned:
        raise NotCovered(f"its own people cannot open a sale of {pair.owner.branch} there")
    opened = [(_read(pair.asking, sale.key), seen) for sale, seen in owned]
    return [(shown, seen) for shown, seen in opened if shown is not None and not contradict(shown, seen)]


def _read(client: Client, key: str) -> SaleSeen | None:
    try:
        return client.read_sale(key)
    except SystemRefused:
        return None
