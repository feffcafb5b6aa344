"""Branch isolation as the checks speak of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hypercare.api.api import Api
from hypercare.branch_isolation.of_lists import ListsOfBranches
from hypercare.branch_isolation.of_sales import sales_shown_to_others
from hypercare.branch_isolation.separation import Separation, records_of_branches, separation_of
from hypercare.branch_isolation.shown import Shown
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import Way
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.target import Target

if TYPE_CHECKING:
    from hypercare.branch_isolation.matrix import Matrix
    from hypercare.database.database import Database
    from hypercare.trials.synthetic import Synthetic


class BranchIsolation:
    """Asks, as people of every branch, for what stands in another.

    Every method raises NotCovered when it is agreed that branches see each other's records, and ChannelDown when the
    channel cannot be reached. Those whose name begins with `doors` return the matrix of what they tried; each says in
    it why a door was left alone, and raises NotCovered only where its way in has none that could be tried.
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

    def doors_that_read(self, api: Api) -> Matrix:
        """What the API describes that shows records: lists, searches, single records, exports, reports.

        Where it does not describe itself: what the adapter's client can do there.
        """
        from hypercare.branch_isolation.doors_of_api import try_read_doors
        from hypercare.branch_isolation.doors_of_clients import DoorsOfClients

        def look(separation: Separation, matrix: Matrix) -> None:
            if api.section.description is None:
                DoorsOfClients(self._target, self._accounts, api, api, matrix).try_all(separation)
            else:
                try_read_doors(api, self._accounts, separation, matrix)

        return self._matrix("API", look)

    def doors_that_write(self, api: Api, synthetic: Synthetic) -> Matrix:
        """What the API describes that changes records, tried on the canary's own alone; only where that is allowed."""
        from hypercare.branch_isolation.doors_to_canary import DoorsToCanary

        return self._matrix(
            "API",
            lambda separation, matrix: DoorsToCanary(api, self._accounts, synthetic, separation, matrix).try_all(),
        )

    def doors_of_pages(self, way: Way, api: Api) -> Matrix:
        """What the pages of the web app, or of the phone, show of another branch's sales."""
        from hypercare.branch_isolation.doors_of_clients import DoorsOfClients

        return self._matrix(
            way.channel.words.removeprefix("the "),
            lambda separation, matrix: DoorsOfClients(self._target, self._accounts, way, api, matrix).try_all(
                separation
            ),
        )

    def doors_of_database(self, database: Database) -> Matrix:
        """What users of the database who are of one branch are shown of another's."""
        from hypercare.branch_isolation.doors_of_database import DoorsOfDatabase

        section = self._target.config.branch_isolation
        if section is None or not section.database_roles:
            raise NotCovered(
                "No user of the database is named who is to see one branch alone.",
                remedy="Where there is one, name it in [[branch_isolation.database_roles]].",
            )
        return self._matrix(
            "database",
            lambda separation, matrix: DoorsOfDatabase(self._target, database, matrix).try_all(
                section.database_roles, separation
            ),
            records_of_branches(self._target),
        )

    def _matrix(
        self, way: str, look: Callable[[Separation, Matrix], None], separation: Separation | None = None
    ) -> Matrix:
        from hypercare.branch_isolation.matrix import Matrix

        matrix = Matrix(way)
        try:
            look(separation or separation_of(self._target, self._accounts), matrix)
        finally:
            matrix.tell()
        return matrix

    def _require_isolation(self) -> None:
        if self._target.config.business.branches_see_each_other:
            raise NotCovered("Branches may see each other's records.", remedy="Nothing to mend: that is agreed.")
