"""What an adapter promises: how a given system is entered and worked with, in the suite's own words.

A client is one way in (web, api or mobile) that one person at a time stands in. Every verb ends in what was seen, in
`NotCovered` when the system has no such thing, in `SystemRefused` when the system said no or did something else than
it was asked, or in `ChannelDown` when it cannot be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from inspect import getattr_static
from typing import Any, Protocol, TypeVar

from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import CheckFailed, NotCovered
from hypercare.target_file.business_terms import Channel, SaleKind, SaleState, StepState
from hypercare.target_file.config import Account


class SystemRefused(CheckFailed):
    """The system could be reached but did not do what it was asked. `status` is the HTTP status where there is one."""

    def __init__(
        self, channel: Channel, sentence: str, *, status: int | None = None, where: str = "", detail: str = ""
    ):
        super().__init__(Finding(sentence=sentence, where=where, detail=detail, cause=f"{channel}-refused"))
        self.channel = channel
        self.status = status


class LogInRefused(SystemRefused):
    """The name and password were answered with a clear no (wrong password, locked, disabled)."""


def canary_is_gone(name: str) -> NotCovered:
    """What is raised when the system works but no longer has what is kept for trials: nobody's trade is hindered."""
    return NotCovered(
        f"{name!r}, which is kept for trial transactions, is not there any more.",
        remedy="Put it back, or name another in [canary] of the target file.",
    )


@dataclass(frozen=True)
class Who:
    """As whom the system knows the person who logged in. `branch` is None for who belongs to none.

    `reported` are those of the three that the system itself told; the others are taken from the account. `is_shown` is
    whether something that only this account sees showed that it is in.
    """

    username: str
    role: str
    branch: str | None
    reported: frozenset[str] = field(default=frozenset({"username", "role", "branch"}), compare=False)
    is_shown: bool = field(default=True, compare=False)


@dataclass(frozen=True)
class LineToSell:
    product: str
    quantity: Decimal = Decimal(1)
    discount_percent: Decimal = Decimal(0)


@dataclass(frozen=True)
class SaleToMake:
    """`customer` and `product` are what the canary names; `reference` marks the record as the suite's own."""

    kind: SaleKind
    customer: str
    lines: tuple[LineToSell, ...]
    reference: str


@dataclass(frozen=True)
class LineSeen:
    description: str
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True)
class PaymentSeen:
    method: str
    amount: Decimal


@dataclass(frozen=True)
class SaleSeen:
    """A sale as one client shows it. What a client does not show is None or empty; `branch` is a code or a name.

    `raw_record` is the whole record as the system wrote it, where the client has it.
    """

    key: str
    number: str | None
    state: SaleState
    total: Decimal
    branch: str | None = None
    reference: str | None = None
    lines: tuple[LineSeen, ...] = ()
    payments: tuple[PaymentSeen, ...] = ()
    order: str | None = None
    raw_record: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class StepSeen:
    key: str
    name: str
    state: StepState


@dataclass(frozen=True)
class OrderSeen:
    """`progress` is in percent as shown; `steps` stand in their sequence."""

    key: str
    number: str
    state: str
    progress: int | None
    steps: tuple[StepSeen, ...]
    branch: str | None = None


class Client(Protocol):
    """One way in, with one person in it."""

    @property
    def channel(self) -> Channel: ...

    def log_in(self, account: Account) -> Who:
        """Raises LogInRefused when the system says no, SystemRefused when it does anything else."""
        ...

    def accepts(self, username: str, password: str) -> bool:
        """Whether this name and password would let anybody in; the client is left logged out."""
        ...

    def log_out(self) -> None: ...

    def is_logged_in(self) -> bool:
        """Whether the system still takes this client's session."""
        ...

    def create_sale(self, sale: SaleToMake) -> SaleSeen: ...

    def finalise_sale(self, key: str, method: str = "cash") -> SaleSeen:
        """Pay the whole total with one method and make the sale final."""
        ...

    def read_sale(self, key: str) -> SaleSeen | None:
        """The sale as it stands now; None when there is none of this key."""
        ...

    def undo_sale(self, key: str, reason: str) -> None:
        """Delete a draft, void a final sale; nothing happens to one that is void or gone."""
        ...

    def sales_listed(self, query: str = "") -> Sequence[SaleSeen]:
        """The newest sales that the person sees, at most a hundred, those that match `query` if given."""
        ...

    def sales_marked(self, mark: str, customer: str) -> Sequence[SaleSeen]:
        """The customer's sales that stand (draft or final) and whose reference begins with `mark`."""
        ...

    def order_of_sale(self, key: str) -> OrderSeen | None: ...

    def read_order(self, key: str) -> OrderSeen | None: ...

    def start_step(self, order: str, step: str) -> OrderSeen: ...

    def finish_step(self, order: str, step: str) -> OrderSeen: ...

    def add_cost(self, order: str, amount: Decimal, description: str) -> None: ...

    def close(self) -> None:
        """Log out if need be and let go of what is held; never raises."""
        ...


@dataclass
class Creation:
    """How far a client has come with a record whose creation takes several requests.

    `sent` says that one of them may have made it; `key` is known from the first answer on, and told to `on_key`;
    `is_marked_late` says that only a later request gives it the reference.
    """

    is_marked_late: bool = False
    sent: bool = False
    key: str | None = None
    on_key: Callable[[str], None] = lambda key: None

    def begin(self) -> None:
        self.sent, self.key = False, None

    def end(self) -> None:
        """It is whole."""
        self.key = None

    def made(self, key: str) -> None:
        if self.key is None:
            self.key = key
            self.on_key(key)


def creation_of(client: Client) -> Creation | None:
    """How far a client is with what it creates, for one that tells so in its attribute `creation`."""
    creation = getattr_static(client, "creation", None)
    return creation if isinstance(creation, Creation) else None


class ApiClient(Client, Protocol):
    def headers(self) -> Mapping[str, str]:
        """What a request must carry to be made by the person who is logged in."""
        ...

    def session_outlives_log_out(self) -> bool:
        """Log out, and whether the session that was is still taken."""
        ...


AnyClient = TypeVar("AnyClient", bound=Client, covariant=True)


class WayOf(Protocol[AnyClient]):
    """What clients of one kind are opened from."""

    def client(self, account: Account | None = None) -> AbstractContextManager[AnyClient]:
        """A new client, logged in as `account` if given, closed at the end."""
        ...


class Way(Protocol):
    """A resource that clients are opened from: `web`, `api` or `phone`."""

    @property
    def channel(self) -> Channel: ...

    def client(self, account: Account | None = None) -> AbstractContextManager[Client]:
        """A new client, logged in as `account` if given, closed at the end."""
        ...
