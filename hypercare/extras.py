"""What not everybody needs: the extras of the package, and how one gets what they hold."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

# What is imported of each, where it is needed and not before. pyproject.toml says which packages these are.
MODULES: Mapping[str, Sequence[str]] = {
    "calendar": ("icalendar",),
    "demo": ("fastapi", "python_multipart", "starlette", "uvicorn"),
    "duckdb": ("duckdb", "duckdb_engine"),
    "holidays": ("holidays",),
    "lab": ("cryptography",),
    "languages": ("babel",),
    "logs": ("re2",) if sys.version_info >= (3, 14) else ("re2", "backports"),
    "mysql": ("pymysql",),
    "notify": ("apprise",),
    "parallel": ("xdist",),
    "parquet": ("pyarrow",),
    "postgresql": ("psycopg",),
    "publish": ("fsspec",),
    "serve": ("starlette", "uvicorn"),
    "stores": ("fsspec",),
    "yaml": ("yaml",),
}
# What fsspec needs besides for an address that begins so.
DRIVERS_OF_STORES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "az": "adlfs",
    "sftp": "paramiko",
    "webdav": "webdav4",
    "dav": "webdav4",
}
_OF_ENGINES = {"postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql"}


def install(extra: str) -> str:
    """The command that installs an extra, in the quotes that every shell understands."""
    return f'pip install "hypercare[{extra}]"'


def extra_of_engine(engine: str) -> str | None:
    """The extra that has the driver of a kind of database; None where none is needed, or none is known."""
    return _OF_ENGINES.get(engine)


def install_driver(engine: str) -> str:
    """How the driver of a kind of database gets here."""
    extra = extra_of_engine(engine)
    if extra is None:
        return "Install the driver that its address names, or name another: postgresql+psycopg, mysql+pymysql."
    return f"Install it: {install(extra)}."


def missing(extra: str) -> list[str]:
    """The modules of an extra that are not installed here."""
    return [module for module in MODULES[extra] if find_spec(module) is None]
