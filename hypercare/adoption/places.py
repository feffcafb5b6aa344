"""From which networks people log in: the known ones, and one that nobody ever came from before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from sqlalchemy import ColumnElement, func, select

from hypercare.database.database import Database
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.portable import count_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.resource import Resource
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.seals import Seals
from hypercare.seals.window import Watch
from hypercare.target_file.target import Target

Network = IPv4Network | IPv6Network
# Addresses of one network are one place: a shop's line, a provider's customers nearby.
_PREFIX = {4: 24, 6: 48}
_MOST_ADDRESSES = 20_000
# After so many days of log-ins the places are known; if new ones come all the same, people come from everywhere.
_LEARNING = timedelta(days=2)
_LEAST_DAYS = timedelta(days=3)
_LEAST_LOG_INS = 20
_SETTLED_SHARE = 0.05
# So many failed from there, and more than went well: whoever came in had been guessing. A branch whose line has a new
# address mistypes, too.
_GUESSES = 3
# Networks of a house of its own, and those that providers put between a house and the world.
_OF_A_HOUSE = tuple(
    ip_network(one)
    for one in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
    )
)


@dataclass(frozen=True)
class _Seen:
    """When somebody first came from a network, and how many log-ins there were."""

    first: datetime
    log_ins: int


@dataclass(frozen=True)
class _Arrival:
    network: Network
    row: Mapping[str, object]
    is_grave: bool


class Places(Resource):
    """The networks of successful log-ins; those of the canary's people are left out."""

    def __init__(self, target: Target, database: Database, seals: Seals) -> None:
        super().__init__(target, database)
        self._seals = seals

    def from_outside(self) -> Found:
        """Log-ins of the last day from a network that nobody came from before, and that cannot be one of the house's.

        All others are private and this one is not, or more log-ins failed from there than went well.
        Raises NotCovered as `_arrivals` does.
        """
        return self._found(grave=True)

    def from_a_new_network(self) -> Found:
        """The other log-ins of the last day from a network that nobody came from before.

        Raises NotCovered as `_arrivals` does.
        """
        return self._found(grave=False)

    def _found(self, *, grave: bool) -> Found:
        records, _, _ = self._log_ins()
        rows = [dict(one.row) for one in self._arrivals() if one.is_grave is grave]
        return self.model.found(rows, of=None, place=records.place)

    def _arrivals(self) -> Sequence[_Arrival]:
        """Who came lately from where nobody came before, each person from each network once.

        Raises NotCovered where too little is known yet, or people come from ever new networks.
        """
        since = self.last_day.start
        familiar = {network: one for network, one in self._networks().items() if one.first < since}
        _require_settled(familiar, since)
        all_of_houses = all(_is_of_a_house(network) for network in familiar)
        found: dict[tuple[Network, object], _Arrival] = {}
        guessed = self._guessed_from()
        for row in self._lately():
            network = network_of(row["address"])
            if network is None or network in familiar or (network, row["who"]) in found:
                continue
            grave = (all_of_houses and not _is_of_a_house(network)) or network in guessed
            found[network, row["who"]] = _Arrival(network, self._shown(row), grave)
        return tuple(found.values())

    # -- what is known ---------------------------------------------------------------------------------------

    def _networks(self) -> Mapping[Network, _Seen]:
        """The networks of the hypercare period, of which only what came since the last round is read."""
        records, _, _ = self._log_ins()
        watch = Watch(records.entity, "at" if records.entity == "login_attempt" else "created_at")
        remembered = self._seals.accumulated("networks of log-ins", watch, self._read, _added)
        seen = {
            ip_network(name): _Seen(datetime.fromisoformat(first), many) for name, (first, many) in remembered.items()
        }
        if not seen:
            raise NotCovered(
                f"No log-in of which the address is known is in {records.place}.", remedy="Look again tomorrow."
            )
        return seen

    def _read(self, period: Period) -> Mapping[str, tuple[str, int]]:
        records, at, only = self._log_ins()
        start = max(period.start, self.model.hypercare.start)
        if start >= period.end:
            return {}
        statement = (
            select(records["address"].label("address"), func.min(at.raw).label("first"), func.count().label("many"))
            .where(at.within(Period(start, period.end)), *only, *self.model.excluding_canary(records))
            .group_by(records["address"])
            .limit(_MOST_ADDRESSES)
        )
        found: dict[str, tuple[str, int]] = {}
        for row in self.model.database.rows(statement, about="addresses of log-ins"):
            network, first = network_of(row["address"]), at.timestamp_format.decode(row["first"])
            if network is not None and first is not None:
                one = {str(network): (first.astimezone(UTC).isoformat(), int(row["many"]))}
                found = _added(found, one)
        return found

    def _log_ins(self) -> tuple[Records, Instant, Sequence[ColumnElement[bool]]]:
        if self.model.has("login_attempt", "address", "succeeded", "at"):
            attempt = self.model.records("login_attempt")
            return attempt, attempt.instant("at"), [attempt.flag("succeeded")]
        if self.model.has("session", "address", "created_at"):
            session = self.model.records("session")
            return session, session.instant("created_at"), []
        raise NotCovered(
            "From which address people log in is not mapped.",
            remedy="Map address in [mapping.login_attempt] or [mapping.session].",
        )

    # -- the last day ----------------------------------------------------------------------------------------

    def _lately(self) -> Iterator[Mapping[str, Any]]:
        records, at, only = self._log_ins()
        who = next((field for field in ("username", "user") if records.has(field)), "address")
        statement = (
            select(records["address"].label("address"), records[who].label("who"), func.min(at.raw).label("first"))
            .where(at.within(self.last_day), *only, *self.model.excluding_canary(records))
            .group_by(records["address"], records[who])
            .limit(_MOST_ADDRESSES)
        )
        yield from self.model.database.rows(statement, about="log-ins of the last day")

    def _guessed_from(self) -> Collection[Network]:
        """The networks from which log-ins failed in the last day, and more of them than went well."""
        if not self.model.has("login_attempt", "address", "succeeded", "at"):
            return ()
        attempt = self.model.records("login_attempt")
        failed = count_if(~attempt.flag("succeeded"))
        statement = (
            select(attempt["address"].label("address"), failed.label("failed"), func.count().label("tried"))
            .where(attempt.instant("at").within(self.last_day), *self.model.excluding_canary(attempt))
            .group_by(attempt["address"])
            .limit(_MOST_ADDRESSES)
        )
        failures, tries = Counter[Network](), Counter[Network]()
        for row in self.model.database.rows(statement, about="addresses of failed log-ins"):
            network = network_of(row["address"])
            if network is not None:
                failures[network] += int(row["failed"])
                tries[network] += int(row["tried"])
        return {one for one, many in failures.items() if many >= _GUESSES and 2 * many > tries[one]}

    def _shown(self, row: Mapping[str, Any]) -> dict[str, object]:
        _, at, _ = self._log_ins()
        who = {} if row["who"] == row["address"] else {"user": row["who"]}
        return {**who, "from": row["address"], "at": self.model.shown_time(at).readable(row["first"])}


def network_of(address: object) -> Network | None:
    """The one that is one place; None for what is no address of the internet's."""
    try:
        one = ip_address(str(address).partition("%")[0].strip())
    except ValueError:
        return None
    return ip_network(f"{one}/{_PREFIX[one.version]}", strict=False)


def _is_of_a_house(network: Network) -> bool:
    return any(network.version == one.version and network.network_address in one for one in _OF_A_HOUSE)


def _added(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    found = {name: (str(first), int(many)) for name, (first, many) in earlier.items()}
    for name, (first, many) in later.items():
        familiar = found.get(name)
        found[name] = (first, many) if familiar is None else (min(familiar[0], first), familiar[1] + many)
    return found


def _require_settled(familiar: Mapping[Network, _Seen], since: datetime) -> None:
    """Raises NotCovered where it is not known yet from where people come, or they come from anywhere."""
    first = min((one.first for one in familiar.values()), default=since)
    log_ins = sum(one.log_ins for one in familiar.values())
    if since - first < _LEAST_DAYS - timedelta(days=1) or log_ins < _LEAST_LOG_INS:
        raise NotCovered(
            "Not enough history: from where people usually log in is known after three days of log-ins.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    later = sum(one.first > first + _LEARNING for one in familiar.values())
    if later > _SETTLED_SHARE * len(familiar):
        raise NotCovered(
            f"{later} of {len(familiar)} networks from which people log in came up after the first two days: "
            "they come from ever new ones, so that another one says nothing.",
            remedy="Nothing to mend, unless people are to come from a few places only.",
        )
