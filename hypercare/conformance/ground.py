"""What every promise is tried on: the target, the people, one way in."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from hypercare.api.api import Api
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import Client, SystemRefused, Way
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel, Task
from hypercare.target_file.config import Account
from hypercare.target_file.secrets import SecretReference
from hypercare.target_file.target import Target
from hypercare.trials.synthetic import Synthetic


@dataclass
class Ground:
    target: Target
    way: Way

    def __post_init__(self) -> None:
        self.accounts = Accounts(self.target)
        self.synthetic = Synthetic(self.target, self.accounts, (self.way,))

    @property
    def seller(self) -> Account:
        """Who sells on the canary branch."""
        return self.accounts.on_canary(Task.SELL)[0]

    @property
    def stranger(self) -> Account:
        """Somebody of another branch, of the seller's role if there is one.

        Raises:
            NotCovered: nobody of another branch is configured.
        """
        seller = self.seller
        others = [one for one in self.accounts if one.branch and one.branch != seller.branch]
        if not seller.branch or not others:
            raise NotCovered(
                "Nobody of another branch is configured, so nothing can be said of branches.",
                remedy="Add an account of another branch to [[accounts]] in the target file.",
            )
        return min(others, key=lambda one: one.role != seller.role)

    @property
    def nobody(self) -> Account:
        """A name that no account has, with a password that is nobody's."""
        name, password = self.accounts.nobody()
        self.target.state.mkdir(parents=True, exist_ok=True)
        file = self.target.state / "nobodys-password.txt"
        file.write_text(password, encoding="utf-8")
        return Account(username=name, password=SecretReference(file=file), role="nobody")

    def client(self, account: Account | None = None) -> AbstractContextManager[Client]:
        return self.way.client(account)

    def client_for(self, task: Task) -> AbstractContextManager[Client]:
        return self.accounts.client_for(self.way, task)

    @contextmanager
    def elsewhere(self, url: str, *, timeout_s: float | None = None) -> Iterator[Api]:
        """The API as if it were at another address."""
        config = self.target.config
        if self.way.channel is not Channel.API or config.api is None:
            raise NotCovered("This is tried on the API.", remedy="Run it with --way api.")
        change: dict[str, object] = {"url": url}
        if timeout_s is not None:
            from datetime import timedelta

            change["timeout"] = timedelta(seconds=timeout_s)
        moved = config.model_copy(update={"api": config.api.model_copy(update=change)})
        api = Api(Target(moved, self.target.state, self.target.as_of, self.target.redactor))
        try:
            yield api
        finally:
            api.close()

    def close(self) -> None:
        self.synthetic.close()
        (self.target.state / "nobodys-password.txt").unlink(missing_ok=True)


def never_was(key: str) -> str:
    """A key of the same shape that no record has."""
    before, number = key.rstrip("0123456789"), key[len(key.rstrip("0123456789")) :]
    if number and (not before or not before[-1].isalnum()):
        return f"{before}{10 ** max(9, len(number)) - 7}"
    try:
        uuid.UUID(key)
    except ValueError:
        return f"{key[:2]}-no-such-{uuid.uuid4().hex[:6]}"
    return str(uuid.uuid4())


def is_refused(client: Client, key: str) -> bool:
    """Whether the client keeps a record from who stands in it."""
    try:
        return client.read_sale(key) is None
    except SystemRefused:
        return True
