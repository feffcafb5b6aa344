"""The evening round's questions at several sizes, and beside what people would ask by hand or with another tool.

Each shop is filled to one evening, a first round looks at the whole watch, the business lives on for a day, and what is
measured is the round of the next evening: what every evening after the first one costs.
"""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from benchmarks.accounting.processes import tree_seconds
from benchmarks.accounting.rounds import Cost, cost_of_round
from benchmarks.accounting.server_time import ServerTime, version_of
from benchmarks.comparison.by_hand import FAILING, TWELVE, failing
from benchmarks.comparison.environments import TOOLS, Tool
from benchmarks.parts import Options
from benchmarks.sales_generator.loading import engine_of
from benchmarks.table.row import Pairs, Row, paired
from benchmarks.table.shops import CACHE, Server, Shop, postgresql

NAME = "Questions to a database"
SALES_ITEMS = ("verify.sales-totals", "summary.sales-created")
_FLAT, _WATCHED_DAYS = 2.0, 31
# Among a million sales some are the same by chance, which is told; see README.
_ENDED = (0, 1)


def rows(options: Options, versions: list[str]) -> Iterator[Row]:
    with postgresql() as server:
        if server is None:
            yield Row("all of this part", "", "", "", note="PostgreSQL is not installed here")
            return
        shops = [server.shop(size) for size in options.sizes]
        versions.append(version_of(engine_of(shops[0].url)))
        evenings = [Evening(shop) for shop in shops]
        yield from slope("PostgreSQL", evenings, options)
        yield _sales(evenings[-1], options)
        yield _all_data(evenings[-1])
        yield from _tools(evenings[-1], server, options, versions)


class Evening:
    """The second evening of a shop, which can be held as often as one likes."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.folder = CACHE / "history" / shop.folder.name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.first = cost_of_round(shop.target, "evening", self.folder)
        shop.live_on()

    def cost(
        self, *, items: tuple[str, ...] = (), target: Path | None = None, statuses: Sequence[int] = _ENDED
    ) -> Cost:
        """One round on a copy of what the first one remembers. Raises RuntimeError when it ends otherwise."""
        copied = self.folder.with_name(f"{self.folder.name}-again")
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(self.folder, copied, symlinks=True)
        cost = cost_of_round(target or self.shop.target, "evening", copied, items=items)
        if cost.status not in statuses:
            raise RuntimeError(f"a round of {self.shop.name} ended with {cost.status}:\n{cost.output[-4000:]}")
        return cost


def slope(engine: str, evenings: list[Evening], options: Options) -> Iterator[Row]:
    costs = [[evening.cost() for evening in evenings] for _ in range(max(1, options.pairs))]
    times = [statistics.median(row[place].server_s for row in costs) for place in range(len(evenings))]
    ratios = [row[-1].server_s / row[0].server_s for row in costs]
    sizes = " → ".join(evening.shop.name for evening in evenings)
    is_slope = len(evenings) > 1
    yield Row(
        f"evening round on {engine}, server's time at {sizes} sales",
        "the smallest of them",
        f"at most {_FLAT:.0f} x",
        " → ".join(f"{one:.2f} s" for one in times) + f" ({costs[0][-1].statements} statements)",
        statistics.median(ratios) if is_slope else None,
        f"{min(ratios):.2f} to {max(ratios):.2f} of {len(ratios)} runs" if is_slope else "one size tells no slope",
        at_most=_FLAT,
        note="The first evening, which looks at the whole watch, took the server "
        + ", ".join(f"{evening.first.server_s:.1f} s" for evening in evenings)
        + f"; slowest now: {_slowest(costs[0][-1])}",
    )
    peak = max(row[-1].peak_mb for row in costs)
    yield Row(f"memory of a round on {engine}", "", "< 200 MB", f"{peak:.0f} MB", peak, at_most=200, unit="MB")


def _slowest(cost: Cost) -> str:
    return "; ".join(f"{one.server_s:.2f} s {one.check.rpartition('::')[2]}" for one in cost.slowest[:3])


def _sales(evening: Evening, options: Options) -> Row:
    """Beside fifteen statements by hand that look at today and yesterday."""
    statements: list[int] = []

    def ours() -> float:
        cost = evening.cost(items=SALES_ITEMS)
        statements.append(cost.statements)
        return cost.server_s

    pairs = paired(ours, lambda: by_hand(evening.shop, 2)[0], options.pairs)
    longer = {days: by_hand(evening.shop, days)[0] for days in (14, 31)}
    return Row(
        f"sales questions at {evening.shop.name}, server's time",
        f"{len(FAILING)} statements by hand of two days",
        "≤ 1.5 x",
        f"{pairs.figures()} ({statements[-1]} statements)",
        pairs.ratio,
        pairs.spread,
        at_most=1.5,
        note=f"by hand of 14 days {longer[14]:.2f} s, of 31 days {longer[31]:.2f} s",
    )


def _all_data(evening: Evening) -> Row:
    cost = cost_of_round(evening.shop.target, "data", CACHE / "history" / "all-data")
    figures = f"{cost.server_s:.2f} s ({cost.statements} statements)"
    return Row(f"all data questions at {evening.shop.name}", "", "", figures, note=f"slowest: {_slowest(cost)}")


def by_hand(shop: Shop, days: int, names: tuple[str, ...] = tuple(FAILING)) -> tuple[float, list[str]]:
    """What the server spent on the statements over so many days, and which of them found something."""
    since = shop.business.now.replace(hour=0, minute=0) - timedelta(days=days - 1)
    engine = engine_of(shop.url)
    with engine.connect() as connection:
        server = ServerTime(connection)
        begun = server.seconds()
        found = [name for name in names if connection.execute(text(failing(name, since))).first() is not None]
        spent = server.seconds() - begun
    engine.dispose()
    return spent, found


def _tools(evening: Evening, server: Server, options: Options, versions: list[str]) -> Iterator[Row]:
    for tool in TOOLS:
        version = tool.install()
        goal = "≥ 100 x less"
        if not version:
            yield Row(
                tool.name, "the same twelve checks", goal, "", note="skipped: the package registry does not have it"
            )
            continue
        versions.append(f"{tool.name} {version}")
        checks = checks_of(evening.shop)
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(max(2, options.pairs // 2)):
            ours.append(evening.cost(items=SALES_ITEMS).server_s)
            theirs.append(_spent(server, tool, evening.shop, checks))
        pairs = Pairs(tuple(theirs), tuple(ours))
        shorter = _spent(server, tool, evening.shop, checks_of(evening.shop, days=2))
        yield Row(
            f"{tool.name} {version}, {len(TWELVE)} checks of {_WATCHED_DAYS} days, server's time",
            "the evening's sales questions",
            goal,
            pairs.figures(),
            pairs.ratio,
            pairs.spread,
            at_least=100,
            note=f"of two days, which notice less (see the planted defects), {shorter:.2f} s",
        )


def checks_of(shop: Shop, days: int = _WATCHED_DAYS) -> dict[str, str]:
    since = shop.business.now.replace(hour=0, minute=0) - timedelta(days=days - 1)
    return {name: failing(name, since) for name in TWELVE}


def _spent(server: Server, tool: Tool, shop: Shop, checks: dict[str, str]) -> float:
    begun = tree_seconds(server.pid)
    tool.run(connection_of(shop), checks)
    return tree_seconds(server.pid) - begun


def connection_of(shop: Shop) -> dict[str, object]:
    url = engine_of(shop.url).url
    return {"host": url.host, "port": str(url.port), "username": url.username, "database": url.database}
