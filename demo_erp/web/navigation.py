"""What somebody may do, in the words of the pages, and the way around the program that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from demo_erp.access import Caller

ENTRIES = (
    ("Dashboard", "/", "dashboard", ""),
    ("Sales", "/sales", "sales", "sales.read"),
    ("Production", "/production", "production", "production.read"),
    ("Costs", "/costs", "costs", "costs.read"),
    ("Branches", "/branches", "branches", "branches.read"),
    ("Users", "/users", "users", "users.read"),
    ("Activity", "/activity", "activity", "activity.read"),
    ("Issues", "/issues", "issues", "issues.read"),
)


@dataclass(frozen=True)
class Entry:
    """One link of the navigation."""

    label: str
    path: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Permissions:
    """What templates ask before they show a button; the service layer asks again."""

    caller: Caller

    @property
    def see_sales(self) -> bool:
        return self.caller.may("sales.read")

    @property
    def sell(self) -> bool:
        return self.caller.may("sales.write")

    @property
    def see_production(self) -> bool:
        return self.caller.may("production.read")

    @property
    def work(self) -> bool:
        return self.caller.may("production.write")

    @property
    def see_costs(self) -> bool:
        return self.caller.may("costs.read")

    @property
    def enter_costs(self) -> bool:
        return self.caller.may("costs.write")

    @property
    def manage_users(self) -> bool:
        return self.caller.may("users.write")

    @property
    def answer_issues(self) -> bool:
        return self.caller.may("issues.answer")


def navigation(caller: Caller, path: str) -> list[Entry]:
    """The links that the caller's role has use for; the one that leads to ``path`` is current."""
    return [
        Entry(label, target, icon, _leads_to(target, path))
        for label, target, icon, permission in ENTRIES
        if not permission or caller.may(permission)
    ]


def _leads_to(target: str, path: str) -> bool:
    return path == target or (target != "/" and path.startswith(f"{target}/"))
