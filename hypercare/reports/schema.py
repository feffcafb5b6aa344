"""The JSON schema of summary.json, made from its model.

`python -m hypercare.reports.schema > docs/summary.schema.json` brings the one in docs/ up to date.
"""

from __future__ import annotations

import json
import sys

from hypercare.reports.summary import Summary


def summary_schema() -> str:
    """The schema as the text that stands in docs/."""
    schema = Summary.model_json_schema(mode="serialization")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "hypercare summary.json"} | {
        name: value for name, value in schema.items() if name != "title"
    }
    return json.dumps(schema, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(summary_schema())
