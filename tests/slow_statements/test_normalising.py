"""One text for statements that differ in their values, and no value in it."""

import pytest

from hypercare.slow_statements.normalising import is_of_the_application, normalised


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("SELECT * FROM sales WHERE id = 4711", "SELECT * FROM sales WHERE id = ?"),
        ("SELECT  *\n FROM sales\tWHERE id=$1;", "SELECT * FROM sales WHERE id=?"),
        ("SELECT 1 FROM t WHERE name = 'O''Hara' AND x = -1.5e3", "SELECT ? FROM t WHERE name = ? AND x = ?"),
        ("SELECT * FROM t WHERE id IN (1, 2, 3)", "SELECT * FROM t WHERE id IN (?, ...)"),
        ("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "INSERT INTO t VALUES (?, ...)"),
        ("/* from the till */ SELECT a -- why\nFROM t2", "SELECT a FROM t2"),
        ("SELECT 'a'::text, d::date FROM t1 WHERE a1 = :name", "SELECT ?::text, d::date FROM t1 WHERE a1 = ?"),
        ("SELECT * FROM t WHERE n = 'cut off by the lo", "SELECT * FROM t WHERE n = ?"),
        ("SELECT %(a)s, %s", "SELECT ?, ?"),
        ('SELECT "Note" FROM t', 'SELECT "Note" FROM t'),
    ],
)
def test_values_are_taken_out(statement, text):
    assert normalised(statement) == text


def test_in_mysql_what_stands_in_double_quotes_is_a_value_too():
    assert (
        normalised('SELECT a FROM t WHERE n = "Anna"', double_quotes_are_strings=True) == "SELECT a FROM t WHERE n = ?"
    )


@pytest.mark.parametrize(
    ("statement", "counts"),
    [
        ("select 1", True),
        ("/* x */ UPDATE t SET a = 1", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("COPY public.sales TO stdout", False),
        ("SELECT /*!40001 SQL_NO_CACHE */ * FROM `sales`", False),
        ("SELECT SQL_NO_CACHE * FROM `sales`", False),
        ("SELECT SQL_NO_CACHE `id` FROM `sales` WHERE `id` = ?", True),
        ("VACUUM ANALYZE sales", False),
        ("BEGIN", False),
        ("CREATE INDEX x ON t (a)", False),
    ],
)
def test_only_what_reads_or_writes_records_counts(statement, counts):
    assert is_of_the_application(statement) is counts
