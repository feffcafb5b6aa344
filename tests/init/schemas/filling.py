"""Rows for schemas: a few documents with lines that add up, and words that occur."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def put(connection, table, rows):
    """Insert rows given as dicts of equal keys."""
    rows = list(rows)
    names = ", ".join(f'"{name}"' for name in rows[0])
    marks = ", ".join("?" for _ in rows[0])
    connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', [tuple(row.values()) for row in rows])


def stamp(number, minutes=37):
    """The time of the n-th document: "2026-01-05 09:37:00" """
    return (START + timedelta(minutes=minutes * number)).strftime("%Y-%m-%d %H:%M:%S")


def day(number):
    return stamp(number, 311)[:10]


def price(number):
    return round(7.5 + 3.25 * (number % 9), 2)


def lines(document):
    """(quantity, price) of each line of a document; documents differ in how many lines they have."""
    return [(1 + (document + n) % 3, price(document + n)) for n in range(1 + document % 3)]


def total(document):
    return round(sum(quantity * each for quantity, each in lines(document)), 2)
