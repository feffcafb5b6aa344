"""Records of real branches, as faults choose them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from faultlab.scene import Scene

REAL = "branch_id IN (SELECT id FROM branches WHERE NOT training)"


def a_sale(scene: Scene, *, kind: str = "retail", state: str = "final") -> Row[Any]:
    """A sale of today in a real branch, a while ago; always the same one."""
    return scene.tables.one(
        f"SELECT * FROM sales WHERE state = :state AND kind = :kind AND {REAL}"
        " AND finalised_at >= :midnight AND finalised_at < :lately ORDER BY id",
        state=state,
        kind=kind,
        midnight=scene.midnight,
        lately=scene.ago(hours=2),
    )


def an_order(scene: Scene, state: str) -> Row[Any]:
    """The latest order of a real branch that is in this state and was opened two hours ago or earlier."""
    return scene.tables.one(
        f"SELECT * FROM production_orders WHERE state = :state AND {REAL} AND created_at < :early ORDER BY id DESC",
        state=state,
        early=scene.ago(hours=2),
    )
