"""Sales of another branch, asked for as people would ask themselves: by list, by search, by guessing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from hypercare.branch_isolation.ownership import Pair, Verdict, judged, listed_twice
from hypercare.branch_isolation.people import of_each_branch
from hypercare.branch_isolation.shown import Shown
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import Client, SaleSeen, SystemRefused, Way
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Task
from hypercare.target_file.config import Account

_MOST_ASKED_FOR = 3


@dataclass(frozen=True)
class _LoggedIn:
    """Somebody who is logged in, with the sales that the list shows to them. `branches` are all that are known."""

    who: Account
    client: Client
    listed: Sequence[SaleSeen]
    branches: Collection[str]

    @property
    def others(self) -> set[str]:
        return set(self.branches) - {str(self.who.branch)}

    @property
    def strange(self) -> SaleSeen | None:
        """A sale in the list that is said to be another branch's; a record of several is one's own."""
        return next((sale for sale in self.listed if sale.branch in self.others), None)

    @property
    def own(self) -> list[SaleSeen]:
        """Sales of their own branch: final ones first, since they have a number that can be guessed."""
        mine = [sale for sale in self.listed if sale.branch not in self.others]
        return sorted(mine, key=lambda sale: not sale.number)

    def judged(self, pairs: Sequence[Pair]) -> Verdict:
        mine = str(self.who.branch)
        return judged(
            [(shown_sale, theirs) for shown_sale, theirs in pairs if shown_sale.branch != mine],
            self.listed,
            self.others,
        )


def sales_shown_to_others(way: Way, accounts: Accounts) -> Shown:
    """What people are shown of another branch: in the list, by the number of a sale, by its key.

    Raises:
        NotCovered: fewer than two branches can be asked, or none has a sale.
        ChannelDown: the way in cannot be reached.
    """
    shown = Shown(f"{way.channel.words}: sales")
    sellers = of_each_branch(accounts, accounts.on_canary(Task.SELL)[0].role)
    with ExitStack() as stack:
        insiders = (_inside(stack, way, account, accounts.branches) for account in sellers)
        people = [one for one in insiders if one is not None]
        pairs = list(_neighbours(people))
        if not pairs:
            raise NotCovered(
                "Fewer than two branches have somebody who is let in and a sale to ask for.",
                remedy="See the finding about who cannot log in; it is looked at as soon as two branches sell.",
            )
        for one, other in pairs:
            _Attempt(one, other, shown).run()
    return shown


def _inside(stack: ExitStack, way: Way, account: Account, branches: Collection[str]) -> _LoggedIn | None:
    """None when they are not let in or have no list: that is for the checks of log-ins and sales to tell."""
    try:
        client = stack.enter_context(way.client(account))
        return _LoggedIn(account, client, client.sales_listed(), branches)
    except SystemRefused:
        return None


def _neighbours(people: Sequence[_LoggedIn]) -> Iterator[tuple[_LoggedIn, _LoggedIn]]:
    """Each with the next, in a circle, that has a sale of its own."""
    selling = [one for one in people if one.own]
    for place, one in enumerate(people):
        others = [other for other in (*selling, *selling) if other is not one]
        if others:
            yield one, others[place % len(others)]


class _Attempt:
    """What one is shown of another's."""

    def __init__(self, one: _LoggedIn, other: _LoggedIn, shown: Shown) -> None:
        self._one = one
        self._other = other
        self._shown = shown
        self._sales = _asked_for(one, other)

    def run(self) -> None:
        one, first = self._one, self._sales[0]
        self._shown.of += 3 if first.number else 2
        if one.strange is not None:
            self._shown.add(one.who, "in the list", _named(one.strange), str(one.strange.branch))
        else:
            self._tell("in the list", self._in_the_list())
        if first.number:
            self._tell("searched by its number", [pair for sale in self._sales for pair in self._searched(sale)])
        self._tell("opened by its key", [pair for sale in self._sales for pair in self._opened(sale)])

    def _tell(self, how: str, pairs: Sequence[Pair]) -> None:
        verdict = self._one.judged(pairs)
        if verdict is Verdict.OTHERS:
            self._shown.add(self._one.who, how, _named(pairs[0][1]), str(self._other.who.branch))
        elif verdict is Verdict.UNSURE:
            self._shown.unsure.append(f"{self._one.who.username} ({_named(pairs[0][1])['sale']}, {how})")

    def _in_the_list(self) -> list[Pair]:
        theirs = {sale.key: sale for sale in self._other.own}
        pairs = [(sale, theirs[sale.key]) for sale in self._one.listed if sale.key in theirs]
        return listed_twice(pairs, self._one.listed) or pairs

    def _searched(self, theirs: SaleSeen) -> Iterator[Pair]:
        if theirs.number:
            with suppress(SystemRefused):
                same = [sale for sale in self._one.client.sales_listed(theirs.number) if sale.key == theirs.key]
                pairs = [(sale, theirs) for sale in same]
                yield from listed_twice(pairs, same) or pairs

    def _opened(self, theirs: SaleSeen) -> Iterator[Pair]:
        opened = _read(self._one.client, theirs.key)
        if opened is not None:
            yield opened, _read(self._other.client, theirs.key) or theirs


def _asked_for(one: _LoggedIn, other: _LoggedIn) -> list[SaleSeen]:
    """Some of the other's sales: those first whose key is not one's own too, each of another total."""
    keys = {sale.key for sale in one.listed}
    by_total: dict[object, SaleSeen] = {}
    for sale in sorted(other.own, key=lambda sale: (not sale.number, sale.key in keys)):
        by_total.setdefault(sale.total, sale)
    return list(by_total.values())[:_MOST_ASKED_FOR]


def _named(sale: SaleSeen) -> dict[str, str]:
    return {"sale": sale.number or sale.key}


def _read(client: Client, key: str) -> SaleSeen | None:
    try:
        return client.read_sale(key)
    except SystemRefused:
        return None
