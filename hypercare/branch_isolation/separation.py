"""What is agreed to be a branch's own, and who is held to it: nothing else is ever an alarm."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from hypercare.branch_isolation.address_words import about, is_search
from hypercare.clients.accounts import Accounts
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Task
from hypercare.target_file.sections.branch_isolation import BranchIsolationSection
from hypercare.target_file.target import Target

SALES, ORDERS, COSTS = "sales", "orders", "costs"
_OURS = {"production_order": ORDERS}


def plain_name(entity: str) -> str:
    """By which two names of one kind of record are the same: "Sales" and "sale"."""
    name = entity.casefold().replace("-", "_").replace(" ", "_")
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name.removesuffix("s") if not name.endswith("ss") else name


@dataclass(frozen=True)
class Separation:
    """`entities` are a branch's own, by their plain names; people of `roles` see their own branch's alone.

    Sales belong to one in any case: what the suite itself knows for a sale, by a client or in the database. What an
    API's address calls so may be something else.
    """

    entities: frozenset[str]
    roles: tuple[str, ...]

    def holds_for(self, entity: str) -> bool:
        return plain_name(entity) in self.entities

    def why_not(self, entity: str) -> str:
        return f"nobody says that {entity} belong to one branch ([branch_isolation] entities)"


def separation_of(target: Target, accounts: Accounts) -> Separation:
    """What the target file declares.

    Raises:
        NotCovered: branches may see each other's records, or nobody is configured who is held to their own.
    """
    if target.config.business.branches_see_each_other:
        raise NotCovered("Branches may see each other's records.", remedy="Nothing to mend: that is agreed.")
    section = target.config.branch_isolation or BranchIsolationSection()
    lists = target.config.api.branch_lists if target.config.api is not None else ()
    roles = section.roles or _roles_that_sell(accounts) + tuple(role for one in lists for role in one.as_roles)
    with_two_branches = tuple(role for role in dict.fromkeys(roles) if len(branches_of(accounts, role)) > 1)
    if not with_two_branches:
        raise NotCovered(
            "Fewer than two branches have an account of a role that may see its own branch's records alone"
            f" ({', '.join(dict.fromkeys(roles)) or 'none is known'}), so nobody can be asked for another's.",
            remedy="Add accounts of two branches to [[accounts]], and name their role in [branch_isolation] roles.",
        )
    rest = target.config.rest
    by_client = [one.path for one in (*rest.list_sales, *rest.read_sale)] if rest is not None else []
    named = {name for path in (*(one.path for one in lists), *by_client) for name in _names_in(path)}
    shared = {plain_name(_OURS.get(name, name)) for name in target.config.mapping.shared_by_design}
    declared = {plain_name(name) for name in section.entities}
    return Separation(frozenset((declared | named) - shared), with_two_branches)


def branches_of(accounts: Accounts, role: str) -> list[str]:
    """The branches that somebody of the role belongs to, in the order of the target file."""
    return list(dict.fromkeys(str(one.branch) for one in accounts.of(role=role) if one.branch))


def _roles_that_sell(accounts: Accounts) -> tuple[str, ...]:
    with suppress(NotCovered):
        return (accounts.on_canary(Task.SELL)[0].role,)
    return ()


def _names_in(path: str) -> list[str]:
    """What the address of a declared list is about."""
    names = [part for part in urlsplit(path).path.split("/") if part and "{" not in part]
    name = about(names) if names else ""
    return [plain_name(name)] if name and not is_search(name) else []
