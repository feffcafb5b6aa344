"""Naming a further source of errors in the target file while a fault is in."""

from __future__ import annotations

from faultlab.scene import Scene

_TABLE = "failures"
_OF_TABLE = f"""
[[logs]]
name = "failures"
entity = "logged_error"

[mapping.logged_error]
table = "{_TABLE}"

[mapping.logged_error.columns]
id = "id"
at = "happened_at"
severity = "severity"
message = "message"
person = "person"
"""
_OF_LOKI = """
[[logs]]
name = "log server"

[logs.loki]
url = "{url}"
query = '{{app="erp"}}'
timeout = "2s"
"""


def name_table(scene: Scene) -> None:
    """Make a table of errors in the system's database and name it."""
    scene.tables.run(
        f"CREATE TABLE {_TABLE} (id INTEGER PRIMARY KEY, happened_at TIMESTAMP, severity VARCHAR(20), message TEXT,"
        " person VARCHAR(80))",
        back=f"DROP TABLE {_TABLE}",
    )
    _name(scene, _OF_TABLE)


def write_down(scene: Scene, severity: str, message: str, minutes_ago: float) -> None:
    """A row in the table that `name_table` made."""
    at = scene.ago(minutes=minutes_ago)
    scene.tables.add(_TABLE, happened_at=at, severity=severity, message=message, person="lena.vogt")


def rename_table(scene: Scene) -> None:
    """Give it another name, which the target file does not know."""
    back = f"ALTER TABLE {_TABLE}_old RENAME TO {_TABLE}"
    scene.tables.run(f"ALTER TABLE {_TABLE} RENAME TO {_TABLE}_old", back=back)


def name_log_server(scene: Scene, url: str) -> None:
    _name(scene, _OF_LOKI.format(url=url))


def _name(scene: Scene, section: str) -> None:
    scene.files.spoil(scene.target_file)
    with scene.target_file.open("a", encoding="utf-8") as file:
        file.write(section)
