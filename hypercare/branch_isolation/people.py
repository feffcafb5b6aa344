"""Who asks: somebody of each branch, all of one role."""

from __future__ import annotations

from hypercare.clients.accounts import Accounts
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import Account

_MOST_BRANCHES = 6


def of_each_branch(accounts: Accounts, role: str) -> list[Account]:
    """The first of the role in each branch, at most six.

    Raises:
        NotCovered: there are not two, of whom one could ask for what is the other's.
    """
    firsts = {one.branch: one for one in reversed(accounts.of(role=role)) if one.branch}
    if len(firsts) < 2:
        raise NotCovered(
            f"Fewer than two branches have an account of the role {role!r}, so nobody can be asked for another's "
            "records.",
            remedy=f"Add accounts ({role}) of two branches to [[accounts]] in the target file.",
        )
    return list(firsts.values())[-_MOST_BRANCHES:]
