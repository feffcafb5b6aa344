"""Filled databases of several sizes, and the servers that hold them; kept under .cache/bench from run to run."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from benchmarks.sales_generator.business import Business
from benchmarks.sales_generator.filling import all_lines
from benchmarks.sales_generator.living_on import live_on
from benchmarks.sales_generator.loading import loader_for
from benchmarks.sales_generator.target_file import write_target
from tests.engines import mariadb_server, postgresql_server

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "bench"
SIZES = {"100k": 100_000, "1m": 1_000_000, "5m": 5_000_000, "20m": 20_000_000}
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "1GB",
    "fsync": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "max_parallel_workers_per_gather": "0",
    "autovacuum": "off",  # whoever is measured while it is at work would pay for it
}


@dataclass
class Shop:
    """A filled database, its business as it stands, and the folder of its target file."""

    name: str
    url: str
    folder: Path
    business: Business

    @property
    def target(self) -> Path:
        return self.folder / "target.toml"

    def live_on(self) -> None:
        """To the next evening."""
        self.business = live_on(self.url, self.business)
        self.keep()

    def keep(self) -> None:
        write_target(self.folder, self.url, self.business, f"Sales {self.name}")
        state = {"days": self.business.days, "today": self.business.today.isoformat(), "url": self.url}
        (self.folder / "shop.json").write_text(json.dumps(state), encoding="utf-8")


@dataclass
class Server:
    """Where databases can be made; `address` ends before the name of one. `pid` is the server's first process."""

    address: str
    pid: int

    def shop(self, size: str) -> Shop:
        """The database of a size, filled if it is not there or half made."""
        folder = CACHE / "shops" / f"{make_url(self.address + 'x').get_backend_name()}-{size}"
        url, business = f"{self.address}bench_{size}", Business.of_sales(SIZES[size])
        state = folder / "shop.json"
        if state.exists() and (found := json.loads(state.read_text(encoding="utf-8")))["url"] == url:
            return Shop(
                size, url, folder, replace(business, days=found["days"], today=date.fromisoformat(found["today"]))
            )
        self._make(f"bench_{size}")
        loader_for(url).load(all_lines(business), new=True)
        shop = Shop(size, url, folder, business)
        shop.keep()
        return shop

    def planted(self, shop: Shop) -> Shop:
        """A copy of a shop's database, for putting defects in."""
        name = make_url(shop.url).database
        self._make("bench_planted", template=name)
        planted = Shop("planted", f"{self.address}bench_planted", CACHE / "shops" / "planted", shop.business)
        planted.keep()
        return planted

    def _make(self, name: str, template: str | None = None) -> None:
        engine = create_engine(_driven(self.address + self._first), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            if template:
                ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :template"
                connection.execute(text(ended), {"template": template})
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")))
        engine.dispose()

    @property
    def _first(self) -> str:
        return "postgres" if self.address.startswith("postgresql") else ""


def _driven(url: str) -> str:
    return url.replace("postgresql:", "postgresql+psycopg:").replace("mariadb:", "mariadb+pymysql:")


@contextmanager
def postgresql() -> Iterator[Server | None]:
    """The benchmark's own server on a free port of loopback, its data kept; None where no PostgreSQL is installed."""
    programs = postgresql_server.programs()
    if programs is None:
        yield None
        return
    folder = CACHE / "postgresql"
    data, account = folder / "data", postgresql_server.as_account()
    if not data.exists():
        folder.mkdir(parents=True, exist_ok=True)
        postgresql_server.hand_over(folder)
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **account)
    port = _kept_port(folder)
    options = " ".join(f"-c {name}={value}" for name, value in {**_SETTINGS, "port": port}.items())
    control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-t", "300"]
    start: list[str | Path] = [*control, "-l", folder / "log", "-o", f"{options} -k {folder}", "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, **account)
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        yield Server(f"postgresql://postgres@127.0.0.1:{port}/", pid)
    finally:
        subprocess.run([*control, "-m", "fast", "stop"], check=True, stdout=subprocess.DEVNULL, **account)


def _kept_port(folder: Path) -> int:
    """The one of last time, so that addresses stay as they are, or a free one."""
    file = folder / "port"
    if not file.exists():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            file.write_text(str(free.getsockname()[1]), encoding="utf-8")
    return int(file.read_text(encoding="utf-8"))


@contextmanager
def mariadb(folder: Path) -> Iterator[Server | None]:
    """A server in an empty folder that goes with it; None where no MariaDB is installed."""
    if mariadb_server.program() is None:
        yield None
        return
    big = ("--local-infile=1", "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=512M")
    with mariadb_server.running(folder, *big) as server:
        address = f"mariadb://root:{mariadb_server.PASSWORD}@127.0.0.1:{server.port}/"
        yield Server(address, server.process.pid)


def sqlite_shop(size: str) -> Shop:
    """A file that is filled once."""
    folder, business = CACHE / "shops" / f"sqlite-{size}", Business.of_sales(SIZES[size])
    file, state = folder / "sales.sqlite", folder / "shop.json"
    url = f"sqlite:///{file}"
    if state.exists():
        found = json.loads(state.read_text(encoding="utf-8"))
        business = replace(business, days=found["days"], today=date.fromisoformat(found["today"]))
        shop = Shop(size, url, folder, business)
        shop.keep()  # the folder of the project may be another by now
        return shop
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    loader_for(url).load(all_lines(business), new=True)
    shop = Shop(size, url, folder, business)
    shop.keep()
    return shop
