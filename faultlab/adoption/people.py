"""Which people of the embedded system work in its branches."""

from __future__ import annotations

from faultlab.scene import Scene

WORK = "role IN ('sales', 'production') AND username NOT LIKE 'check.%' AND username NOT LIKE 'trainee%'"
IN_BRANCH = "branch_id IN (SELECT id FROM branches WHERE NOT training)"


def names_of_people(scene: Scene) -> list[str]:
    rows = scene.tables.rows(f"SELECT username FROM users WHERE {WORK} AND {IN_BRANCH} ORDER BY id")
    return [row.username for row in rows]
