"""What people say has to be understood."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from faultlab.blind.shape import ASKED, Kind, Put, Shape
from faultlab.blind.writing import REAL, at_work, choose, report
from faultlab.scene import Scene

_OPEN = (1, 3, 4)


def _says(title: str, text: str, role: str = "sales", **different: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        user = at_work(scene, random, role, random.choice(_OPEN))
        report(scene, user, title, text, timedelta(minutes=random.randrange(20, 120)), **different)
        return f"user {user}: {title}"

    return put_in


def _five_by_one(scene: Scene, random: Random) -> str:
    user = at_work(scene, random, "sales", random.choice(_OPEN))
    said = (
        ("How to change a draft", "Where can the quantity be changed?"),
        ("Where is the receipt", "It does not come out of the printer."),
        ("A customer twice", "Which of the two do I take?"),
        ("Discount", "Where do I enter it?"),
        ("Leaving the page", "It asks me whether I want to stay."),
    )
    for place, (title, text) in enumerate(said):
        report(scene, user, title, text, timedelta(minutes=300 - 55 * place))
    return f"user {user}"


def _three_the_same(scene: Scene, random: Random) -> str:
    branch = random.choice((1, 3))
    people = {at_work(scene, random, role, branch) for role in ("sales", "sales", "production", "manager")}
    for place, user in enumerate(sorted(people)):
        report(
            scene,
            user,
            "Board does not load",
            "The board of the workshop stays white.",
            timedelta(minutes=90 - 20 * place),
        )
    return f"{len(people)} people of branch {branch}"


def _test_sale(scene: Scene, random: Random) -> str:
    sale = choose(
        scene, random, f"SELECT * FROM sales WHERE {REAL} AND created_at >= :midnight", midnight=scene.midnight
    )
    scene.tables.change("customers", "name = 'Test Test'", "id = :id", id=sale.customer_id)
    scene.tables.change("sales", "note = 'TEST please ignore'", "id = :id", id=sale.id)
    return str(sale.number)


def _job_error(scene: Scene, random: Random) -> str:
    job = choose(
        scene, random, "SELECT * FROM jobs WHERE kind = 'receipt' AND queued_at >= :midnight", midnight=scene.midnight
    )
    scene.tables.change(
        "jobs",
        "state = 'failed', error = 'OSError: [Errno 28] No space left on device', attempts = 3",
        "id = :id",
        id=job.id,
    )
    return f"job {job.id}"


SHAPES = tuple(
    Shape(id=id_, kind=Kind.MEANING, happens=happens, put_in=put_in, expected=expected, day=day)
    for id_, happens, put_in, expected, day in (
        ("five-reports-by-one", "One person has reported five things today.", _five_by_one, ("L1",), 9),
        (
            "another-shops-customers",
            "Somebody writes that she sees another shop's customers.",
            _says("Odd list", "It shows another shop's customers when I search."),
            ("L3",),
            9,
        ),
        (
            "another-branch-in-german",
            "Somebody writes in German that she sees another branch's customers.",
            _says("Kundenliste", "Ich sehe die Kunden einer anderen Filiale."),
            ("L3",),
            9,
        ),
        (
            "sales-are-gone",
            "Somebody writes that yesterday's sales are gone.",
            _says("Where are they", "All my sales of yesterday have disappeared, they are gone."),
            ("L2", "L3"),
            5,
        ),
        (
            "charged-twice-they-say",
            "Somebody writes that a customer paid twice.",
            _says("Card", "The customer was charged twice for the same dress and is angry."),
            ("L2", "L3"),
            9,
        ),
        (
            "wrong-total-they-say",
            "Somebody writes that the total is wrong.",
            _says("Receipt", "The total on the receipt is wrong, it does not match the items."),
            ("L2", "L3"),
            9,
        ),
        (
            "logged-in-as-another",
            "Somebody writes that she was logged in as somebody else.",
            _says("Name at the top", "I was suddenly logged in as Jonas and could see his things."),
            ("L3",),
            9,
        ),
        (
            "back-to-paper",
            "Somebody writes that they use paper again.",
            _says("Too slow", "We write it on paper again, this takes far too long.", "manager", category="wish"),
            ("L1", "L2"),
            9,
        ),
        (
            "nobody-can-sell",
            "Somebody writes, at low severity, that nobody can sell.",
            _says("Till", "Nobody here can complete a sale since ten o'clock."),
            ("L2", "L3"),
            9,
        ),
        (
            "password-seen",
            "Somebody writes that a password was passed round.",
            _says("Tablet", "Everybody here uses my password because theirs does not work."),
            ("L2", "L3"),
            9,
        ),
        ("several-say-the-same", "Several people of a branch report the same.", _three_the_same, ("L1", "L2"), 9),
        ("test-sale-in-a-shop", "A test was left in a real branch.", _test_sale, ("L1", "L2", ASKED), 9),
        ("job-out-of-space", "A job failed since the disk is full.", _job_error, ("L2", "L3"), 9),
    )
)
