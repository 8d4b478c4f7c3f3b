"""The comment guidelines as a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ui import Container, LayoutView, Separator, TextDisplay

from bot.i18n import N_
from bot.models import Guideline

if TYPE_CHECKING:
    from bot.i18n import Language

TITLE = N_("## Comment guidelines")
NOTICE = N_(
    "All comments are reviewed by a moderator. "
    "Do not submit your comment more than once or it may be identified as spam. "
    "Please treat others with respect. Comments containing hate speech, obscenity, and personal attacks "
    "will not be approved."
)
MEANINGS = {
    Guideline.HATE_SPEECH: N_("It attacks people for what they are: origin, religion, sex, disability and the like."),
    Guideline.OBSCENITY: N_("It is lewd or vulgar. A strong word in a quotation may stand."),
    Guideline.PERSONAL_ATTACK: N_("It goes for a person instead of what that person says or does."),
    Guideline.DISRESPECT: N_("It mocks or shouts others down. Sharp criticism is welcome; scorn is not."),
    Guideline.SPAM: N_("It advertises, repeats itself, or has nothing to do with the article."),
}
FURTHER = N_("A rejection names the guideline. What a moderator decides is about the text, not about you.")


def guidelines_card(language: Language) -> LayoutView:
    """Draw the notice and what each guideline means."""
    lines = [f"**{_sentence(language.word(rule))}**: {language.say(meaning)}" for rule, meaning in MEANINGS.items()]
    view = LayoutView(timeout=None)
    view.add_item(
        Container(
            TextDisplay(f"{language.say(TITLE)}\n{language.say(NOTICE)}"),
            Separator(),
            TextDisplay("\n".join(lines)),
            TextDisplay(f"-# {language.say(FURTHER)}"),
        )
    )
    return view


def _sentence(word: str) -> str:
    return word[:1].upper() + word[1:]
