"""Branch isolation as the checks speak of it."""

from __future__ import annotations

from hypercare.api.api import Api
from hypercare.branch_isolation.of_lists import ListsOfBranches
from hypercare.branch_isolation.of_sales import sales_shown_to_others
from hypercare.branch_isolation.shown import Shown
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import Way
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.target import Target


class BranchIsolation:
    """Asks, as people of every branch, for what stands in another.

    Every method raises NotCovered when it is agreed that branches see each other's records, and ChannelDown when the
    channel cannot be reached.
    """

    def __init__(self, target: Target, accounts: Accounts) -> None:
        self._target = target
        self._accounts = accounts

    def sales_shown_to_others(self, way: Way) -> Shown:
        """Sales that people are shown of another branch: in the list, by the number of a sale, by its key."""
        self._require_isolation()
        return sales_shown_to_others(way, self._accounts)

    def records_shown_to_others(self, api: Api) -> Shown:
        """Records of any kind that people are shown of another branch, by the lists of [[api.branch_lists]]."""
        self._require_isolation()
        lists = api.section.branch_lists
        if not lists:
            raise NotCovered(
                "No list is named that shows each person their own branch's records alone.",
                remedy="Name exports, reports and searches in [[api.branch_lists]].",
            )
        return ListsOfBranches(api, self._accounts).records_shown_to_others(lists)

    def _require_isolation(self) -> None:
        if self._target.config.business.branches_see_each_other:
            raise NotCovered("Branches may see each other's records.", remedy="Nothing to mend: that is agreed.")
