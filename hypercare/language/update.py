"""Bring the catalogues up to date with the sources: `python -m hypercare.language.update`.

What is new in the sources stands without a translation afterwards, what is gone is left out, and all translations of
what is still there stay as they are.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from hypercare.language.catalogue import read_catalogue
from hypercare.language.chosen import ENGLISH, catalogue_of, languages
from hypercare.language.sources import messages_of
from hypercare.shipped import CHECKLIST, CHECKS

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

_PACKAGE = Path(__file__).parents[1]
# A message that no report shows has no translation, and this comment.
NOT_FOR_READERS = "not for readers"
_HEADER = "# What hypercare's reports say in another language; docs/how-to-add-a-language.md says how it is kept."


def updated(catalogue: Catalog) -> Catalog:
    """A catalogue with the messages of the sources, and with the translations that the given one has of them."""
    from babel.messages.catalog import Catalog

    made = Catalog(locale=catalogue.locale, header_comment=_HEADER, fuzzy=False)
    for message, places in messages_of(_PACKAGE, CHECKS, CHECKLIST).items():
        before = catalogue.get(message)
        # Lines change with every commit; which file it is tells a translator enough.
        files = [(file, 1) for file in dict.fromkeys(file for file, _ in places)]
        words, comments = ("", []) if before is None else (str(before.string), before.user_comments)
        made.add(message, words, locations=files, user_comments=comments)
    return made


def as_text(catalogue: Catalog) -> str:
    from babel.messages.pofile import write_po

    out = BytesIO()
    write_po(out, catalogue, width=120, omit_header=False, sort_by_file=True, include_lineno=False)
    lines = out.getvalue().decode("utf-8").splitlines()
    # When and by which program it was written would change with every update.
    return "\n".join(line for line in lines if not line.startswith(('"POT-', '"PO-Rev', '"Generated-By'))) + "\n"


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages that a report may show and that have no translation."""
    return [
        str(entry.id)
        for entry in catalogue
        if entry.id and not entry.string and NOT_FOR_READERS not in entry.user_comments
    ]


def main() -> None:
    for language in languages():
        if language == ENGLISH:
            continue
        path = catalogue_of(language)
        made = updated(read_catalogue(path))
        path.write_text(as_text(made), encoding="utf-8")
        print(f"{path.name}: {len(made)} messages, {len(untranslated(made))} of them without a translation")


if __name__ == "__main__":
    main()
