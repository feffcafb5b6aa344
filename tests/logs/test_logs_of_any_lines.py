"""Whatever stands in a log, a look at it ends with errors or with what was not understood, never with a crash."""

import string
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import ago, frozen_target

LEVELS = ["INFO", "ERROR", "[error]", "<3>", "E", "fatal:", "level=err", "ОШИБКА", ""]
TIMES = [
    "%Y-%m-%d %H:%M:%S",
    "[%d/%b/%Y:%H:%M:%S +0000]",
    "%d.%m.%Y %H.%M.%S",
    "%b %d %H:%M:%S",
    "",
    "%m/%d/%y %I:%M %p",
]
RULES = ["", "-", "------", "=" * 40, "{}", "[]", "[", '{"level":', "\x00", "\x1b[0m", "::", "a=b c=", "<x>", '"', "%"]
words = st.text(alphabet=string.printable + "äßİ—\u202f", max_size=30)


@st.composite
def lines(draw) -> str:
    at, level = draw(st.sampled_from(TIMES)), draw(st.sampled_from(LEVELS))
    parts = [ago(minutes=draw(st.integers(0, 2000))).strftime(at), level, draw(words)]
    return draw(st.one_of(st.sampled_from(RULES), st.just(" ".join(draw(st.permutations(parts))))))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(lines(), min_size=1, max_size=12), st.sampled_from(["text", "json", "auto"]), st.booleans())
def test_a_look_never_crashes(tmp_path: Path, written: list[str], form: str, is_database: bool):
    path = tmp_path / "app.log"
    path.write_text("\n".join(written * 3), encoding="utf-8", errors="replace")
    source = LogSource.model_validate(
        {
            "name": "app",
            "path": path,
            **({"format": form} if form != "auto" else {}),
            **({"holds": "database"} if is_database else {}),
        }
    )
    target = frozen_target(tmp_path, logs=(source,))
    logs = Logs(target)
    for look in (logs.errors, logs.failed_requests):
        try:
            found = look(target.today)
            if look is logs.errors:
                found.require_understood()
        except NotCovered as told:
            assert str(told)
