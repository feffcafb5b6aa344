"""Sources of the daily report that cannot be read up to now, and reports of people that say the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

DATABASE_LOG = {"logs.database": Level.L2, "health.logs": Level.L3}
SAME = "Price labels come out empty since this morning"
IN_GERMAN = "Etiketten werden seit heute leer gedruckt"
ALSO = "Empty price labels, since this morning!"


def _database_log_gone(scene: Scene) -> None:
    log = scene.log("database")
    scene.files.spoil(log)
    log.unlink()


def _database_log_is_a_folder(scene: Scene) -> None:
    _database_log_gone(scene)
    scene.log("database").mkdir()


def _database_log_moved_for_good(scene: Scene) -> None:
    log = scene.log("database")
    scene.files.append(log, scene.line({"at": "2026-01-09T09:00:00+00:00", "level": "ERROR", "message": "a key twice"}))
    scene.files.spoil(log)
    aside = log.with_name(f"{log.name}.1")
    scene.files.make(aside)
    log.rename(aside)


def _database_log_leads_nowhere(scene: Scene) -> None:
    _database_log_gone(scene)
    scene.log("database").symlink_to("/nowhere/database.jsonl")


def _database_log_begun_anew(scene: Scene) -> None:
    log = scene.log("database")
    scene.files.spoil(log)
    aside = log.with_name(f"{log.name}.1")
    scene.files.make(aside)
    log.rename(aside)
    log.write_bytes(b"")


def _quiet_for(length: timedelta) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        log = scene.log("app")
        scene.files.spoil(log)
        lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
        until = scene.now - length
        before = [line for line in lines if datetime.fromisoformat(json.loads(line)["at"]) < until]
        log.write_text("".join(before), encoding="utf-8")

    return put_in


def _reported(*titles: str, people: int) -> Callable[[Scene], None]:
    """Each was reported today and answered, by so many people in turn."""

    def put_in(scene: Scene) -> None:
        latest = scene.tables.one("SELECT max(id) AS id FROM issue_reports").id
        who = scene.tables.rows("SELECT DISTINCT reported_by AS id FROM issue_reports ORDER BY 1")[:people]
        for number, title in enumerate(titles):
            at = scene.ago(minutes=90 - 5 * number)
            scene.tables.copy(
                "issue_reports",
                latest,
                title=title,
                reported_by=who[number % len(who)].id,
                reported_at=at,
                respond_by=scene.ago(minutes=-120),
                resolve_by=scene.ago(minutes=-1440),
                responded_at=at,
                resolved_at=at,
                state="resolved",
                resolution="printed again",
            )

    return put_in


FAULTS = (
    Fault(
        id="database-log-gone",
        happens="The database's log was deleted.",
        where=Where.LOGS,
        put_in=_database_log_gone,
        noticed_by=DATABASE_LOG,
    ),
    Fault(
        id="database-log-unreadable",
        happens="Where the database's log should be is something that cannot be read.",
        where=Where.LOGS,
        put_in=_database_log_is_a_folder,
        noticed_by=DATABASE_LOG,
    ),
    Fault(
        id="database-log-moved-for-good",
        happens="The database's log was moved aside last week, and no new one begun.",
        where=Where.LOGS,
        put_in=_database_log_moved_for_good,
        noticed_by=DATABASE_LOG,
    ),
    Fault(
        id="database-log-leads-nowhere",
        happens="The database's log is a link to a place that is not there.",
        where=Where.LOGS,
        put_in=_database_log_leads_nowhere,
        noticed_by=DATABASE_LOG,
    ),
    Fault(
        id="database-log-begun-anew",
        happens="The database's log was moved aside and a new one begun, in which nothing stands yet.",
        where=Where.LOGS,
        put_in=_database_log_begun_anew,
        just_below=items("logs.database"),
    ),
    Fault(
        id="log-quiet-for-a-while",
        happens="The application's log has said nothing for 50 minutes, which it may.",
        where=Where.LOGS,
        put_in=_quiet_for(timedelta(minutes=50)),
        just_below=items("logs.backend", "health.logs"),
    ),
    Fault(
        id="several-people-report-the-same",
        happens="Five people report the same within an hour.",
        where=Where.ISSUES,
        put_in=_reported(*[SAME] * 5, people=5),
        noticed_by={"logs.user-reports": Level.L2},
    ),
    Fault(
        id="several-people-report-it-in-other-words",
        happens="Five reports of three people mean one trouble, in words of their own.",
        where=Where.ISSUES,
        put_in=_reported(SAME, ALSO, SAME, ALSO, SAME, people=3),
        noticed_by={"logs.user-reports": Level.L2},
    ),
    Fault(
        id="several-people-report-it-in-their-language",
        happens="Five people report the same in German.",
        where=Where.ISSUES,
        put_in=_reported(*[IN_GERMAN] * 5, people=5),
        noticed_by={"logs.user-reports": Level.L2},
    ),
    Fault(
        id="several-people-report-it-of-records-of-their-own",
        happens="Four people report the same, each with a number of a sale.",
        where=Where.ISSUES,
        put_in=_reported(
            *(f"Sale {number} cannot be printed on paper" for number in (211, 305, 318, 402, 411)), people=4
        ),
        noticed_by={"logs.user-reports": Level.L2},
    ),
    Fault(
        id="some-people-report-the-same",
        happens="Four people report the same.",
        where=Where.ISSUES,
        put_in=_reported(*[SAME] * 4, people=4),
        just_below=items("logs.user-reports"),
    ),
    Fault(
        id="one-person-reports-it-again",
        happens="One person reports the same five times.",
        where=Where.ISSUES,
        put_in=_reported(*[SAME] * 5, people=1),
        just_below=items("logs.user-reports"),
        # Five in a day is a sign of its own, whatever they are about.
        may_notice=items("resistance.complaining", "resistance.causes"),
    ),
)
