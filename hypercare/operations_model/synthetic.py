"""What is kept for synthetic transactions, found in the target once a session, so that no figure counts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, not_, or_, select

from hypercare.operations_model.protocol import AskedModel
from hypercare.operations_model.records import Records

_MOST = 5000
_TAKE_ALL_FOR_TEXT = {"mysql", "mariadb"}
# Whose hand made a record: what a synthetic user made is synthetic.
_HANDS = ("user", "created_by", "entered_by", "reported_by", "handed_in_by")


class Synthetic:
    """The canary's branches, customers and users, by their ids in the target."""

    def __init__(self, model: AskedModel) -> None:
        self._model = model
        canary = model.target.config.canary
        self.branches = _ids(model, "branch", ("code", "name", "id"), (canary.branch,) if canary.branch else ())
        self.customers = _ids(
            model, "customer", ("number", "name", "id"), (canary.customer,) if canary.customer else ()
        )
        self.users = _ids(model, "user", ("username",), canary.users)
        self.usernames = canary.users

    def excluding_canary(self, records: Records) -> Sequence[ColumnElement[bool]]:
        """Conditions on the records' own columns; what has no branch or nobody behind it stays in."""
        return self._real(records, frozenset())

    def _real(self, records: Records, followed: frozenset[str]) -> Sequence[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        definitions = self._model.target.config.mapping.definitions
        own = {"branch": self.branches, "customer": self.customers, "user": self.users}.get(records.entity, ())
        if own:
            conditions.append(records["id"].not_in(own))
        for field, ids in (("branch", self.branches), ("customer", self.customers), *((h, self.users) for h in _HANDS)):
            if ids and records.has(field) and (records.entity, field) not in definitions.own:
                conditions.append(_is_none_of(records, field, ids))
        if self.usernames and records.entity == "login_attempt" and records.has("username"):
            conditions += [records["username"].not_like(_pattern(name), escape="\\") for name in self.usernames]
        for (entity, field), owner in definitions.own_references().items():
            if entity == records.entity and records.has(field):
                conditions += self._refers_to_none(records, field, owner, followed)
        return conditions

    def _refers_to_none(
        self, records: Records, field: str, owner: str, followed: frozenset[str]
    ) -> Sequence[ColumnElement[bool]]:
        """That a reference of one's own leads to nothing synthetic, over however many entities."""
        ids = {"branch": self.branches, "customer": self.customers, "user": self.users}.get(owner)
        if ids is not None:
            return (_is_none_of(records, field, ids),) if ids else ()
        followed |= {records.entity}
        if owner in followed or not self._model.has(owner, "id"):
            return ()
        other = self._model.records(owner, f"{owner}_behind_{records.source.name}")
        real = [*self._real(other, followed), *self.not_of_synthetic_sale(other)]
        return (not_(exists().where(other["id"] == records[field], not_(and_(*real)))),) if real else ()

    def not_of_synthetic_sale(self, child: Records) -> Sequence[ColumnElement[bool]]:
        """A condition that leaves out children of synthetic sales; none where that cannot be told."""
        if not child.has("sale") or not self._model.has("sale", "id"):
            return ()
        sale = self._model.records("sale", f"sale_behind_{child.source.name}")
        real = self.excluding_canary(sale)
        return (not_(exists().where(sale["id"] == child["sale"], not_(and_(*real)))),) if real else ()


def _is_none_of(records: Records, field: str, ids: Sequence[Any]) -> ColumnElement[bool]:
    return or_(records[field].is_(None), records[field].not_in(ids))


def _ids(model: AskedModel, entity: str, fields: tuple[str, ...], names: tuple[str, ...]) -> tuple[Any, ...]:
    """Looked for once a session: names need not have an index, and there may be many customers."""
    if not names or not model.has(entity, "id"):
        return ()
    ids = model.database.known_synthetic
    if entity not in ids:
        ids[entity] = _looked_for(model, entity, fields, names)
    return ids[entity]


def _looked_for(model: AskedModel, entity: str, fields: tuple[str, ...], names: tuple[str, ...]) -> tuple[Any, ...]:
    records = model.records(entity)
    matches = [
        _as_text(model, records, field).like(_pattern(name), escape="\\")
        for field in fields
        if records.has(field)
        for name in names
        if _may_be(records, field, name)
    ]
    if not matches:
        return ()
    rows = model.database.rows(
        select(records["id"].label("id")).where(or_(*matches)).limit(_MOST), about=f"synthetic {entity}"
    )
    return tuple(row["id"] for row in rows)


def _may_be(records: Records, field: str, name: str) -> bool:
    """No number is like a name."""
    kind = records.types.get(field)
    return kind is None or not kind.is_whole or name.replace("*", "0").isdigit()


def _as_text(model: AskedModel, records: Records, field: str) -> ColumnElement[Any]:
    """As it stands where it is text, or is taken for text by the engine: what is cast is not found by an index."""
    kind = records.types.get(field)
    is_text = model.database.dialect in _TAKE_ALL_FOR_TEXT if kind is None else kind.is_text
    return records[field] if is_text else cast(records[field], String(200))


def _pattern(name: str) -> str:
    plain = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return plain.replace("*", "%")
