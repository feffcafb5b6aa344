"""The list of sales as people of the business are shown it."""

from __future__ import annotations

from collections.abc import Sequence

from hypercare.clients.accounts import Accounts, entered
from hypercare.clients.client import SaleSeen, SystemRefused, Way
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Task
from hypercare.target_file.config import Account


def sales_shown_to_people(way: Way, accounts: Accounts) -> tuple[str | None, Sequence[SaleSeen]]:
    """The newest sales that somebody sees who sells, and their branch: not the one that is kept for trials, if there is
    another.

    Raises:
        NotCovered: nobody is let in, or they are not shown a list.
        ChannelDown: the way in cannot be reached.
    """
    seller = accounts.on_canary(Task.SELL)[0]
    others = [one for one in accounts.of(role=seller.role) if one.branch != seller.branch]
    who: Account = (others or [seller])[0]
    try:
        with entered(way, [who]) as client:
            return who.branch, client.sales_listed()
    except SystemRefused as refused:
        raise NotCovered(
            f"{who.username} is not shown the list of sales in {way.channel.words}, so it was not compared.",
            remedy="See the findings about log-ins and about trial sales.",
        ) from refused
