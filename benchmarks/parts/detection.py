"""Which of the planted defects each notices on the evening after: the same ones, late back-fills included."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, text

from benchmarks.accounting.rounds import cost_of_round
from benchmarks.comparison.by_hand import NOTICES, TWELVE, failing
from benchmarks.comparison.environments import TOOLS, Tool
from benchmarks.parts import Options
from benchmarks.parts.evening import Evening, checks_of, connection_of
from benchmarks.sales_generator.defects import Planted, plant
from benchmarks.sales_generator.loading import engine_of
from benchmarks.table.row import Row
from benchmarks.table.shops import SIZES, Shop, postgresql

NAME = "Planted defects"
_ENOUGH = SIZES["1m"]  # so that there are months before the watch


def rows(options: Options, versions: list[str]) -> Iterator[Row]:
    with postgresql() as server:
        if server is None:
            yield Row("all of this part", "", "", "", note="PostgreSQL is not installed here")
            return
        size = next((size for size in options.sizes if SIZES[size] >= _ENOUGH), options.sizes[-1])
        evening = Evening(server.shop(size))
        shop = server.planted(evening.shop)
        planted = plant(shop.url, shop.business)
        ours = _by_rounds(evening, shop, planted)
        yield _row(f"the evening and midday rounds at {size}", ours, planted)
        for days in (2, 31):
            yield _row(f"twelve statements by hand of {days} days", _by_statements(shop, planted, days), planted)
        for tool in TOOLS:
            yield _by_tool(tool, shop, planted, versions)


def _by_rounds(evening: Evening, shop: Shop, planted: list[Planted]) -> set[str]:
    """Those whose sale, order or posting is named in what the rounds say."""
    reports = evening.folder.with_name("planted")
    shutil.rmtree(reports, ignore_errors=True)
    shutil.copytree(evening.folder, reports, symlinks=True)
    # The history is of the target of that name.
    target = shop.folder / "target.toml"
    target.write_text(target.read_text(encoding="utf-8").replace("Sales planted", f"Sales {evening.shop.name}"))
    said = "".join(cost_of_round(target, name, reports).output for name in ("midday", "evening"))
    return {one.defect for one in planted if any(word in said for word in one.names)}


def _by_statements(shop: Shop, planted: list[Planted], days: int) -> set[str]:
    since = shop.business.now.replace(hour=0, minute=0) - timedelta(days=days - 1)
    engine = engine_of(shop.url)
    with engine.connect() as connection:
        found = {name: _found(connection, failing(name, since)) for name in TWELVE}
    engine.dispose()
    return {one.defect for one in planted if one.ids & found.get(NOTICES.get(one.defect, ""), set())}


def _found(connection: Connection, statement: str) -> set[int | str]:
    return set(connection.execute(text(statement)).scalars())


def _by_tool(tool: Tool, shop: Shop, planted: list[Planted], versions: list[str]) -> Row:
    version = tool.install()
    if not version:
        return Row(tool.name, "", "", "", note="skipped: the package registry does not have it")
    versions.append(f"{tool.name} {version}")
    _, failed = tool.run(connection_of(shop), checks_of(shop))
    noticed = {one for one in _by_statements(shop, planted, 31) if NOTICES[one] in failed}
    return _row(f"{tool.name} {version}, the same statements of 31 days", noticed, planted)


def _row(who: str, noticed: set[str], planted: list[Planted]) -> Row:
    missed = [one.defect for one in planted if one.defect not in noticed]
    return Row(
        who,
        "",
        "all",
        f"{len(noticed)} of {len(planted)}",
        len(noticed) / len(planted),
        at_least=1.0 if "rounds" in who else None,
        note=f"not noticed: {', '.join(missed)}" if missed else "",
        unit="of all",
    )
