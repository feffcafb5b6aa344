"""[branch_isolation]: which records are a branch's own, who may see no other branch's, and which doors are tried."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from hypercare.target_file.secrets import SecretReference
from hypercare.target_file.section import Section


class DatabaseRole(Section):
    """A user of a database who is to see the records of `branch` alone, by row-level security or by views.

    `url` is an SQLAlchemy address; its password may be left out and given as `password`. It is asked for the mapped
    records that name another branch, and only reads.
    """

    name: str
    url: str
    branch: str
    password: SecretReference | None = None


class BranchIsolationSection(Section):
    """Doors between branches, tried on the days that the plan has for it.

    The doors themselves are never listed: they are generated from what the API says of itself ([api] description), from
    what the clients of the adapter can do, and from the mapping. `entities` are the records that belong to one branch,
    by the name that the API's addresses have for them ("sales", "customers"), in exports and reports too; those of
    [[api.branch_lists]] and of the requests for sales in [rest] belong to one without being named, but not in reports.
    `roles` are those who may see their own branch's alone; without it the role that sells and the `as_roles` of
    [[api.branch_lists]]. Whoever is of another role is not asked: a manager may well see several branches. One look
    makes at most `most_requests` to the API; what is left is tried on the next days.
    """

    entities: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    most_requests: int = Field(default=240, ge=20, le=5000)
    database_roles: tuple[DatabaseRole, ...] = ()

    @model_validator(mode="after")
    def _role_names_differ(self) -> Self:
        names = [one.name for one in self.database_roles]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two of [[branch_isolation.database_roles]] are called {twice!r}")
        return self
