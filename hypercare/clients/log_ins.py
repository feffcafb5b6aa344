"""How the log-ins went: who was refused, and who was taken for somebody else."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hypercare.clients.client import Client, Who
from hypercare.outcome.found import Found
from hypercare.outcome.level import Level
from hypercare.outcome.signals import Signal
from hypercare.target_file.config import Account

_LOG = logging.getLogger(__name__)


def let_in(client: Client, account: Account) -> Who:
    """As whom the system lets the account in; whoever is let in or refused stands in the own log.

    Raises:
        what the client's own log-in does.
    """
    started = time.perf_counter()
    try:
        who = client.log_in(account)
    except Signal as signal:
        took = (time.perf_counter() - started) * 1000
        _LOG.info("%s is not let in to %s after %.0f ms: %s", account.username, client.channel.words, took, signal)
        raise
    took = (time.perf_counter() - started) * 1000
    _LOG.debug("%s is let in to %s in %.0f ms", account.username, client.channel.words, took)
    return who


@dataclass(frozen=True)
class Refused:
    """Accounts that cannot log in, with the reason, out of those that were `tried`; `by_password` are those of them to
    whose name and password a clear no was said."""

    accounts: Sequence[tuple[Account, str]]
    tried: Sequence[Account]
    where: str
    by_password: Sequence[Account] = ()

    @property
    def found(self) -> Found:
        return Found(count=self.count, of=self.of, sample=self.sample, where=self.where)

    @property
    def count(self) -> int:
        return len(self.accounts)

    @property
    def of(self) -> int:
        return len(self.tried)

    @property
    def sample(self) -> Sequence[dict[str, object]]:
        return [
            {"account": account.username, "role": account.role, "branch": account.branch or "", "reason": why}
            for account, why in self.accounts
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
    def summary(self) -> str:
        """ "Nobody can log in", "The role sales cannot log in"."""
        return f"{self.who} {'can' if self.count == self.of else 'cannot'} log in"

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


@dataclass(frozen=True)
class OtherRights:
    """Accounts that were let in as somebody else than agreed, out of the `of` that were let in.

    `compared` is what the system told of everybody: "role", "branch" or both.
    """

    accounts: Sequence[tuple[Account, Who]]
    of: int
    where: str
    compared: frozenset[str] = frozenset({"role", "branch"})

    @property
    def found(self) -> Found:
        return Found(count=self.count, of=self.of, sample=self.sample, where=self.where)

    @property
    def count(self) -> int:
        return len(self.accounts)

    @property
    def sample(self) -> Sequence[dict[str, object]]:
        return [
            {"account": agreed.username, "expected": _rights(agreed), "got": _rights(got)}
            for agreed, got in self.accounts
        ]

    @property
    def who(self) -> str:
        """ "har.sales with the role owner where sales is right", and so on, three at most."""
        differences = [f"{agreed.username} {_difference(agreed, got)}" for agreed, got in self.accounts]
        return "; ".join(differences[:3]) + (f"; and {len(differences) - 3} more" if len(differences) > 3 else "")


def _rights(one: Account | Who) -> str:
    return f"{one.username}, role {one.role}, branch {one.branch or 'none'}"


def _difference(agreed: Account, got: Who) -> str:
    wrong = []
    if got.username.casefold() != agreed.username.casefold():
        wrong.append(f"as {got.username}")
    if got.role != agreed.role:
        wrong.append(f"with the role {got.role} where {agreed.role} is right")
    if got.branch != agreed.branch:
        wrong.append(f"in branch {got.branch or 'none'} where {agreed.branch or 'none'} is right")
    return " and ".join(wrong)
