"""A page of a listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Item = TypeVar("Item")
LARGEST_PAGE = 500


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some of the records, and how many there are in all."""

    items: Sequence[Item]
    total: int
    limit: int
    offset: int


def page_of(session: Session, query: Select[Any], *, limit: int, offset: int) -> Page[Any]:
    """Run a query over one entity for the rows [offset, offset + limit), and count all."""
    limit, offset = min(max(limit, 1), LARGEST_PAGE), max(offset, 0)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return Page(session.scalars(query.limit(limit).offset(offset)).unique().all(), total, limit, offset)
