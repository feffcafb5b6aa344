"""An answer may be only as old as was declared; where nothing is declared, caching is nobody's fault."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from hypercare.api.api import Api
from tests.standins.some_target import some_target


def stated(value: str | timedelta) -> str:
    """A header as it stands; a span of time is a moment that long ago, told when the test runs."""
    return value if isinstance(value, str) else format_datetime(datetime.now(UTC) - value, usegmt=True)


@pytest.mark.parametrize(
    ("max_age", "headers", "told"),
    [
        ("10m", {"Age": "3600"}, "answers with what is 60 minutes old, where 10 minutes is the most"),
        ("10m", {"Date": timedelta(hours=5)}, "answers with what is 5 hours old, where 10 minutes is the most"),
        (
            "10m",
            {"Age": "20", "Date": timedelta(hours=1)},
            "answers with what is 58 minutes old, where 10 minutes is the most",
        ),
        ("30s", {"Age": "90"}, "answers with what is 90 s old, where 30 s is the most"),
        ("10m", {"Age": "599"}, None),
        ("10m", {"Date": timedelta(minutes=11)}, None),
        ("10m", {"Date": timedelta(minutes=-30)}, None),
        ("10m", {"Age": "old", "Date": "yesterday"}, None),
        ("10m", {}, None),
        (None, {"Age": "86400", "Date": timedelta(days=3)}, None),
    ],
)
def test_an_answer_is_as_old_as_it_may_be(tmp_path, standin, max_age, headers, told):
    def answered(handler) -> None:
        handler.send_response_only(200)
        for name, value in headers.items():
            handler.send_header(name, stated(value))
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"[]")

    standin.answers["/report"] = answered
    endpoint = {"name": "report", "path": "/report", **({"max_age": max_age} if max_age else {})}
    api = Api(some_target(tmp_path, api={"url": standin.url, "endpoints": [endpoint]}))
    troubles = [trouble for result in api.check_endpoints().results for trouble in result.troubles]
    api.close()
    assert troubles == ([told] if told else [])
