"""Sales of another branch, asked for as people would ask themselves: by list, by search, by guessing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from hypercare.outcome.signals import NotCovered
from hypercare.target.accounts import Accounts
from hypercare.target.config import Account
from hypercare.target.door import Door, DoorRefused, SaleSeen, Task, Way
from hypercare.target.walls.people import of_each_branch
from hypercare.target.walls.shown import Shown


@dataclass(frozen=True)
class _Inside:
    """Somebody who is logged in, with the sales that the list shows to them. `branches` are all that are known."""

    who: Account
    door: Door
    listed: Sequence[SaleSeen]
    branches: Collection[str]

    def owner_of(self, sale: SaleSeen) -> str | None:
        """The branch that the system names, if that is one we know; a record of several is one's own."""
        return sale.branch if sale.branch in self.branches else None

    @property
    def strange(self) -> SaleSeen | None:
        """A sale in the list that is said to be another branch's."""
        return next((sale for sale in self.listed if self.owner_of(sale) not in (None, self.who.branch)), None)

    @property
    def own(self) -> SaleSeen | None:
        """A sale of their own branch: a final one if there is any, since it has a number that can be guessed."""
        mine = [sale for sale in self.listed if self.owner_of(sale) in (None, self.who.branch)]
        return next((sale for sale in mine if sale.number), next(iter(mine), None))

    def must_not_see(self, sale: SaleSeen, theirs: SaleSeen) -> bool:
        """Whether what is shown here is `theirs`, and not said to be ours too."""
        return sale.key == theirs.key and self.owner_of(sale) != self.who.branch


def sales_shown_to_others(way: Way, accounts: Accounts) -> Shown:
    """What people are shown of another branch: in the list, by the number of a sale, by its key.

    Raises:
        NotCovered: fewer than two branches can be asked, or none has a sale.
        WayDown: the way in cannot be reached.
    """
    shown = Shown(f"{way.channel.words}: sales")
    sellers = of_each_branch(accounts, accounts.on_canary(Task.SELL)[0].role)
    with ExitStack() as stack:
        looked = (_inside(stack, way, account, accounts.branches) for account in sellers)
        people = [one for one in looked if one is not None]
        pairs = list(_neighbours(people))
        if not pairs:
            raise NotCovered(
                "Fewer than two branches have somebody who is let in and a sale to ask for.",
                mend="See the finding about who cannot log in; it is looked at as soon as two branches sell.",
            )
        for one, other, theirs in pairs:
            _look(one, other, theirs, shown)
    return shown


def _inside(stack: ExitStack, way: Way, account: Account, branches: Collection[str]) -> _Inside | None:
    """None when they are not let in or have no list: that is for the checks of log-ins and sales to tell."""
    try:
        door = stack.enter_context(way.door(account))
        return _Inside(account, door, door.sales_listed(), branches)
    except DoorRefused:
        return None


def _neighbours(people: Sequence[_Inside]) -> Iterator[tuple[_Inside, _Inside, SaleSeen]]:
    """Each with the next, in a circle, that has a sale of its own."""
    selling = [one for one in people if one.own is not None]
    for place, one in enumerate(people):
        others = [other for other in (*selling, *selling) if other is not one]
        if others:
            other = others[place % len(others)]
            assert other.own is not None
            yield one, other, other.own


def _look(one: _Inside, other: _Inside, theirs: SaleSeen, shown: Shown) -> None:
    owner = str(other.who.branch)
    shown.of += 3 if theirs.number else 2
    if one.strange is not None:
        shown.add(one.who, "in the list", _named(one.strange), str(one.strange.branch))
    elif any(one.must_not_see(sale, theirs) for sale in one.listed):
        shown.add(one.who, "in the list", _named(theirs), owner)
    if theirs.number and any(one.must_not_see(sale, theirs) for sale in _found(one.door, theirs.number)):
        shown.add(one.who, "searched by its number", _named(theirs), owner)
    opened = _opened(one.door, theirs.key)
    if opened is not None and one.must_not_see(opened, theirs):
        shown.add(one.who, "opened by its key", _named(theirs), owner)


def _named(sale: SaleSeen) -> dict[str, str]:
    return {"sale": sale.number or sale.key}


def _found(door: Door, number: str) -> Sequence[SaleSeen]:
    try:
        return door.sales_listed(number)
    except DoorRefused:
        return ()


def _opened(door: Door, key: str) -> SaleSeen | None:
    try:
        return door.read_sale(key)
    except DoorRefused:
        return None
