"""[history]: where what is remembered lies, and for how long."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError

from hypercare.target_file.secrets import SecretReference
from hypercare.target_file.section import Duration, Section

# From go-live to the round of a year, with some weeks to spare.
KEEP_DAYS = 400
SINGLE_SAMPLES = timedelta(days=2)
_ENGINES = re.compile(r"(sqlite:///.|postgres(ql)?(\+psycopg)?://).*", re.DOTALL)


def check_address(address: str) -> str:
    """Raises ValueError for an address at which no history can lie; it is not repeated, since it may be a secret."""
    if not _ENGINES.match(address):
        raise ValueError(
            'the history lies in SQLite or PostgreSQL; write for instance "sqlite:///history.sqlite" or '
            '"postgresql://hypercare@db.example.com/hypercare"'
        )
    return address


def _as_address(value: object) -> object:
    if isinstance(value, str):
        return check_address(value)
    try:
        return value if value is None else SecretReference.model_validate(value)
    except ValidationError:
        raise ValueError(
            'write an address, "postgresql://...", or where it is: { env = "NAME" }, { file = "path" }'
        ) from None


class HistorySection(Section):
    """What is remembered from round to round. Without `url` it is an SQLite file beside the reports.

    Give the same PostgreSQL address where several machines run rounds or probes; its password may be left out and
    given as `password`, or the whole address be a secret. Results of checks older than `keep_days` are removed, unless
    an incident that is open began before; rounds, figures, incidents and what people said stay. Samples of probers are
    put together when they are older than `single_samples`: as many looks in few rows, and every uptime as before.
    """

    url: Annotated[str | SecretReference | None, BeforeValidator(_as_address)] = None
    password: SecretReference | None = None
    keep_days: int = Field(default=KEEP_DAYS, ge=30)
    single_samples: Duration = SINGLE_SAMPLES
