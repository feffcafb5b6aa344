"""The doors of the API together: which of them there are for whom, and which of them are tried today."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from urllib.parse import urlsplit

from hypercare.api.api import Api
from hypercare.branch_isolation.answers import BranchWords
from hypercare.branch_isolation.described_operations import DescribedOperation, described_operations
from hypercare.branch_isolation.insiders import Insiders
from hypercare.branch_isolation.matrix import Cell, Matrix, Verb
from hypercare.branch_isolation.reading_doors import ReadingDoors, ReadingTools
from hypercare.branch_isolation.separation import Separation
from hypercare.branch_isolation.turns import Requests, in_turn
from hypercare.clients.accounts import Accounts
from hypercare.target_file.sections.branch_isolation import BranchIsolationSection

# What one door may cost: of each of three people up to two records of another's, and what is asked to find them.
_MOST_OF_ONE = 18
# Of one request, in seconds: what is slower leaves less for a look.
_LONG = 0.5


def operations_described(api: Api) -> Sequence[DescribedOperation]:
    """Raises NotCovered where the API does not say what it can do."""
    return described_operations(api.description(), urlsplit(api.section.url).path)


def try_read_doors(api: Api, accounts: Accounts, separation: Separation, matrix: Matrix) -> None:
    """Try every described door that shows records, as many as one look may.

    Raises:
        NotCovered: the API does not say what it can do.
        ChannelDown: the API cannot be reached.
    """
    doors = [operation for operation in operations_described(api) if not operation.verb.writes]
    target = api.target
    section = target.config.branch_isolation or BranchIsolationSection()
    requests = Requests(section.most_requests)
    day = target.calendar.number_of(target.calendar.date_of(target.as_of))
    rest = target.config.rest
    word_of = rest.branches if rest is not None else {}
    with ExitStack() as stack, target.time_budget.running():
        tools = ReadingTools(
            Insiders(api, accounts, stack, requests, day),
            requests,
            BranchWords(accounts.branches, word_of),
            word_of,
            target.calendar.date_of(target.now()),
            matrix,
        )
        reading = ReadingDoors(doors, tools)
        for role, operation in in_turn(doors_held(doors, separation, matrix), day):
            cell = Cell(role, operation.entity, operation.verb)
            if not requests.has(_MOST_OF_ONE):
                matrix.not_tried(cell, requests.why_not)
            elif not target.time_budget.has(_MOST_OF_ONE * _LONG):
                matrix.not_tried(cell, "no time was left, since each answer took so long")
            else:
                reading.try_door(role, operation)


def doors_held(
    doors: Sequence[DescribedOperation], separation: Separation, matrix: Matrix
) -> list[tuple[str, DescribedOperation]]:
    """Each role with each door that may not lead it into another branch; why the others are left alone is noted."""
    held = []
    for operation in doors:
        if not _is_held(operation, separation):
            continue
        for role in separation.roles:
            if operation.untried:
                cell = Cell(role, operation.entity, operation.verb)
                matrix.not_tried(cell, f"{operation.words}: {operation.untried}")
            else:
                held.append((role, operation))
    return held


def _is_held(operation: DescribedOperation, separation: Separation) -> bool:
    if operation.verb is Verb.REPORT:
        return separation.holds_in_reports(operation.entity)
    is_inside = bool(operation.keys) and separation.holds_for(_owner_of(operation))
    return is_inside or separation.holds_for(operation.entity)


def _owner_of(operation: DescribedOperation) -> str:
    """What the records belong to that stand within one record: sales, for the lines of a sale."""
    return operation.collection.rpartition("/")[2]
