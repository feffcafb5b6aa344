"""What is agreed to be a branch's own, and who is held to it: nothing else is ever an alarm."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from hypercare.branch_isolation.address_words import about, is_report, is_search
from hypercare.clients.accounts import Accounts
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Task
from hypercare.target_file.sections.branch_isolation import BranchIsolationSection
from hypercare.target_file.sections.branch_lists import BranchList
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
    """`entities` are a branch's own, by their plain names, and those of `in_reports` in sums too; people of `roles` see
    their own branch's alone.

    Sales belong to one in any case: what the suite itself knows for a sale, by a client or in the database. What an
    API's address calls so may be something else.
    """

    entities: frozenset[str]
    roles: tuple[str, ...]
    in_reports: frozenset[str] = frozenset()

    def holds_for(self, entity: str) -> bool:
        return plain_name(entity) in self.entities

    def holds_in_reports(self, entity: str) -> bool:
        """Whether sums of them are a branch's own as well: who may not see a sale may know which shop sold most."""
        return plain_name(entity) in self.in_reports


def separation_of(target: Target, accounts: Accounts) -> Separation:
    """What the target file declares.

    Raises:
        NotCovered: branches may see each other's records, or nobody is configured who is held to their own.
    """
    records = records_of_branches(target)
    section = target.config.branch_isolation or BranchIsolationSection()
    lists = _declared_lists(target)
    roles = section.roles or _roles_that_sell(accounts) + tuple(role for one in lists for role in one.as_roles)
    with_two_branches = tuple(role for role in dict.fromkeys(roles) if len(branches_of(accounts, role)) > 1)
    if not with_two_branches:
        raise NotCovered(
            "Fewer than two branches have an account of a role that may see its own branch's records alone"
            f" ({', '.join(dict.fromkeys(roles)) or 'none is known'}), so nobody can be asked for another's.",
            remedy="Add accounts of two branches to [[accounts]], and name their role in [branch_isolation] roles.",
        )
    return replace(records, roles=with_two_branches)


def records_of_branches(target: Target) -> Separation:
    """The same without anybody's role, as a user of the database has none.

    Raises:
        NotCovered: branches may see each other's records.
    """
    if target.config.business.branches_see_each_other:
        raise NotCovered("Branches may see each other's records.", remedy="Nothing to mend: that is agreed.")
    section, lists = target.config.branch_isolation or BranchIsolationSection(), _declared_lists(target)
    rest = target.config.rest
    by_client = [one.path for one in (*rest.list_sales, *rest.read_sale)] if rest is not None else []
    records = [one.path for one in lists if not names_a_report(one.path)]
    named = {name for path in (*records, *by_client) for name in _names_in(path)}
    shared = {plain_name(_OURS.get(name, name)) for name in target.config.mapping.shared_by_design}
    declared = {plain_name(name) for name in section.entities}
    summed = {name for one in lists if names_a_report(one.path) for name in _names_in(one.path)}
    return Separation(frozenset((declared | named) - shared), (), frozenset((declared | summed) - shared))


def _declared_lists(target: Target) -> Sequence[BranchList]:
    return target.config.api.branch_lists if target.config.api is not None else ()


def branches_of(accounts: Accounts, role: str) -> list[str]:
    """The branches that somebody of the role belongs to, in the order of the target file."""
    return list(dict.fromkeys(str(one.branch) for one in accounts.of(role=role) if one.branch))


def _roles_that_sell(accounts: Accounts) -> tuple[str, ...]:
    with suppress(NotCovered):
        return (accounts.on_canary(Task.SELL)[0].role,)
    return ()


def names_a_report(path: str) -> bool:
    return any(is_report(part) for part in urlsplit(path).path.split("/"))


def _names_in(path: str) -> list[str]:
    """What the address of a declared list is about."""
    names = [part for part in urlsplit(path).path.split("/") if part and "{" not in part]
    name = about(names) if names else ""
    return [plain_name(name)] if name and not is_search(name) else []
