"""The recorded statements once more, with nothing but SQLAlchemy."""

import os
import pickle
from pathlib import Path

from sqlalchemy import create_engine


def test_the_same_statements() -> None:
    address, recorded = pickle.loads(Path(os.environ["HYPERCARE_RECORDED_STATEMENTS"]).read_bytes())
    with create_engine(address).connect() as connection:
        for statement, parameters in recorded:
            result = connection.exec_driver_sql(statement, parameters or ())
            if result.returns_rows:
                result.all()
