"""The people the suite may log in as."""

from __future__ import annotations

import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

from hypercare.clients.adapters import RolesAdapter, adapter_named
from hypercare.clients.client import AnyClient, Client, LogInRefused, SystemRefused, Way, WayOf, Who
from hypercare.clients.log_ins import OtherRights, Refused, let_in
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import CheckFailed, MonitorFault, NotCovered
from hypercare.target_file.business_terms import Channel, Task
from hypercare.target_file.config import Account
from hypercare.target_file.secrets import MissingSecret
from hypercare.target_file.target import Target

if TYPE_CHECKING:
    from hypercare.browser.page import PageSession

_LOG = logging.getLogger(__name__)
_RIGHTS = frozenset({"role", "branch"})
_READ_RIGHTS = {
    Channel.WEB: 'Say where the pages show them: [[web.flow.who]] with read = "role" and read = "branch".',
    Channel.MOBILE: 'Say where the pages show them: [[mobile.flow.who]] with read = "role" and read = "branch".',
    Channel.API: "Say which answer tells them: [rest.who] with role and branch.",
}


class Accounts:
    """The accounts of the target file, by role and by branch."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._rights_confirmed: dict[tuple[Channel, str], Who] = {}

    @cached_property
    def all(self) -> Sequence[Account]:
        """Every configured account.

        Raises:
            NotCovered: there is none.
        """
        if not self._target.config.accounts:
            raise NotCovered("No account to log in with is configured.", remedy="Add [[accounts]] to the target file.")
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
                f"No account of the role {role!r} is configured.", remedy="Add one to [[accounts]] in the target file."
            )
        return found[0]

    def on_canary(self, task: Task) -> list[Account]:
        """Who may do this on the canary branch, the one who does it day by day first.

        Raises:
            NotCovered: nobody is configured who could.
        """
        canary = self._target.config.canary.branch
        named = self._target.config.canary.roles.get(task, ())
        adapter: RolesAdapter = adapter_named(self._target.config.target.adapter)
        roles = named or adapter.roles_for(task)
        there = [account for account in self.all if account.branch == canary] or [
            account for account in self.all if account.branch is None
        ]
        fitting = (
            sorted(
                (account for account in there if account.role in roles), key=lambda account: roles.index(account.role)
            )
            if roles
            else there
        )
        if not fitting:
            role_words = " or ".join(roles) or "any role"
            raise NotCovered(
                f"No account that may {task} on the canary branch {canary!r} is configured.",
                remedy=f"Add an account ({role_words}) of that branch to [[accounts]] in the target file.",
            )
        return fitting

    @contextmanager
    def entered(self, way: WayOf[AnyClient]) -> Iterator[AnyClient]:
        """A client with anybody in it who is let in."""
        with entered(way, self.all) as client:
            yield client

    @contextmanager
    def client_for(self, way: Way, task: Task) -> Iterator[Client]:
        """A client with somebody in it who may do this on the canary branch."""
        with entered(way, self.on_canary(task)) as client:
            yield client

    def refused_by(self, way: Way, among: Sequence[Account] | None = None) -> Refused:
        """Who of `among` (all, if none are given) cannot log in through a way in.

        Raises:
            NotCovered: nobody is refused, but of somebody nothing tells whether they are in.
            ChannelDown: the way in cannot be reached at all.
        """
        tried = list(self.all if among is None else among)
        refused, by_password, unknown = [], [], []
        turns = _Turns(self._target)
        for account in turns.of(tried):
            try:
                if not self._logged_in_as(way, account).is_shown:
                    unknown.append((account, _not_shown(account, way)))
            except SystemRefused as no:
                why = no.finding.sentence.removeprefix(f"{account.username} was not let in: ").rstrip(".")
                refused.append((account, why))
                by_password += [account] if isinstance(no, LogInRefused) else []
            except NotCovered as gap:
                unknown.append((account, gap))
        unknown += [(account, turns.gap) for account in turns.left_out]
        decided = [account for account in tried if account not in [one for one, _ in unknown]]
        took_in(way.channel.words, "log-ins", len(tried), len(decided))
        if unknown and not refused:
            raise unknown[0][1]
        return Refused(refused, decided, way.channel.words, by_password)

    def with_other_rights_in(self, way: Way, among: Sequence[Account] | None = None) -> OtherRights:
        """Who of `among` (all, if none are given) is let in as somebody else, in another role or branch than agreed.

        Who was seen to be right earlier in this session does not log in again for it; who is refused is left out.

        Raises:
            NotCovered: nobody is let in, so nobody's rights can be seen; or the way in shows nobody's rights.
            ChannelDown: the way in cannot be reached at all.
        """
        tried = list(self.all if among is None else among)
        let_in, read, others = 0, 0, []
        compared = _RIGHTS
        turns = _Turns(self._target)
        for account in turns.of(tried):
            try:
                who = self._rights_confirmed.get((way.channel, account.username)) or self._logged_in_as(way, account)
            except SystemRefused:
                continue
            let_in += 1
            read += not who.reported.isdisjoint(_RIGHTS)
            compared &= who.reported
            if not _is(account, who):
                others.append((account, who))
        took_in(way.channel.words, "granted rights", let_in, read)
        if let_in and not read and not others:
            raise NotCovered(
                f"Nothing in {way.channel.words} is read that shows the role or branch of who is let in, so "
                "their rights were not compared with those agreed.",
                remedy=_READ_RIGHTS[way.channel],
            )
        if turns.left_out and not others:
            raise turns.gap
        if tried and not let_in:
            raise NotCovered(
                f"Nobody was let in to {way.channel.words}, so nobody's rights could be seen.",
                remedy="See the finding about who cannot log in.",
            )
        return OtherRights(others, max(read, len(others)), way.channel.words, compared=compared)

    def takes_a_wrong_password(self, way: Way) -> tuple[Account, bool]:
        """Try a wrong password, once, on an account kept for trials; which one, and whether it was let in.

        The account is one that is let in with its right password, before, and after, so that nothing is counted
        against it.

        Raises:
            NotCovered: no account is kept for trials, or none of them is let in.
            CheckFailed: one wrong password was enough to lock it.
        """
        trial_accounts = [
            a for a in self.all if any(fnmatchcase(a.username, name) for name in self._target.config.canary.users)
        ]
        if not trial_accounts:
            raise NotCovered(
                "No account is kept for trials, so no wrong password is tried: nobody is to be locked out.",
                remedy="Name accounts of [[accounts]] that nobody works with in [canary] users.",
            )
        self._target.hold_back("try a wrong password")
        # The first of them are those that trials are made with: better to risk the last.
        for account in reversed(trial_accounts):
            try:
                self._logged_in_as(way, account)
            except LogInRefused:
                continue
            break
        else:
            raise NotCovered(
                "None of the accounts kept for trials is let in, so no wrong password was tried.",
                remedy="See the finding about who cannot log in.",
            )
        try:
            with way.client() as client:
                accepted = client.accepts(account.username, uuid.uuid4().hex)
                _LOG.info("a wrong password of %s is %s", account.username, "taken" if accepted else "refused")
                return account, accepted
        finally:
            self._let_in_again(way, account)

    def nobody(self) -> tuple[str, str]:
        """A name that no account has, and a password. It looks like the canary's own, so that it counts for nothing."""
        self._target.hold_back("try a name that nobody has")
        patterns = [name for name in self._target.config.canary.users if name.endswith("*")]
        start = patterns[0].rstrip("*") if patterns else ""
        return f"{start}nobody.{uuid.uuid4().hex[:8]}", uuid.uuid4().hex

    def password_of(self, account: Account) -> str:
        return password_of(self._target, account)

    def _let_in_again(self, way: Way, account: Account) -> None:
        try:
            self._logged_in_as(way, account)
        except LogInRefused as refused:
            raise CheckFailed(
                replace(
                    refused.finding,
                    sentence=f"One wrong password was enough to keep {account.username} out of {way.channel.words}.",
                    detail=refused.finding.sentence,
                    next_step=f"Unlock {account.username}, and ask for more patience: everybody mistypes once a day.",
                    cause="locked-by-one-wrong-password",
                )
            ) from None

    def _logged_in_as(self, way: Way, account: Account) -> Who:
        """Log in and out again; as whom the system knows the account."""
        seat = self._target.seats.taken(account.username, way.channel.words)
        with seat, way.client() as client, entering(self._target, client, account):
            who = let_in(client, account)
        if _is(account, who) and who.is_shown:
            self._rights_confirmed[(way.channel, account.username)] = who
        return who


class _Turns:
    """One account after the other, for as long as a check may take; `left_out` are those whose turn did not come."""

    def __init__(self, target: Target) -> None:
        self._budget = target.time_budget
        self.taken = 0
        self.left_out: list[Account] = []

    def of(self, accounts: Sequence[Account]) -> Iterator[Account]:
        longest = 0.0
        with self._budget.running():
            for account in accounts:
                if self.taken and not self._budget.has(longest):
                    self.left_out.append(account)
                    continue
                began = time.monotonic()
                yield account
                longest = max(longest, time.monotonic() - began)
                self.taken += 1

    @property
    def gap(self) -> NotCovered:
        return self._budget.gap(f"Only {self.taken} of {self.taken + len(self.left_out)} accounts could be tried")


@contextmanager
def entered(way: WayOf[AnyClient], among: Sequence[Account]) -> Iterator[AnyClient]:
    """A client with the first of these people in it whom the system lets in: that one account is locked is for the
    check of the log-ins to tell, not for every other.

    Raises:
        LogInRefused: nobody of them is let in.
    """
    refused: LogInRefused | None = None
    with ExitStack() as stack:
        for account in among:
            try:
                client = stack.enter_context(way.client(account))
            except LogInRefused as error:
                refused = error
            else:
                yield client
                return
    if refused is None:
        raise NotCovered("Nobody is configured to log in as.", remedy="Add [[accounts]] to the target file.")
    raise refused


def entering(target: Target, client: Client, account: Account) -> AbstractContextManager[None]:
    """For the log-in of a client, however it does it: what a browser sends for it is let out."""
    page_session: PageSession | None = None if client.channel is Channel.API else getattr(client, "page_session", None)
    if page_session is None:
        return nullcontext()
    return page_session.guard.entering(account.username, password_of(target, account), pressed=True)


def _is(account: Account, who: Who) -> bool:
    same_name = who.username.casefold() == account.username.casefold()
    return same_name and (who.role, who.branch) == (account.role, account.branch)


def _not_shown(account: Account, way: Way) -> NotCovered:
    return NotCovered(
        f"{account.username} was not refused in {way.channel.words}, but nothing shows that it is in.",
        remedy="Say in [rest.who] with which request the system tells who is logged in, or name one of "
        "[[api.endpoints]] "
        "with as_role that answers nobody else.",
    )


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
            remedy="Provide the secret or remove the account.",
        ) from None
