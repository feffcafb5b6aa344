"""What somebody gives an address with does not end in a file that is handed around."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from hypercare.commands.init import init
from hypercare.commands.new import new

SECRET = "s3cret-of-the-shop"


@pytest.mark.parametrize("command", [init, new], ids=["init", "new"])
@pytest.mark.parametrize(
    "words",
    [
        ("--database", f"postgresql://m@127.0.0.1:9/db?password={SECRET}"),
        ("--database", f"mysql://m@127.0.0.1:9/db?passwd={SECRET}"),
        ("--database", f"mssql://?odbc_connect=PWD%3D{SECRET}"),
        ("--web", f"https://kim:{SECRET}@shop.example.com/"),
        ("--api", f"https://kim:{SECRET}@shop.example.com/api"),
        ("--database", f"postgresql//m:{SECRET}@127.0.0.1/db"),
        ("--database", f"post gresql://m:{SECRET}@127.0.0.1:x/db"),
    ],
)
def test_an_address_with_a_secret_is_refused_in_words_without_it(
    command: object, words: tuple[str, str], tmp_path: Path
) -> None:
    where = [str(tmp_path / "shop")] if command is new else ["--out", str(tmp_path / "shop.toml"), "--no-questions"]
    ended = CliRunner().invoke(command, [*where, *words], standalone_mode=True)  # type: ignore[arg-type]
    assert ended.exit_code != 0
    assert SECRET not in ended.output
    assert not any(SECRET in file.read_text() for file in tmp_path.rglob("*") if file.is_file())
