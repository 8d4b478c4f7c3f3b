"""Brings every catalogue up to date with the code: new sentences come in empty, obsolete ones go.

python -m bot.locales          all languages
python -m bot.locales de       the same, and begins German
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from bot import __version__
from bot.i18n import CATALOGUE, LOCALES, languages
from bot.locales.extract import extract_all

if TYPE_CHECKING:
    from pathlib import Path


def update(code: str, template: Catalog) -> int:
    """Rewrite the catalogue of one language and return how many sentences in it wait for a translation."""
    path = LOCALES / code / CATALOGUE
    catalogue = _read(path, code)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, ignore_obsolete=True, include_lineno=False)
    return sum(not all(_forms(message.string)) for message in catalogue if message.id)


def _read(path: Path, code: str) -> Catalog:
    if not path.exists():
        return Catalog(
            locale=code,
            project="standfirst",
            version=__version__,
            header_comment="# Standfirst's sentences in another language.",
            last_translator="Standfirst",
            language_team=code,
            msgid_bugs_address="none",
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _forms(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (string or "",)


def main() -> None:
    """Update the languages shipped and those named."""
    template = extract_all()
    for code in sorted({language.code for language in languages()[1:]} | set(sys.argv[1:])):
        print(f"{code}: {update(code, template)} to translate")  # noqa: T201 - this is its answer


if __name__ == "__main__":
    main()
