"""The last look at a proposal: the file must load, and each entity must answer one small question."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import URL

from hypercare.database.database import Database
from hypercare.init.proposal import Proposal
from hypercare.init.writing import Facts, target_file
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import Signal
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import Target, clock_of


def left_out_what_fails(facts: Facts, proposal: Proposal, url: URL) -> None:
    """Make a comment of every entity that the database does not answer for."""
    with tempfile.TemporaryDirectory(prefix="hypercare-init-") as folder:
        path = Path(folder) / "target.toml"
        path.write_text(target_file(facts, proposal), encoding="utf-8")
        config = load_target(path)
        assert config.database is not None
        section = config.database.model_copy(
            update={"url": url.render_as_string(hide_password=False), "password": None}
        )
        config = config.model_copy(update={"database": section})
        database = Database(Target(config, Path(folder), clock_of(config), only_looks=True))
        try:
            model = Model(database.target, database)
            for entity in list(proposal.entities):
                try:
                    records = model.records(entity)
                    fields = [records[name].label(name) for name in records.mapping.columns]
                    database.rows(select(*fields).select_from(records.source).limit(1), about=f"init: {entity}")
                except Signal as signal:
                    failed = proposal.entities.pop(entity)
                    failed.why += f"; left out, since the database said: {str(signal).splitlines()[0][:150]}"
                    proposal.doubtful[entity] = failed
        finally:
            database.close()
