"""Ids of what seldom changes: branches, people, products, accounts. Read once and kept."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.orm import InstrumentedAttribute

from demo_erp.errors import SetupProblem
from demo_erp.schema import Branch, LedgerAccount, Product, User
from demo_erp.traffic.branches import BranchProfile
from demo_erp.traffic.catalogue import Article
from demo_erp.traffic.people import Person


class Directory:
    """Looks up the ids of the rows that `opening` wrote. Raises SetupProblem when they are not there."""

    def __init__(self, connection: Connection) -> None:
        self._branches = _ids(connection, Branch.code, Branch.id)
        self._users = _ids(connection, User.username, User.id)
        self._products = _ids(connection, Product.sku, Product.id)
        self.accounts = _ids(connection, LedgerAccount.code, LedgerAccount.id)
        if not self._branches or not self.accounts:
            raise SetupProblem("the database holds no business; make one with: create")

    def branch(self, branch: BranchProfile) -> int:
        return _found(self._branches, branch.code, "branch")

    def own_branch(self, person: Person) -> int | None:
        """None for those who belong to no branch."""
        return self.branch(person.branch) if person.branch else None

    def user(self, person: Person) -> int:
        return _found(self._users, person.username, "user")

    def product(self, article: Article) -> int:
        return _found(self._products, article.sku, "product")


def _ids(
    connection: Connection, name: InstrumentedAttribute[str], identity: InstrumentedAttribute[int]
) -> dict[str, int]:
    return dict(connection.execute(select(name, identity)).all())


def _found(ids: dict[str, int], name: str, what: str) -> int:
    try:
        return ids[name]
    except KeyError:
        raise SetupProblem(f"the {what} {name} that the demo's traffic needs is not in the database") from None
