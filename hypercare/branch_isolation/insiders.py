"""Who asks through the API: people of one role, each of another branch, logged in once for all that they ask."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from hypercare.api.api import Api
from hypercare.branch_isolation.separation import branches_of
from hypercare.branch_isolation.turns import Requests, neighbours_of_day
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import ApiClient, SystemRefused
from hypercare.http.exchange import Exchange
from hypercare.http.throttling import require_not_throttled
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import Account

_MOST_BRANCHES = 3


@dataclass(frozen=True)
class Insider:
    who: Account
    client: ApiClient

    @property
    def branch(self) -> str:
        return str(self.who.branch)


class Insiders:
    """Logs people in when they are first needed; `stack` logs them out."""

    def __init__(self, api: Api, accounts: Accounts, stack: ExitStack, requests: Requests, day: int) -> None:
        self._api = api
        self._accounts = accounts
        self._stack = stack
        self._requests = requests
        self._day = day
        self._inside: dict[str, list[Insider]] = {}

    def of(self, role: str) -> Sequence[Insider]:
        """At most three of the role, of different branches that take turns by day; those who are not let in are left
        to the check of the log-ins."""
        if role not in self._inside:
            branches = neighbours_of_day(branches_of(self._accounts, role), self._day, _MOST_BRANCHES)
            entered = (self._entered(self._accounts.of(role=role, branch=branch)[0]) for branch in branches)
            self._inside[role] = [one for one in entered if one is not None]
        return self._inside[role]

    def of_branch(self, role: str, branch: str) -> Insider | None:
        """Somebody of this role and branch, whose turn it may not be."""
        inside = next((one for one in self.of(role) if one.branch == branch), None)
        accounts = self._accounts.of(role=role, branch=branch)
        if inside is None and accounts:
            inside = self._entered(accounts[0])
            if inside is not None:
                self._inside[role].append(inside)
        return inside

    def ask(self, insider: Insider, method: str, path: str, *, body: object = None, name: str = "") -> Exchange:
        self._requests.note()
        exchange = self._api.send(method, path, body=body, headers=insider.client.headers(), name=name)
        require_not_throttled(exchange)
        return exchange

    def _entered(self, account: Account) -> Insider | None:
        try:
            return Insider(account, self._stack.enter_context(self._api.client(account)))
        except (SystemRefused, NotCovered):
            return None
