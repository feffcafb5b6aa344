"""The customers of each branch: those it opened with, and some new ones every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from demo_erp.traffic.branches import ALL_BRANCHES, BranchProfile
from demo_erp.traffic.randomness import pick, stream

KNOWN_AT_OPENING = 160
NEW_EACH_DAY = 14
REMEMBERED_DAYS = 21

_FIRST = (
    "Anna", "Marie", "Laura", "Sophie", "Lea", "Johanna", "Charlotte", "Hannah", "Emma", "Katharina",
    "Julia", "Lisa", "Sarah", "Maria", "Nele", "Frieda", "Ida", "Paula", "Merle", "Antonia", "Theresa",
    "Carla", "Miriam", "Leonie", "Pia", "Helena", "Dilara", "Aleksandra", "Chiara", "Inga", "Svenja",
    "Ronja", "Daniel", "Tim", "Lukas", "Maximilian", "David", "Jan", "Moritz", "Simon", "Philipp", "Emre",
    "Marek", "Niklas", "Hannes", "Fabian",
)  # fmt: skip
_LAST = (
    "Müller", "Schmidt", "Schneider", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Koch",
    "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Krause", "Lehmann",
    "Köhler", "Maier", "Hermann", "König", "Walter", "Huber", "Kaiser", "Fuchs", "Peters", "Scholz",
    "Möller", "Weiß", "Jung", "Hahn", "Vogel", "Friedrich", "Günther", "Berger", "Winter", "Beck",
    "Arslan", "Yilmaz", "Nowicki", "Petrov", "Silva", "Conti", "Jensen", "Lorenzen", "Ahrens", "Thomsen",
    "Behrens", "Reimann", "Ostermann", "Lindemann",
)  # fmt: skip


@dataclass(frozen=True)
class Buyer:
    """A customer. The phone number is the customer's own and nobody else's."""

    branch: BranchProfile
    name: str
    phone: str

    def __hash__(self) -> int:
        return hash(self.phone)


TRAINING_CUSTOMER = "Training customer"


class Customers:
    """Who is known to a branch on a day, worked out from the seed and the date alone."""

    def __init__(self, seed: int, go_live: date) -> None:
        self.seed = seed
        self.go_live = go_live
        self.at_opening = lru_cache(maxsize=None)(self._at_opening)
        self.new_on = lru_cache(maxsize=400)(self._new_on)

    def known_by(self, branch: BranchProfile, day: date) -> list[Buyer]:
        """Those a branch can sell to again: from the opening and from the last weeks before `day`."""
        buyers = list(self.at_opening(branch))
        for back in range(REMEMBERED_DAYS, 0, -1):
            earlier = day - timedelta(days=back)
            if earlier >= self.go_live:
                buyers.extend(self.new_on(branch, earlier))
        return buyers

    def _at_opening(self, branch: BranchProfile) -> tuple[Buyer, ...]:
        return self._some(branch, KNOWN_AT_OPENING if not branch.training else 12, 0)

    def _new_on(self, branch: BranchProfile, day: date) -> tuple[Buyer, ...]:
        """Always enter this many, so that tomorrow's regulars do not hang on how today went."""
        if branch.training or day.weekday() not in branch.hours:
            return ()
        return self._some(branch, NEW_EACH_DAY, (day - self.go_live).days + 1)

    def _some(self, branch: BranchProfile, count: int, batch: int) -> tuple[Buyer, ...]:
        chance = stream(self.seed, "customers", branch.code, batch)
        place = ALL_BRANCHES.index(branch)
        return tuple(
            Buyer(branch, f"{pick(chance, _FIRST)} {pick(chance, _LAST)}", _phone(place, batch, number))
            for number in range(count)
        )


def _phone(place: int, batch: int, number: int) -> str:
    """A number of its own from a range that belongs to nobody; the odd factor shuffles without repeating."""
    serial = (place * 20_000_000 + batch * 1_000 + number) * 38_867_309 % 100_000_000
    return f"+49 1555 {serial:08d}"
