"""The walls between branches: what people of one are shown of another's, asked as they would ask themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal

from hypercare.outcome.signals import NotCovered
from hypercare.target.accounts import Accounts
from hypercare.target.config import Account
from hypercare.target.door import Door, DoorRefused, SaleSeen, Task, Way
from hypercare.target.target import Target

_MOST_BRANCHES = 6


@dataclass
class Shown:
    """Looks at another branch's sales that were let through. `of` is how many were tried."""

    source: str
    of: int = 0
    sample: list[Mapping[str, object]] = field(default_factory=list)
    count: int = 0
    money: Decimal | None = None
    currency: str = ""
    branches: tuple[str, ...] = ()

    def add(self, who: Account, how: str, sale: SaleSeen, owner: str) -> None:
        self.count += 1
        self.branches = tuple(sorted({*self.branches, str(who.branch)}))
        if len(self.sample) < 5:
            row = {"account": who.username, "branch": who.branch, "how": how, "sale": sale.number or sale.key}
            self.sample.append({**row, "belongs to": owner})


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


class Walls:
    """Asks of every branch, as one who sells there, for what stands in another."""

    def __init__(self, target: Target, accounts: Accounts) -> None:
        self._target = target
        self._accounts = accounts

    def sales_shown_to_others(self, way: Way) -> Shown:
        """What people are shown of another branch: in the list, by the number of a sale, by its key.

        Raises:
            NotCovered: fewer than two branches can be asked, none has a sale, or it is agreed that all see all.
            WayDown: the way in cannot be reached.
        """
        self._require_walls()
        shown = Shown(f"{way.channel.words}: sales")
        with ExitStack() as stack:
            people = [one for account in self._people() if (one := self._inside(stack, way, account)) is not None]
            pairs = list(_neighbours(people))
            if not pairs:
                raise NotCovered(
                    "Fewer than two branches have somebody who is let in and a sale to ask for.",
                    mend="See the finding about who cannot log in; it is looked at as soon as two branches sell.",
                )
            for one, other, theirs in pairs:
                _look(one, other, theirs, shown)
        return shown

    def _require_walls(self) -> None:
        if self._target.config.business.branches_see_each_other:
            raise NotCovered("Branches may see each other's records.", mend="Nothing to mend: that is agreed.")

    def _people(self) -> list[Account]:
        """One of each branch, all of the role that sells."""
        role = self._accounts.on_canary(Task.SELL)[0].role
        firsts = {one.branch: one for one in reversed(self._accounts.of(role=role)) if one.branch}
        if len(firsts) < 2:
            raise NotCovered(
                f"Fewer than two branches have an account of the role {role!r}, so nobody can be asked for another's "
                "sales.",
                mend=f"Add accounts ({role}) of two branches to [[accounts]] in the target file.",
            )
        return list(firsts.values())[-_MOST_BRANCHES:]

    def _inside(self, stack: ExitStack, way: Way, account: Account) -> _Inside | None:
        """None when they are not let in or have no list: that is for the checks of log-ins and sales to tell."""
        try:
            door = stack.enter_context(way.door(account))
            return _Inside(account, door, door.sales_listed(), self._accounts.branches)
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
        shown.add(one.who, "in the list", one.strange, str(one.strange.branch))
    elif any(one.must_not_see(sale, theirs) for sale in one.listed):
        shown.add(one.who, "in the list", theirs, owner)
    if theirs.number and any(one.must_not_see(sale, theirs) for sale in _found(one.door, theirs.number)):
        shown.add(one.who, "searched by its number", theirs, owner)
    opened = _opened(one.door, theirs.key)
    if opened is not None and one.must_not_see(opened, theirs):
        shown.add(one.who, "opened by its key", theirs, owner)


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
