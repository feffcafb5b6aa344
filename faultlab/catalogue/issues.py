"""Issues that people reported and that nobody took up."""

from __future__ import annotations

from collections.abc import Callable

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

NOTICED = {"issues.reported": Level.L1}
OPEN = "resolved_at = NULL, resolution = ''"
UNANSWERED = f"state = 'new', responded_at = NULL, responded_by = NULL, {OPEN}"
ANSWERED = f"state = 'acknowledged', responded_at = :reported, {OPEN}"


def _reported(minutes_ago: float, respond_in: float, solve_in: float, to: str) -> Callable[[Scene], None]:
    """The latest issue, reported so long ago, due so many minutes from then."""

    def put_in(scene: Scene) -> None:
        latest = scene.tables.one("SELECT max(id) AS id FROM issue_reports")
        scene.tables.change(
            "issue_reports",
            f"{to}, reported_at = :reported, respond_by = :respond, resolve_by = :resolve",
            "id = :id",
            id=latest.id,
            reported=scene.ago(minutes=minutes_ago),
            respond=scene.ago(minutes=minutes_ago - respond_in),
            resolve=scene.ago(minutes=minutes_ago - solve_in),
        )

    return put_in


def _told_of(title: str, text: str = "") -> Callable[[Scene], None]:
    """The latest issue, answered and in hand, with such a title and such a text."""

    def put_in(scene: Scene) -> None:
        _reported(30, 60, 1440, ANSWERED)(scene)
        latest = scene.tables.one("SELECT max(id) AS id FROM issue_reports")
        scene.tables.change(
            "issue_reports", "title = :title, text = :text", "id = :id", id=latest.id, title=title, text=text or title
        )

    return put_in


def _parked(scene: Scene) -> None:
    """In a state that no list shows."""
    latest = scene.tables.one("SELECT max(id) AS id FROM issue_reports")
    scene.tables.change("issue_reports", f"state = 'parked', {OPEN}", "id = :id", id=latest.id)


FAULTS = (
    Fault(
        id="issue-with-grave-words",
        happens="Somebody reports that the list shows another shop's customers.",
        where=Where.ISSUES,
        put_in=_told_of("The list shows another shop's customers"),
        noticed_by={"issues.reported": Level.L2},
    ),
    Fault(
        id="issue-with-harmless-words",
        happens="Somebody asks how to find the customers of another shop.",
        where=Where.ISSUES,
        put_in=_told_of("How do I find a customer who bought in another shop?"),
        just_below=items("issues.reported"),
    ),
    Fault(
        id="issue-with-a-grave-text",
        happens="Somebody reports under a harmless title that a total is wrong.",
        where=Where.ISSUES,
        put_in=_told_of("Receipt", "I printed it again. The total is wrong, by two pairs of gloves."),
        noticed_by={"issues.reported": Level.L2},
    ),
    Fault(
        id="issue-of-another-name",
        happens="Somebody reports under a harmless title that she works under a colleague's name.",
        where=Where.ISSUES,
        put_in=_told_of("Tablet", "Since lunch I am still logged in as Jonas and cannot get out."),
        noticed_by={"issues.reported": Level.L2},
    ),
    Fault(
        id="issue-with-a-harmless-text",
        happens="Somebody asks in a long text how totals come about and where to log in.",
        where=Where.ISSUES,
        put_in=_told_of("Receipt", "How is the total made up? The price is right. Could I see all sales of a day?"),
        just_below=items("issues.reported"),
    ),
    Fault(
        id="issue-without-answer",
        happens="Somebody reported something, and nobody has answered in time.",
        where=Where.ISSUES,
        put_in=_reported(70, 60, 1440, UNANSWERED),
        noticed_by={**NOTICED, "focus.quick-response": Level.L1},
    ),
    Fault(
        id="issue-still-in-time",
        happens="Somebody reported something ten minutes ago: there is still time to answer.",
        where=Where.ISSUES,
        put_in=_reported(10, 60, 1440, UNANSWERED),
        just_below=items("issues.reported"),
    ),
    Fault(
        id="issue-to-be-answered-at-once",
        happens="The answer to an issue is due within two minutes.",
        where=Where.ISSUES,
        put_in=_reported(58, 60, 1440, UNANSWERED),
        noticed_by={"focus.quick-response": Level.L1},
        just_below=items("issues.reported"),
    ),
    Fault(
        id="issue-parked",
        happens="A script parked an issue in a state that no list shows, so that nobody works on it.",
        where=Where.ISSUES,
        put_in=_parked,
        noticed_by={**NOTICED, "data.constraints": Level.L3},
    ),
    Fault(
        id="issue-unsolved",
        happens="An issue was answered, but it should have been solved by now.",
        where=Where.ISSUES,
        put_in=_reported(300, 60, 240, ANSWERED),
        noticed_by=NOTICED,
    ),
    Fault(
        id="issue-unclassed",
        happens="An issue was answered, but nobody has put it into a category for hours.",
        where=Where.ISSUES,
        put_in=_reported(400, 420, 1440, f"category = NULL, {ANSWERED}"),
        noticed_by=NOTICED,
    ),
)
