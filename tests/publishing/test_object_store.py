"""Reports in an object store: the driver that people use, over HTTP, against a server that speaks S3."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from hypercare.publishing.folder_index import INDEX_DATA, write_index
from hypercare.publishing.problem import PublishProblem
from hypercare.publishing.publishing import place_of, publish_reports
from hypercare.publishing.report_index import ReportIndex
from hypercare.reports.summary import Status
from tests.publishing.report_folders import leave_day, reports_of, summary_of

moto = pytest.importorskip("moto.server", reason="moto is not installed on this machine: it is among `make setup`'s")
pytest.importorskip("s3fs", reason="s3fs is not installed on this machine: it is among `make setup`'s")

pytestmark = pytest.mark.server

BUCKET, PLACE = "shop-reports", "s3://shop-reports/shop"
NO_RETRIES = {"retries": {"max_attempts": 0}, "connect_timeout": 1}
PAGE = "2026-01-15/day/index.html"


class ObjectStore:
    """A server of S3 on a free port of this machine, with one bucket; asked here by the makers' own client."""

    def __init__(self) -> None:
        import boto3

        self._server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self._at = f"http://{host}:{port}"
        self.options: dict[str, Any] = {
            "key": "publisher",
            "secret": "a-secret-of-the-store",
            "endpoint_url": self._at,
        }
        self.client = boto3.client(
            "s3",
            endpoint_url=self._at,
            aws_access_key_id=self.options["key"],
            aws_secret_access_key=self.options["secret"],
            region_name="us-east-1",
        )
        self.client.create_bucket(Bucket=BUCKET)

    def publish(self, reports: Path, address: str = PLACE, **more: Any) -> Any:
        return publish_reports(reports, address, options=self.options, **more)

    def content(self, path: str) -> str:
        body: bytes = self.client.get_object(Bucket=BUCKET, Key=f"shop/{path}")["Body"].read()
        return body.decode()

    def objects(self) -> dict[str, Any]:
        """When each was written last, by its path."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        found = {one["Key"]: one["LastModified"] for page in pages for one in page.get("Contents", ())}
        return {path.removeprefix("shop/"): at for path, at in found.items()}

    def index(self) -> ReportIndex:
        return ReportIndex.model_validate_json(self.content(INDEX_DATA))

    def close(self) -> None:
        # What it holds belongs to the process and would be there for the next one.
        httpx.post(f"{self._at}/moto-api/reset").raise_for_status()
        self.client.close()
        self._server.stop()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    # Nothing that this machine knows of a real account is used.
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    served = ObjectStore()
    yield served
    served.close()


def test_all_is_there_that_a_page_leads_to(store: ObjectStore, tmp_path: Path) -> None:
    store.publish(reports_of(tmp_path / "reports", 0, 1))
    there = store.objects()
    links = set(re.findall(r'href="(?!data:|#)([^"]+)"', store.content("index.html")))
    assert links and links <= there.keys()
    assert {"latest/index.html", "latest/metrics.prom", "latest/summary.json"} <= there.keys()
    assert "../2026-01-16/day/index.html" in store.content("latest/index.html")


def test_files_are_served_as_what_they_are(store: ObjectStore, tmp_path: Path) -> None:
    store.publish(reports_of(tmp_path / "reports", 0))
    told = store.client.head_object(Bucket=BUCKET, Key=f"shop/{PAGE}")["ContentType"]
    assert told == "text/html"


def test_a_second_time_nothing_is_written_and_then_only_what_changed(store: ObjectStore, tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0, 1)
    assert store.publish(reports).copied > 20
    before = store.objects()
    assert store.publish(reports).copied == 0
    assert store.objects() == before
    (reports / "2026-01-15" / "day" / "metrics.prom").write_text("hypercare_day 9\n", encoding="utf-8")
    assert store.publish(reports).copied == 1
    assert store.content("2026-01-15/day/metrics.prom") == "hypercare_day 9\n"


def test_days_that_are_too_old_are_removed_and_all_else_stays(store: ObjectStore, tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0, 5, 9)
    store.client.put_object(Bucket=BUCKET, Key="shop-of-others/2026-01-15/index.html", Body=b"theirs")
    store.publish(reports)
    assert store.publish(reports, keep_days=4).removed == [date(2026, 1, 15)]
    there = store.objects()
    assert not [path for path in there if path.startswith("2026-01-15/")]
    assert "shop-of-others/2026-01-15/index.html" in there
    assert [one.date.day for one in store.index().days] == [24, 20]
    assert store.publish(reports, keep_days=4).copied == 0


def test_who_opens_a_page_while_it_is_published_sees_all_of_the_old_or_all_of_the_new(
    store: ObjectStore, tmp_path: Path
) -> None:
    """A page so large that it is long on its way."""
    reports = tmp_path / "reports"
    pages = [f"<title>{letter}</title>{letter * 12_000_000}" for letter in "ab"]
    leave_day(reports, summary_of(0), more={"index.html": pages[0]})
    write_index(reports)
    store.publish(reports)
    leave_day(reports, summary_of(0), more={"index.html": pages[1]})
    write_index(reports)
    seen: set[str] = set()
    is_over = threading.Event()

    def reads() -> None:
        while not is_over.is_set():
            seen.add(store.content(PAGE))

    reader = threading.Thread(target=reads)
    reader.start()
    try:
        store.publish(reports)
    finally:
        is_over.set()
        reader.join()
    assert store.content(PAGE) == pages[1]
    assert seen and seen <= {*pages}


def test_what_breaks_off_leaves_the_old_pages_and_the_next_time_mends_it(
    store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = reports_of(tmp_path / "reports", 0)
    store.publish(reports)
    old = store.content(PAGE)
    leave_day(reports, summary_of(0, status=Status.ISSUES), more={"new.csv": "a,b"})
    write_index(reports)
    driver = type(place_of(PLACE, store.options)._files)
    real = driver._put_file

    async def fails_at_the_page(self: Any, source: str, target: str, *words: Any, **named: Any) -> None:
        if str(target).endswith(PAGE):
            raise OSError("the line went dead")
        await real(self, source, target, *words, **named)

    with monkeypatch.context() as broken:
        broken.setattr(driver, "_put_file", fails_at_the_page)
        with pytest.raises(PublishProblem, match="the line went dead"):
            store.publish(reports)
    assert store.content(PAGE) == old
    assert store.index().days[0].status is Status.HEALTHY
    store.publish(reports)
    assert store.index().days[0].status is Status.ISSUES
    assert store.content("2026-01-15/day/new.csv") == "a,b"


def test_machines_that_share_a_place_add_to_each_other(store: ObjectStore, tmp_path: Path) -> None:
    store.publish(reports_of(tmp_path / "one", 0, 1))
    store.publish(reports_of(tmp_path / "other", 2))
    store.publish(tmp_path / "one")
    assert [one.date.day for one in store.index().days] == [17, 16, 15]
    assert "../2026-01-17/day/index.html" in store.content("latest/index.html")


@pytest.mark.parametrize("gone", ["bucket", "server"])
def test_a_store_that_is_not_there_is_one_line_without_a_secret(store: ObjectStore, tmp_path: Path, gone: str) -> None:
    reports = reports_of(tmp_path / "reports", 0)
    address = {"bucket": "s3://nobodys-bucket/shop", "server": PLACE}[gone]
    if gone == "server":
        store.options = {**store.options, "endpoint_url": "http://127.0.0.1:9", "config_kwargs": NO_RETRIES}
    with pytest.raises(PublishProblem) as problem:
        store.publish(reports, address)
    said = str(problem.value)
    assert said.startswith("the reports cannot be published to s3://") and "\n" not in said
    assert "a-secret-of-the-store" not in said
