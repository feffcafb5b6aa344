"""The people of the business and their habits, and the accounts the administrator keeps to try the system out."""

from __future__ import annotations

from dataclasses import dataclass

from demo_erp.traffic.branches import ALL_BRANCHES, HEAD_OFFICE, BranchProfile
from demo_erp.traffic.randomness import stream

BRANCH_ROLES = ("manager", "sales", "production")
MANAGERS_ALIKE = ("owner", "administrator", "manager")

_STAFF: dict[str | None, dict[str, tuple[str, ...]]] = {
    None: {"owner": ("Rosalind Wood",), "administrator": ("Tobias Krüger",)},
    "HAR": {
        "manager": ("Henrike Sommer",),
        "sales": ("Lena Hartmann", "Jonas Petersen", "Aylin Demir", "Clara Voss"),
        "production": ("Marta Nowak", "Piet Janssen", "Sofia Rossi", "Greta Lindner"),
    },
    "OLD": {
        "manager": ("Friedrich Albers",),
        "sales": ("Nina Castello", "Paul Weidner", "Emilia Braun"),
        "production": ("Ivana Horvat", "Oskar Thiele", "Hanna Winkler"),
    },
    "GAR": {
        "manager": ("Yasmin Haddad",),
        "sales": ("Luca Moretti", "Sarah Engel", "Noah Fischer", "Mia Schubert"),
        "production": ("Teresa Alvarez", "Viktor Lang", "Julia Seidel"),
    },
    "NOR": {
        "manager": ("Anke Brandt",),
        "sales": ("Felix Martens", "Zoe Kaufmann", "Elif Yildiz"),
        "production": ("Wanda Kowalska", "Bruno Keller", "Amara Okafor", "Ida Lorenz"),
    },
    "TRN": {
        "manager": ("Milan Trautmann",),
        "sales": ("Stella Anders",),
        "production": ("Ruben Falk",),
    },
}
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "."})


@dataclass(frozen=True)
class Person:
    """Somebody who works here. What is below `place` are habits, and differ from person to person."""

    username: str
    full_name: str
    role: str
    branch: BranchProfile | None
    place: int  # position among the people of the same branch and role
    desk: int  # last part of the address of the own machine
    pace: float  # 1.0 is usual; more is slower
    cash_liking: float  # more asks for cash more often
    discount_share: float  # share of lines on which a discount is given
    typo_share: float  # share of sales in which a line is mistyped first
    phone_share: float  # share of work done on the phone
    misremembers: float  # share of days on which the password is wrong at first

    def __hash__(self) -> int:
        return hash(self.username)

    @property
    def seat(self) -> BranchProfile:
        """The branch the person works in; head office for who belongs to none."""
        return self.branch or HEAD_OFFICE

    @property
    def in_training(self) -> bool:
        return self.branch is not None and self.branch.training

    def address(self, channel: str) -> str:
        """The address the person's machine or phone has in the branch's network."""
        return f"{self.seat.network}.{self.desk + (100 if channel == 'mobile' else 0)}"


def username_of(full_name: str) -> str:
    return full_name.lower().translate(_PLAIN)


def _person(full_name: str, role: str, branch: BranchProfile | None, place: int, desk: int) -> Person:
    chance = stream(0, "habits", full_name)
    return Person(
        username=username_of(full_name),
        full_name=full_name,
        role=role,
        branch=branch,
        place=place,
        desk=desk,
        pace=0.8 + 0.45 * chance.random(),
        cash_liking=0.6 + 0.9 * chance.random(),
        discount_share=0.05 + 0.2 * chance.random(),
        typo_share=0.02 + 0.06 * chance.random(),
        phone_share=(0.65 if role == "production" else 0.15) + 0.25 * chance.random(),
        misremembers=0.01 + 0.05 * chance.random(),
    )


def _everybody() -> tuple[Person, ...]:
    by_code = {branch.code: branch for branch in ALL_BRANCHES}
    people = []
    for code, roles in _STAFF.items():
        desk = 11 if code else 201
        for role, names in roles.items():
            for place, full_name in enumerate(names):
                people.append(_person(full_name, role, by_code[code] if code else None, place, desk))
                desk += 1
    return tuple(people)


PEOPLE = _everybody()
OWNER = next(person for person in PEOPLE if person.role == "owner")
ADMINISTRATOR = next(person for person in PEOPLE if person.role == "administrator")


def staff(branch: BranchProfile, role: str) -> tuple[Person, ...]:
    """The people of a branch in one role, in their fixed order."""
    return tuple(person for person in PEOPLE if person.branch is branch and person.role == role)


@dataclass(frozen=True)
class CheckAccount:
    """An account without a person behind it, for trying out what a role may see and do."""

    username: str
    full_name: str
    role: str
    branch: BranchProfile | None


def check_accounts() -> list[CheckAccount]:
    """One for the owner, one for the administrator, one for every role of every branch."""
    accounts = [
        CheckAccount("check.owner", "Check account, owner", "owner", None),
        CheckAccount("check.administrator", "Check account, administrator", "administrator", None),
    ]
    for branch in ALL_BRANCHES:
        for role in BRANCH_ROLES:
            name = f"Check account, {branch.name}, {role}"
            accounts.append(CheckAccount(f"check.{branch.code.lower()}.{role}", name, role, branch))
    return accounts
