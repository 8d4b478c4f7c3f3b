"""The guidelines of a server in everybody's language: its own words where it has any, else those built in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.i18n import N_, Language, language_of, languages
from bot.models import Guideline, Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_IN_FORCE = 25  # Discord's limit for a select
TITLE_LENGTH = 60
TEXT_LENGTH = 400
EXAMPLES_LENGTH = 300

# Text, examples of what it does not allow, examples of what stays allowed. The titles: `WORDS` in `bot/i18n.py`.
BUILT_IN = {
    Guideline.HATE_SPEECH: (
        N_("It attacks people for what they are: origin, religion, sex, disability and the like."),
        N_("“These people should go back where they came from.” A slur for a whole group."),
        N_("Criticism of a religion, a government or a party. Quoting a slur to object to it."),
    ),
    Guideline.OBSCENITY: (
        N_("It is lewd or vulgar. A strong word in a quotation may stand."),
        N_("Swearing at others, sexual remarks about a person, pictures in words of either."),
        N_("A strong word that somebody is quoted with. Matter-of-fact words about bodies and health."),
    ),
    Guideline.PERSONAL_ATTACK: (
        N_("It goes for a person instead of what that person says or does."),
        N_("“You are an idiot.” Mocking somebody’s name, looks or family."),
        N_("“Your figures are wrong.” Hard words about what somebody in office has decided."),
    ),
    Guideline.DISRESPECT: (
        N_("It mocks or shouts others down. Sharp criticism is welcome; scorn is not."),
        N_("A whole reply in capitals. “Go back to school.” Answering only to ridicule."),
        N_("“I disagree, and here is why.” Irony about the matter, not about who speaks."),
    ),
    Guideline.SPAM: (
        N_("It advertises, repeats itself, or has nothing to do with the article."),
        N_("The same reply sent again. A link to a shop. A campaign’s ready-made text."),
        N_("A link to a source that the reply is about. Coming back to a point that nobody has answered."),
    ),
}

PLACES = {guideline: place for place, guideline in enumerate(Guideline.BUILT_IN, start=1)}


@dataclass(frozen=True, slots=True)
class Book:
    """What is in force in one server, in its order, and every wording of its own that is the newest of its language."""

    language: str = "en-US"  # the server's
    version: int = 0  # counts the changes: who has read the guidelines has read one of these
    in_force: tuple[Guideline, ...] = Guideline.BUILT_IN
    retired: tuple[Guideline, ...] = ()
    own: Mapping[Guideline, tuple[Wording, ...]] = field(default_factory=dict)
    places: Mapping[Guideline, int] = field(default_factory=lambda: PLACES)  # of all; never given to another one

    def wording(self, guideline: Guideline, language: Language) -> Wording:
        """What a person with this language reads: the server's words in it, else those in the server's language.

        Where it has neither, what is built in; only a guideline of its own is read in any language there is.
        """
        own = {each.language: each for each in self.own.get(guideline, ())}
        others = () if guideline in BUILT_IN else own
        for code in (language.code, language_of(self.language).code, *others):
            if code in own:
                return own[code]
        return built_in(guideline, language)

    def own_wording(self, guideline: Guideline, language: Language) -> Wording | None:
        """The server's own words in exactly this language; None: it has none."""
        return next((each for each in self.own.get(guideline, ()) if each.language == language.code), None)

    def lacks(self, guideline: Guideline) -> list[Language]:
        """The languages in which the server has no words of its own."""
        return [each for each in languages() if self.own_wording(guideline, each) is None]

    def spoken(self, language: Language, **cited: str) -> Language:
        """The language with this server's titles; `cited` are titles of another day, by key."""
        titles = {guideline: self.wording(guideline, language).title for guideline in self.own}
        return replace(language, titles=titles | cited)

    def at(self, place: int) -> Guideline | None:
        """The guideline that has this place."""
        return next((guideline for guideline, at in self.places.items() if at == place), None)

    def options(self, language: Language) -> dict[str, str]:
        """Key → title of those in force, to choose from."""
        return {guideline.value: self.wording(guideline, language).title for guideline in self.in_force}

    def find(self, typed: str) -> Guideline | None:
        """The guideline with this key, or with this title in any language; those in force come first."""
        wanted = " ".join(typed.split()).casefold()
        known = (*self.in_force, *self.retired)
        by_key = (guideline for guideline in known if guideline == wanted)
        by_title = (guideline for guideline in known if wanted in self._titles(guideline))
        return next(by_key, None) or next(by_title, None)

    def _titles(self, guideline: Guideline) -> set[str]:
        titles = {each.title.casefold() for each in self.own.get(guideline, ())}
        if guideline in BUILT_IN:
            titles |= {built_in(guideline, language).title.casefold() for language in languages()}
        return titles


def built_in(guideline: Guideline, language: Language) -> Wording:
    """The words that come with this version. A guideline that is none of those built in has only its key."""
    plain = Language(language.code)
    if guideline not in BUILT_IN:
        return Wording(guideline, plain.code, guideline.value, "")
    text, covered, uncovered = map(plain.say, BUILT_IN[guideline])
    return Wording(guideline, plain.code, plain.word(guideline), text, covered, uncovered)


def digest(wording: Wording) -> str:
    """The same for the same words, as hexadecimal."""
    words = (wording.title, wording.text, wording.covered, wording.uncovered)
    return hashlib.sha256(repr(words).encode()).hexdigest()
