"""Of a dump's script only what builds the one database that is meant is let through, whatever stands in its data."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypercare.backups.backup import Unrestorable
from hypercare.backups.scripts import mysql_lines, postgresql_lines
from hypercare.outcome.signals import NotCovered

PG_DUMPALL = rb"""--
-- PostgreSQL database cluster dump
--
SET standard_conforming_strings = on;
DROP DATABASE shop;
DROP ROLE clerk;
CREATE ROLE clerk;
\connect template1
CREATE TABLE of_template (id integer);
CREATE DATABASE shop WITH TEMPLATE = template0;
\connect shop
ALTER TABLE ONLY public.sales DROP CONSTRAINT sales_pkey;
DROP TABLE public.sales;
CREATE TABLE public.sales (id integer, note text);
ALTER TABLE public.sales OWNER TO clerk;
COPY public.sales (id, note) FROM stdin;
1	GRANT ALL;
2	DROP DATABASE shop;
\.
GRANT ALL ON TABLE public.sales TO clerk;
CREATE SUBSCRIPTION follow CONNECTION 'host=elsewhere';
\connect -reuse-previous=on "dbname='wiki'"
CREATE TABLE public.pages (id integer);
"""
PG_KEPT = rb"""CREATE TABLE public.sales (id integer, note text);
COPY public.sales (id, note) FROM stdin;
1	GRANT ALL;
2	DROP DATABASE shop;
\.
"""
MYSQL_SERVER = rb"""-- MySQL dump 10.13
/*!40101 SET NAMES utf8mb4 */;
SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a:1-5,
b:1-9';
CHANGE MASTER TO MASTER_LOG_FILE='x';
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `mysql`;
USE `mysql`;
INSERT INTO `user` VALUES (1);
GRANT ALL ON *.* TO somebody;
USE `shop`;
DROP TABLE IF EXISTS `sales`;
CREATE TABLE `sales` (
  `id` int
) ENGINE=InnoDB;
INSERT INTO `sales` VALUES (1,'USE `mysql`;\nDROP DATABASE shop;');
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER loud BEFORE INSERT ON sales
FOR EACH ROW INSERT INTO mysql.log VALUES (1) */;;
CREATE DEFINER=`root`@`%` PROCEDURE `tidy`()
BEGIN
  DELETE FROM sales;
END ;;
DELIMITER ;
/*!50106 CREATE*/ /*!50117 DEFINER=`root`@`localhost`*/ /*!50106 EVENT `nightly` ON SCHEDULE EVERY 1 DAY DO SELECT 1 */;
FLUSH PRIVILEGES;
USE `wiki`;
CREATE TABLE `pages` (`id` int);
-- Dump completed on 2026-01-15
"""
MYSQL_KEPT = rb"""/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `sales`;
CREATE TABLE `sales` (
  `id` int
) ENGINE=InnoDB;
INSERT INTO `sales` VALUES (1,'USE `mysql`;\nDROP DATABASE shop;');
DELIMITER ;;
CREATE  PROCEDURE `tidy`()
BEGIN
  DELETE FROM sales;
END ;;
DELIMITER ;
"""


def written(folder: Path, content: bytes) -> Path:
    file = folder / "dump.sql"
    file.write_bytes(content)
    return file


def test_of_a_whole_postgresql_server_only_the_live_database_is_built(tmp_path: Path) -> None:
    assert b"".join(postgresql_lines(written(tmp_path, PG_DUMPALL), "shop")) == PG_KEPT


def test_of_a_whole_mysql_server_only_the_live_database_is_built(tmp_path: Path) -> None:
    assert b"".join(mysql_lines(written(tmp_path, MYSQL_SERVER), "shop")) == MYSQL_KEPT


def test_what_only_a_newer_postgresql_knows_is_left_out(tmp_path: Path) -> None:
    script = (
        b"\\restrict a1b2\n"
        b"SET statement_timeout = 0;\nSET transaction_timeout = 0;\nSET client_encoding = 'UTF8';\n"
        b"CREATE TABLE a (note text);\nCOPY a (note) FROM stdin;\nSET transaction_timeout = 0;\n\\.\n"
        b"\\unrestrict a1b2\n"
    )
    known = {"statement_timeout", "client_encoding"}
    kept = b"".join(postgresql_lines(written(tmp_path, script), "shop", known))
    assert kept == (
        b"SET statement_timeout = 0;\nSET client_encoding = 'UTF8';\n"
        b"CREATE TABLE a (note text);\nCOPY a (note) FROM stdin;\nSET transaction_timeout = 0;\n\\.\n"
    )


def test_a_command_between_restrict_and_unrestrict_is_not_run_either(tmp_path: Path) -> None:
    with pytest.raises(NotCovered, match="does more than build tables"):
        list(postgresql_lines(written(tmp_path, b"\\restrict a1\n\\! rm -rf somewhere\n\\unrestrict a1\n"), "shop"))


@pytest.mark.parametrize(
    ("dumped", "known", "kept"),
    [
        ("utf8mb4_0900_ai_ci", {"utf8mb4_bin"}, "utf8mb4_bin"),
        ("utf8mb4_0900_ai_ci", {"utf8mb4_bin", "utf8mb4_nopad_bin"}, "utf8mb4_nopad_bin"),
        ("utf8mb4_0900_ai_ci", {"utf8mb4_bin", "utf8mb4_0900_ai_ci"}, "utf8mb4_0900_ai_ci"),
        ("utf8mb4_uca1400_ai_ci", {"utf8mb4_bin", "uca1400_ai_ci"}, "utf8mb4_uca1400_ai_ci"),
        ("utf8mb4_0900_ai_ci", set(), "utf8mb4_0900_ai_ci"),
    ],
)
def test_a_collation_that_the_server_lacks_gives_way_to_one_that_it_knows(
    tmp_path: Path, dumped: str, known: set[str], kept: str
) -> None:
    script = (
        "/*M!999999\\- enable the sandbox mode */ \n"
        f"CREATE TABLE `a` (\n  `n` varchar(9) COLLATE {dumped} NOT NULL\n) DEFAULT CHARSET=utf8mb4 COLLATE={dumped};\n"
        f"INSERT INTO `a` VALUES ('COLLATE={dumped}');\n"
    )
    lines = b"".join(mysql_lines(written(tmp_path, script.encode()), "shop", known)).decode()
    assert lines.count(kept) == 2 + (kept == dumped)
    assert f"VALUES ('COLLATE={dumped}')" in lines and "sandbox" not in lines


@pytest.mark.parametrize(
    ("lines", "script"),
    [
        (postgresql_lines, b"\\connect wiki\nCREATE TABLE a (id int);\n"),
        (mysql_lines, b"USE `wiki`;\nCREATE TABLE a (id int);\n"),
    ],
)
def test_a_dump_of_a_database_of_another_name_is_built_from_that(tmp_path: Path, lines, script: bytes) -> None:  # type: ignore[no-untyped-def]
    assert list(lines(written(tmp_path, script), "shop")) == [b"CREATE TABLE a (id int);\n"]


@pytest.mark.parametrize(
    ("lines", "script"),
    [
        (postgresql_lines, b"\\! rm -rf somewhere\n"),
        (postgresql_lines, b"\\i other.sql\n"),
        (postgresql_lines, b"SELECT 'it''s';\n\\copy sales to 'x'\n"),
        (mysql_lines, b"DELETE FROM sales;\n"),
        (mysql_lines, b"\\! rm -rf somewhere\n"),
        (mysql_lines, b"source other.sql\n"),
        (mysql_lines, b"INSERT INTO shop.sales VALUES (1);\n"),
        (mysql_lines, b"DROP TABLE IF EXISTS `shop`.`sales`;\n"),
        (mysql_lines, b"/*!50000 UPDATE sales SET id = 1 */;\n"),
        (mysql_lines, b"LOAD DATA INFILE 'x' INTO TABLE sales;\n"),
    ],
)
def test_a_script_that_does_more_is_not_run(tmp_path: Path, lines, script: bytes) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotCovered):
        list(lines(written(tmp_path, b"CREATE TABLE sales (id int);\n" + script), "shop"))


def test_a_script_that_ends_in_the_middle_of_a_text_is_cut(tmp_path: Path) -> None:
    with pytest.raises(Unrestorable, match="in the middle of a text"):
        list(postgresql_lines(written(tmp_path, b"INSERT INTO sales VALUES ('it''s\n"), "shop"))


TEXTS = st.text(st.sampled_from("'\"\\$-;\n !cUSE`xconnect mysql"), max_size=60)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_no_text_in_a_row_leads_a_postgresql_script_astray(tmp_path_factory, one: str, other: str) -> None:  # type: ignore[no-untyped-def]
    quoted = [text.replace("'", "''") for text in (one, other)]
    statement = "INSERT INTO public.sales VALUES ('{}', $$it's$$, '{}'); -- it's done\n".format(*quoted)
    script = f"\\connect shop\n{statement}\\connect wiki\nCREATE TABLE public.pages (id int);\n"
    file = written(tmp_path_factory.getbasetemp(), script.encode())
    assert b"".join(postgresql_lines(file, "shop")).decode() == statement


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_no_text_in_a_row_leads_a_mysql_script_astray(tmp_path_factory, one: str) -> None:  # type: ignore[no-untyped-def]
    escaped = one.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    statement = f"INSERT INTO `sales` VALUES (1,'{escaped}'),\n(2,'{escaped}');\n"
    script = f"USE `shop`;\n{statement}USE `wiki`;\nCREATE TABLE `pages` (`id` int);\n"
    file = written(tmp_path_factory.getbasetemp(), script.encode())
    assert b"".join(mysql_lines(file, "shop")).decode() == statement
