"""The people the suite may log in as."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from hypercare.outcome.level import Level
from hypercare.outcome.signals import MonitorFault, NotCovered
from hypercare.target.adapter import adapter_named
from hypercare.target.config import Account
from hypercare.target.door import Door, DoorRefused, LogInRefused, Task, Way
from hypercare.target.secrets import MissingSecret
from hypercare.target.target import Target


class Accounts:
    """The accounts of the target file, by role and by branch."""

    def __init__(self, target: Target) -> None:
        self._target = target

    @cached_property
    def all(self) -> Sequence[Account]:
        """Every configured account.

        Raises:
            NotCovered: there is none.
        """
        if not self._target.config.accounts:
            raise NotCovered("No account to log in with is configured.", mend="Add [[accounts]] to the target file.")
        return self._target.config.accounts

    def __iter__(self) -> Iterator[Account]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    @property
    def roles(self) -> list[str]:
        return list(dict.fromkeys(account.role for account in self.all))

    @property
    def branches(self) -> list[str]:
        """Every branch somebody belongs to, in the order of the target file."""
        return list(dict.fromkeys(account.branch for account in self.all if account.branch))

    def of(self, *, role: str | None = None, branch: str | None = None) -> list[Account]:
        return [a for a in self.all if role in (None, a.role) and branch in (None, a.branch)]

    def one_of_each_role(self) -> list[Account]:
        """One account a role; branches take turns, so that the browser sees several of them."""
        chosen: list[Account] = []
        used: defaultdict[str | None, int] = defaultdict(int)
        for role in self.roles:
            account = min(self.of(role=role), key=lambda a: used[a.branch])
            used[account.branch] += 1
            chosen.append(account)
        return chosen

    def first_of(self, role: str) -> Account:
        """Raises NotCovered when no account of this role is configured."""
        found = self.of(role=role)
        if not found:
            raise NotCovered(
                f"No account of the role {role!r} is configured.", mend="Add one to [[accounts]] in the target file."
            )
        return found[0]

    def on_canary(self, task: Task) -> list[Account]:
        """Who may do this on the canary branch, the one who does it day by day first.

        Raises:
            NotCovered: nobody is configured who could.
        """
        canary = self._target.config.canary.branch
        roles = adapter_named(self._target.config.target.adapter).roles_for(task)
        there = [a for a in self.all if a.branch == canary] or [a for a in self.all if a.branch is None]
        fitting = sorted((a for a in there if a.role in roles), key=lambda a: roles.index(a.role)) if roles else there
        if not fitting:
            wanted = " or ".join(roles) or "any role"
            raise NotCovered(
                f"No account that may {task} on the canary branch {canary!r} is configured.",
                mend=f"Add an account ({wanted}) of that branch to [[accounts]] in the target file.",
            )
        return fitting

    @contextmanager
    def entered(self, way: Way) -> Iterator[Door]:
        """A door with anybody in it who is let in."""
        with entered(way, self.all) as door:
            yield door

    @contextmanager
    def door_for(self, way: Way, task: Task) -> Iterator[Door]:
        """A door with somebody in it who may do this on the canary branch."""
        with entered(way, self.on_canary(task)) as door:
            yield door

    def refused_by(self, way: Way, among: Sequence[Account] | None = None) -> Refused:
        """Who of `among` (all, if none are given) cannot log in through a way in, or is taken for somebody else.

        Raises:
            WayDown: the way in cannot be reached at all.
        """
        tried = list(self.all if among is None else among)
        return Refused([(a, why) for a in tried if (why := _log_in_trouble(way, a))], tried, way.channel.words)

    def nobody(self) -> tuple[str, str]:
        """A name that no account has, and a password. It looks like the canary's own, so that it counts for nothing."""
        patterns = [name for name in self._target.config.canary.users if name.endswith("*")]
        start = patterns[0].rstrip("*") if patterns else ""
        return f"{start}nobody.{uuid.uuid4().hex[:8]}", uuid.uuid4().hex

    def password_of(self, account: Account) -> str:
        return password_of(self._target, account)


@dataclass(frozen=True)
class Refused:
    """Accounts that cannot log in, with the reason, out of those that were `tried`."""

    accounts: Sequence[tuple[Account, str]]
    tried: Sequence[Account]
    source: str
    money: Decimal | None = None
    currency: str = ""

    @property
    def count(self) -> int:
        return len(self.accounts)

    @property
    def of(self) -> int:
        return len(self.tried)

    @property
    def sample(self) -> Sequence[dict[str, object]]:
        return [
            {"account": a.username, "role": a.role, "branch": a.branch or "", "reason": why}
            for a, why in self.accounts[:5]
        ]

    @property
    def level(self) -> Level:
        """L3 when nobody can log in, L2 when nobody of a role or branch can, L1 otherwise."""
        if self.count == self.of:
            return Level.L3
        return Level.L2 if self._whole_groups else Level.L1

    @property
    def who(self) -> str:
        """ "Nobody", "The role sales", "The branch HAR and the role owner", or the names."""
        if self.count == self.of:
            return "Nobody"
        if self._whole_groups:
            listed = " and ".join(f"the {group}" for group in self._whole_groups)
            return listed[:1].upper() + listed[1:]
        names = [a.username for a, _ in self.accounts]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

    @property
    def _whole_groups(self) -> list[str]:
        """Roles and branches of which everybody was refused. One account is a person, not a group, unless two of its
        kind were tried."""
        refused = {a.username for a, _ in self.accounts}
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for account in self.tried:
            groups[f"role {account.role}"].append(account.username)
            if account.branch:
                groups[f"branch {account.branch}"].append(account.username)
        return [group for group, names in groups.items() if len(names) > 1 and refused.issuperset(names)]


@contextmanager
def entered(way: Way, among: Sequence[Account]) -> Iterator[Door]:
    """A door with the first of these people in it whom the system lets in: that one account is locked is for the
    check of the log-ins to tell, not for every other.

    Raises:
        LogInRefused: nobody of them is let in.
    """
    refused: LogInRefused | None = None
    with ExitStack() as stack:
        for account in among:
            try:
                door = stack.enter_context(way.door(account))
            except LogInRefused as error:
                refused = error
            else:
                yield door
                return
    if refused is None:
        raise NotCovered("Nobody is configured to log in as.", mend="Add [[accounts]] to the target file.")
    raise refused


def _log_in_trouble(way: Way, account: Account) -> str:
    """Why the account cannot log in as who it is; empty when it can."""
    try:
        with way.door() as door:
            who = door.log_in(account)
    except DoorRefused as refused:
        return refused.finding.sentence.removeprefix(f"{account.username} was not let in: ").rstrip(".")
    wrong = []
    if who.username.casefold() != account.username.casefold():
        wrong.append(f"as {who.username}")
    if who.role != account.role:
        wrong.append(f"with the role {who.role} where {account.role} is right")
    if who.branch != account.branch:
        wrong.append(f"in branch {who.branch or 'none'} where {account.branch or 'none'} is right")
    return f"logged in {' and '.join(wrong)}" if wrong else ""


def password_of(target: Target, account: Account) -> str:
    """The account's password, known to the redactor from now on.

    Raises:
        MonitorFault: the secret it refers to is not there.
    """
    try:
        return target.password_of(account)
    except MissingSecret as missing:
        raise MonitorFault(
            f"The password of {account.username} is missing: {missing}.",
            mend="Provide the secret or remove the account.",
        ) from None
