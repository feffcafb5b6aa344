"""Great Expectations' twelve checks, as a process of its own environment: python great_expectations.py CHECKS.json."""

import json
import sys
from pathlib import Path

import great_expectations as gx


def main():
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    where = asked["connection"]
    address = f"postgresql+psycopg2://{where['username']}@{where['host']}:{where['port']}/{where['database']}"
    source = context.data_sources.add_postgres("shop", connection_string=address)
    batch = source.add_table_asset("branches", table_name="branches").add_batch_definition_whole_table("all")
    suite = context.suites.add(gx.ExpectationSuite(name="sales"))
    for name, statement in asked["checks"].items():
        suite.add_expectation(
            gx.expectations.UnexpectedRowsExpectation(unexpected_rows_query=statement, meta={"name": name})
        )
    definition = context.validation_definitions.add(gx.ValidationDefinition(name="sales", data=batch, suite=suite))
    results = definition.run().results
    failed = [one.expectation_config.meta["name"] for one in results if not one.success]
    json.dump({"failed": failed, "checks": len(results)}, sys.stdout)


if __name__ == "__main__":
    main()
