"""How much of a proposal is right, against a truth that was written by hand.

A truth names for each entity its table and columns (a list where several are right, "parent.column" for what is
fetched from another table), `words` for states, and as `may` the fields of which neither is wrong.
"""

import sqlite3
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from sqlalchemy import make_url

from hypercare.database.engine import make_engine
from hypercare.init.building import propose

NOT_SURE = "not sure enough"
TRUTHS = Path(__file__).parent / "truths"
BUILT = ("chinook", "northwind", "sakila", "odoo_like", "erpnext_like", "adventureworks_like")


@dataclass
class Measured:
    """`entities` and `columns` are (right, mappable); `wrong` what was proposed and is not so.

    `confidences` has each line that is no comment: how sure it says it is, and whether it is right.
    """

    name: str
    entities: tuple[int, int] = (0, 0)
    columns: tuple[int, int] = (0, 0)
    words: tuple[int, int] = (0, 0)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    confidences: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def share(self):
        """Of all mappable entities and columns, how many are right at once."""
        return (self.entities[0] + self.columns[0]) / (self.entities[1] + self.columns[1])


def built(name, folder):
    """One of the public schemas as an SQLite file."""
    file = Path(folder) / f"{name}.sqlite"
    with sqlite3.connect(file) as connection:
        import_module(f"tests.init.schemas.{name}").build(connection)
    connection.close()
    return f"sqlite:///{file}"


def proposal_for(url):
    engine = make_engine(make_url(url), timedelta(seconds=20))
    with engine.connect() as connection:
        found = propose(connection)
    engine.dispose()
    return found


def measured(name, proposal):
    truth = tomllib.loads((TRUTHS / f"{name}.toml").read_text())
    result = Measured(name)
    counts = {"entities": [0, 0], "columns": [0, 0], "words": [0, 0]}
    for entity, right in truth.items():
        made = proposal.entities.get(entity)
        if made is not None and made.table not in _several(right["table"]):
            result.wrong.append(f"{entity} = {made.table}")
            made = None
        _count(counts["entities"], made is not None, f"{entity} ({right['table']})", result.missed)
        for name_of_field, columns in right["columns"].items():
            proposed = made.fields.get(name_of_field) if made else None
            column = (proposed.through or proposed.column) if proposed else None
            # What is only a comment since we are not sure is not right at once.
            is_right = column in _several(columns) and proposed.held_back != NOT_SURE
            _count(counts["columns"], is_right, f"{entity}.{name_of_field}", result.missed)
            if proposed and column not in _several(columns) and not proposed.held_back:
                result.wrong.append(f"{entity}.{name_of_field} = {column}")
        for name_of_field, words in right.get("words", {}).items():
            proposed = made.fields.get(name_of_field) if made else None
            for ours, theirs in words.items():
                for word in theirs:
                    is_right = proposed is not None and word in proposed.values.get(ours, ())
                    _count(counts["words"], is_right, f"{entity}.{name_of_field} {word!r}", result.missed)
        if made is not None:
            allowed = {*right["columns"], *right.get("may", ())}
            result.wrong += [
                f"{entity}.{one.field} = {one.column or one.through}"
                for one in made.fields.values()
                if one.field not in allowed and not one.held_back
            ]
    result.wrong += [f"{entity} = {made.table}" for entity, made in proposal.entities.items() if entity not in truth]
    result.confidences = list(_confidences(proposal, truth))
    result.entities, result.columns, result.words = (tuple(counts[name]) for name in ("entities", "columns", "words"))
    return result


def _confidences(proposal, truth):
    """Each proposed line with how sure it says it is, and whether that is so."""
    for entity, made in proposal.entities.items():
        right = truth.get(entity)
        holds = right is not None and made.table in _several(right["table"])
        yield made.sure, holds
        for one in made.fields.values():
            if one.held_back:
                continue
            columns = right["columns"] if holds else {}
            named = (one.through or one.column) in _several(columns.get(one.field, ()))
            yield min(one.sure, made.sure), holds and (named or one.field in right.get("may", ()))


def _count(pair, is_right, what, missed):
    pair[0] += is_right
    pair[1] += 1
    if not is_right:
        missed.append(what)


def _several(value):
    return value if isinstance(value, list | tuple) else [value]
