"""Every sentence a person sees, in every language shipped.

English stands in the code and is the key. The other languages are gettext catalogues,
`locales/<code>/LC_MESSAGES/standfirst.po`, read at start: no compiled file is kept.
`python -m bot.locales` brings them up to date with the code.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.models import Badge, Guideline, ReplyStatus, SanctionKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, time, timedelta
    from enum import Enum

    from bot.errors import UserError
    from bot.models import Wording

LOCALES = Path(__file__).parent / "locales"
CATALOGUE = "LC_MESSAGES/standfirst.po"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a mark
    """Mark a sentence for translation where it is defined; it is translated where it is shown."""
    return message


WORDS: dict[type[Enum | Guideline], dict[str, str]] = {
    ReplyStatus: {
        ReplyStatus.PENDING: N_("held for review"),
        ReplyStatus.CHANGES_REQUESTED: N_("changes requested"),
        ReplyStatus.APPROVED: N_("approved"),
        ReplyStatus.PUBLISHED: N_("published"),
        ReplyStatus.REJECTED: N_("rejected"),
        ReplyStatus.WITHDRAWN: N_("withdrawn"),
        ReplyStatus.REMOVED: N_("removed"),
        ReplyStatus.DUPLICATE: N_("closed as a duplicate"),
    },
    Badge: {
        Badge.AUTHOR: N_("Author of the article"),
        Badge.STAFF: N_("Staff"),
    },
    Guideline: {
        Guideline.HATE_SPEECH: N_("hate speech"),
        Guideline.OBSCENITY: N_("obscenity"),
        Guideline.PERSONAL_ATTACK: N_("personal attack"),
        Guideline.DISRESPECT: N_("disrespect"),
        Guideline.SPAM: N_("spam"),
    },
    SanctionKind: {
        SanctionKind.WARNING: N_("warning"),
        SanctionKind.PAUSE: N_("pause"),
        SanctionKind.TIMEOUT: N_("timeout"),
        SanctionKind.BAN: N_("ban from discussions"),
        SanctionKind.DISCORD_BAN: N_("ban on Discord"),
    },
}


@dataclass(frozen=True, slots=True)
class Language:
    """One language shipped, by its ISO 639-1 code; in a server it may have that server's titles of guidelines."""

    code: str
    titles: Mapping[str, str] = field(default_factory=dict, compare=False)

    def say(self, message: str, **values: object) -> str:
        """Return the sentence with its fields filled; enums and lists of names among the values are translated."""
        return _translations(self.code).gettext(message).format(**self._words_in(values))

    def count(self, singular: str, plural: str, n: int, **values: object) -> str:
        """Return the form of the sentence that fits the number, which fills `{n}`."""
        sentence = _translations(self.code).ngettext(singular, plural, n)
        return sentence.format(n=n, **self._words_in(values))

    def word(self, value: Enum | Guideline) -> str:
        """Return the word of this language for a state, a guideline and the like."""
        if isinstance(value, Guideline) and (value in self.titles or value not in Guideline.BUILT_IN):
            return self.titles.get(value, value)
        return _translations(self.code).gettext(WORDS[type(value)][value.value])

    def citing(self, wording: Wording | None) -> Language:
        """The same, with the title that a decision cited on its day."""
        return replace(self, titles={**self.titles, wording.guideline: wording.title}) if wording else self

    def name(self, context: str, message: str) -> str:
        """Return the name of a command or an option; the context keeps apart what English writes alike."""
        return _translations(self.code).pgettext(context, message)

    def duration(self, length: timedelta) -> str:
        """Return "12 min": one unit, at least a minute."""
        return format_timedelta(length, granularity="minute", threshold=1.5, format="short", locale=self.code)

    def date(self, moment: datetime) -> str:
        """Return "23 November 2026" in the way of this language."""
        return format_date(moment, format="long", locale=self.code)

    def clock(self, moment: time) -> str:
        """Return "8:00 AM" or "08:00", in the way of this language."""
        return format_time(moment, format="short", locale=self.code)

    def weekday(self, day: int) -> str:
        """Return "Mon" for 0."""
        return str(get_day_names("abbreviated", locale=self.code)[day])

    def name_of(self, locale: str) -> str:
        """Return what the language of a locale ("pt-BR") is called in this one; of an unknown one, the locale."""
        try:
            return Locale.parse(locale, sep="-").get_display_name(self.code) or locale
        except (UnknownLocaleError, ValueError):
            return locale

    def _words_in(self, values: dict[str, object]) -> dict[str, object]:
        return {name: self._spoken(value) for name, value in values.items()}

    def _spoken(self, value: object) -> object:
        if isinstance(value, Guideline) or type(value) in WORDS:
            return self.word(cast("Enum | Guideline", value))
        if isinstance(value, tuple):
            return ", ".join(_translations(self.code).gettext(str(part)) for part in value)
        return value


ENGLISH = Language("en")


def language_of(locale: object) -> Language:
    """Return the language for one of Discord's locales ("ru", "en-US", None); English when it is not shipped."""
    code = str(locale).split("-")[0].lower()
    return next((language for language in languages() if language.code == code), ENGLISH)


@cache
def languages() -> tuple[Language, ...]:
    """Return every language shipped, English first."""
    codes = sorted(path.parent.parent.name for path in LOCALES.glob(f"*/{CATALOGUE}"))
    return (ENGLISH, *map(Language, codes))


def explain(error: UserError, language: Language) -> str:
    """Return what a refusal says in this language; a marked text among its values is translated too."""
    values = {name: (value,) if type(value) is str and value else value for name, value in error.values.items()}
    return language.say(error.sentence, **values)


@cache
def _translations(code: str) -> NullTranslations:
    path = LOCALES / code / CATALOGUE
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
