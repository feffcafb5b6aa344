"""Users of the database who are to see one branch alone: what the mapped tables show them all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from hypercare.branch_isolation.matrix import Cell, Matrix, Verb
from hypercare.branch_isolation.separation import Separation, plain_name
from hypercare.database.database import Database
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.signals import ChannelDown, CheckFailed, NotCovered
from hypercare.target_file.config import Account
from hypercare.target_file.secrets import SecretReference
from hypercare.target_file.sections.branch_isolation import DatabaseRole
from hypercare.target_file.target import Target

# Of the newest: whoever sees all branches sees several among them, and no table is gone through.
_MOST_ROWS = 1000
_NAMES = {"production_order": "orders", "ledger_entry": "ledger entries"}


class DoorsOfDatabase:
    def __init__(self, target: Target, database: Database, matrix: Matrix) -> None:
        self._target = target
        self._model = Model(target, database)
        self._matrix = matrix

    def try_all(self, roles: tuple[DatabaseRole, ...], separation: Separation) -> None:
        """Raises NotCovered where the mapping does not say which records belong to which branch."""
        entities = [entity for entity in self._with_branch() if self._is_separate(entity, separation)]
        if not entities:
            raise NotCovered(
                "No mapped entity has a branch.", remedy="Map the field branch of sales in [mapping.sale] columns."
            )
        for role in roles:
            own = [key for key, word in self._model.branch_words.items() if word == role.branch] or [role.branch]
            asked = Database(_seen_by(self._target, role))
            try:
                for entity in entities:
                    self._try(role, entity, own, asked)
            finally:
                asked.close()

    def _try(self, role: DatabaseRole, entity: str, own: list[object], database: Database) -> None:
        cell = Cell(role.name, _NAMES.get(entity, f"{entity}s"), Verb.LIST)
        records = self._model.records(entity)
        try:
            branches = {
                row["branch"] for row in database.rows(_branches_of_newest(records), about=f"{entity} of others")
            }
        except ChannelDown as down:
            self._matrix.not_tried(cell, f"it does not get into the database: {down.finding.sentence}".rstrip("."))
            return
        except (NotCovered, CheckFailed) as refused:
            # A table that it may not read at all is closed to it.
            self._matrix.not_tried(cell, f"it may not read {records.place}: {refused}".rstrip("."))
            return
        others = {str(one) for one in branches} - {str(one) for one in own}
        if others:
            owner = min(self._model.branch_words.get(one, str(one)) for one in branches if str(one) in others)
            self._matrix.opened(cell, f"reading {records.place}", _as_account(role), owner, f"{len(others)} branches")
        elif branches:
            self._matrix.held(cell, f"reading {records.place}")
        else:
            self._matrix.not_tried(cell, f"it is shown nothing of its own in {records.place}")

    def _with_branch(self) -> Iterator[str]:
        return (name for name in self._model.definitions.fields if self._model.has(name, "id", "branch"))

    def _is_separate(self, entity: str, separation: Separation) -> bool:
        shared = {plain_name(one) for one in self._target.config.mapping.shared_by_design}
        names = {entity, _NAMES.get(entity, entity)}
        if entity == "sale":
            return True
        return plain_name(entity) not in shared and any(separation.holds_for(name) for name in names)


def _branches_of_newest(records: Records) -> Select[Any]:
    newest = select(_key(records, "branch").label("branch")).order_by(_key(records, "id").desc()).limit(_MOST_ROWS)
    each = newest.where(_key(records, "branch").is_not(None)).subquery("newest")
    return select(each.c.branch).distinct()


def _key(records: Records, field: str) -> ColumnElement[object]:
    return records[field]


def _seen_by(target: Target, role: DatabaseRole) -> Target:
    """The target as this user of the database sees it."""
    section = target.config.database
    assert section is not None
    password: SecretReference | None = role.password
    own = section.model_copy(update={"url": role.url, "password": password, "read_from": None, "scan_from": None})
    return replace(target, config=target.config.model_copy(update={"database": own}))


def _as_account(role: DatabaseRole) -> Account:
    no_password = SecretReference.model_construct()
    return Account.model_construct(username=role.name, role="database", branch=role.branch, password=no_password)
