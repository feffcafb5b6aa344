"""Doors of the clients: what people are shown of another branch's sales, in whatever way they come in.

A browser is slow, so there one role takes its turn each day; through the API all do.
"""

from __future__ import annotations

import time
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
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.config import Account
from hypercare.target_file.target import Target

_SALES_OPENED = 2
_ANOTHER_DAY = "its turn is on another day: one role a day in a browser"
_NO_BUTTON = "a page that is not shown has no button; what it sends is tried by the API"
_BY = {Verb.LIST: "the list of sales", Verb.SEARCH: "searching for a sale", Verb.READ: "opening a sale"}


@dataclass(frozen=True)
class _Pair:
    """Who asks and whose it is; `mine` and `theirs` are what each is listed, `theirs` by the API where the pages list
    the owner nothing. `lists` is whether both have a list of sales there."""

    asker: Account
    owner: Account
    asking: Client
    owning: Client
    mine: Sequence[SaleSeen]
    theirs: Sequence[SaleSeen]
    others: frozenset[str]
    lists: bool

    @classmethod
    def of(
        cls,
        asker: Account,
        owner: Account,
        asking: Client,
        owning: Client,
        by_api: Sequence[SaleSeen],
        accounts: Accounts,
    ) -> _Pair:
        listed, mine = _listed(owning), _listed(asking)
        others = frozenset(accounts.branches) - {str(asker.branch)}
        lists = bool(listed) and mine is not None
        return cls(asker, owner, asking, owning, mine or (), listed or by_api, others, lists)

    def is_anothers(self, pairs: Sequence[Pair]) -> Verdict:
        return judged(pairs, self.mine, self.others)


class DoorsOfClients:
    """`api` tells of sales whose pages could be opened, where a way in lists none."""

    def __init__(self, target: Target, accounts: Accounts, way: Way, api: Api, matrix: Matrix) -> None:
        self._target = target
        self._accounts = accounts
        self._way = way
        self._api = api
        self._matrix = matrix
        self._longest = 0.0

    def try_all(self, separation: Separation) -> None:
        """Raises ChannelDown when the way in cannot be reached."""
        with self._target.time_budget.running():
            self._try_roles(separation)

    def _try_roles(self, separation: Separation) -> None:
        day = self._target.calendar.number_of(self._target.calendar.date_of(self._target.as_of))
        is_slow = self._way.channel is not Channel.API
        is_tried = False
        for role in in_turn(separation.roles, day):
            branches = neighbours_of_day(branches_of(self._accounts, role), day, 2)
            asker, owner = (self._accounts.of(role=role, branch=branch)[0] for branch in branches)
            if is_tried and is_slow:
                self._leave(role, _ANOTHER_DAY)
                continue
            theirs = self._listed_by_api(owner)
            if theirs == ():
                self._leave(role, f"{role} of {owner.branch} are listed no sales by the API")
                continue
            is_tried = True
            self._enter(role, asker, owner, theirs or ())
        for role in separation.roles if is_tried and is_slow else ():
            for verb in (Verb.CREATE, Verb.CHANGE, Verb.DELETE):
                self._matrix.not_tried(Cell(role, SALES, verb), _NO_BUTTON)

    def _enter(self, role: str, asker: Account, owner: Account, theirs: Sequence[SaleSeen]) -> None:
        with ExitStack() as stack:
            began = time.monotonic()
            try:
                asking, owning = (stack.enter_context(self._way.client(one)) for one in (asker, owner))
            except SystemRefused as no:
                self._leave(role, f"somebody of {asker.branch} or {owner.branch} is not let in: {no}")
                return
            except NotCovered as gap:
                self._leave(role, gap.reason)
                return
            finally:
                self._longest = max(self._longest, time.monotonic() - began)
            self._try(role, _Pair.of(asker, owner, asking, owning, theirs, self._accounts))

    def _try(self, role: str, pair: _Pair) -> None:
        if not pair.theirs:
            self._leave(role, f"nothing of {pair.owner.branch} is listed to its own people")
            return
        if pair.lists:
            self._tell(role, Verb.LIST, pair, lambda: _in_the_list(pair))
        else:
            self._matrix.not_tried(
                Cell(role, SALES, Verb.LIST), f"{self._matrix.way} lists {role} no sale of the branch"
            )
        self._tell(role, Verb.SEARCH, pair, lambda: _searched(pair))
        self._tell(role, Verb.READ, pair, lambda: _opened(pair))

    def _tell(self, role: str, verb: Verb, pair: _Pair, look: Callable[[], Sequence[Pair]]) -> None:
        cell = Cell(role, SALES, verb)
        if not self._target.time_budget.has(self._longest):
            self._matrix.not_tried(cell, "no time was left, since each page took so long")
            return
        began = time.monotonic()
        try:
            pairs = look()
        except (NotCovered, CheckFailed) as gap:
            self._matrix.not_tried(cell, str(gap).rstrip("."))
            return
        finally:
            self._longest = max(self._longest, time.monotonic() - began)
        verdict = pair.is_anothers(pairs)
        if verdict is Verdict.OTHERS:
            named = pairs[0][1].number or pairs[0][1].key
            self._matrix.opened(cell, _BY[verb], pair.asker, str(pair.owner.branch), f"sale {named}")
        elif verdict is Verdict.UNSURE:
            self._matrix.not_tried(cell, "what is shown may be their own as well")
        else:
            self._matrix.held(cell, _BY[verb])

    def _listed_by_api(self, owner: Account) -> Sequence[SaleSeen] | None:
        """None where the API cannot be asked: then the pages alone tell."""
        try:
            with self._api.client(owner) as client:
                return tuple(client.sales_listed())
        except SystemRefused:
            return ()
        except Signal:
            return None

    def _leave(self, role: str, reason: str) -> None:
        for verb in _BY:
            self._matrix.not_tried(Cell(role, SALES, verb), reason.rstrip("."))


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
