"""Why something was decided: the fields in which a moderator says it, the lines in which the author reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.i18n import N_
from bot.models import AppealOutcome
from bot.screening.cleaning import is_readable
from bot.services.decisions import SENTENCE_LENGTH
from bot.services.reasons import offer
from cogs.ui.forms import choice, context, paragraph
from cogs.ui.names import shown_name
from cogs.ui.outlooks import foreseen
from cogs.ui.text import cut, excerpt, gist, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import discord

    from bot.i18n import Language
    from bot.models import Appeal, Guideline, Outlook, Phrase, Reply

OPTION_LIMIT = 100  # characters of an option in a select
SENTENCE_ROOM = 800  # of a moderator's words to the author
BLURRED = N_("To tick words of a hidden text, press “Unblur” under “More” first.")
QUOTES_ROOM = 1200  # of the author's words that a decision is about
# What the author reads on the receipt, where nothing else can be done about the reply.
STANDING = {
    None: N_("You have appealed: another moderator will decide, and you will be told."),
    AppealOutcome.DISMISSED: N_("Your appeal was dismissed: the decision stands."),
}


def about(reply: Reply, warning: str = "") -> discord.ui.TextDisplay[Any]:
    """Show above a form which reply it is about."""
    author = f"**{shown_name(reply.author)}**\n> {gist(reply.text, 300)}"
    return context("\n".join(filter(None, (warning, author))))


def reason_fields(
    reply: Reply,
    language: Language,
    *,
    guidelines: dict[str, str],
    phrases: Sequence[Phrase],
    needs_guideline: bool,
    needs_sentence: bool,
    warning: str = "",
    outlook: Outlook | None = None,
) -> Iterator[discord.ui.Item[Any]]:
    """Draw the parts of a form, at most five as Discord has it: whose words, guideline, passages, phrase, sentence.

    `guidelines` are those in force: key → title. Where there is room, a strike can be added, which `outlook` describes.
    """
    if reply.blurred:
        warning = f"{warning}\n{language.say(BLURRED)}".strip()
    yield about(reply, warning)
    label = language.say("Guideline") if needs_guideline else language.say("Guideline (optional)")
    yield choice(label, guidelines, name="guideline", required=needs_guideline)
    passages = {} if reply.blurred else _options(offer(reply.text))
    if passages:
        label = language.say("Which words is it about? (optional)")
        yield choice(label, passages, name="passages", required=False, most=len(passages))
    if phrases:
        saved = {phrase.name: cut(f"{phrase.name} · {one_line(phrase.text)}", OPTION_LIMIT) for phrase in phrases}
        yield choice(language.say("A saved phrase (optional)"), saved, name="phrase", required=False)
    optional = language.say("A sentence to the author (optional)")
    is_needed = needs_sentence and not phrases
    label = language.say("A sentence to the author") if is_needed else optional
    yield paragraph(label, None, limit=SENTENCE_LENGTH, name="sentence", required=is_needed)
    if outlook is not None and not (passages and phrases):
        yield choice(
            language.say("Add a strike? (optional)"),
            {"yes": cut(foreseen(outlook, language), OPTION_LIMIT)},
            name="strike",
            required=False,
        )


def reason_lines(
    language: Language,
    *,
    guideline: Guideline | None,
    passages: Iterable[str],
    sentence: str | None,
    room: int = SENTENCE_ROOM,
    quotes: int = QUOTES_ROOM,
) -> str:
    """Say why, as far as a moderator did; `quotes` is the room for the passages, 0: leave them out."""
    lines: list[str] = []
    if guideline is not None:
        lines.append(language.say("Guideline: **{guideline}**", guideline=guideline))
    if quoted := list(_quoted(passages, quotes)):
        lines += [language.say("It is about these words:"), *quoted]
    if sentence:
        words = excerpt(sentence, room)
        lines.append(language.say("The moderator’s words: {sentence}", sentence=words))
    return "\n".join(lines)


def appeal_line(appeal: Appeal | None, language: Language) -> str:
    """Say to the author on a receipt how the appeal stands, with the moderator's words; empty: there is none."""
    if appeal is None or appeal.outcome not in STANDING:
        return ""
    lines = [language.say(STANDING[appeal.outcome]), answer_lines(appeal, language)]
    return "\n".join(filter(None, lines))


def answer_lines(appeal: Appeal, language: Language) -> str:
    """Tell the author what who decided the appeal said, and that it was the same one as before, where it was."""
    words = reason_lines(language, guideline=None, passages=(), sentence=appeal.sentence)
    alone = language.say("There is one moderator alone here, who had also taken the decision.")
    return "\n".join(filter(None, (words, alone if appeal.is_by_same else "")))


def _options(passages: list[str]) -> dict[str, str]:
    shown = {str(place): cut(one_line(passage), OPTION_LIMIT) for place, passage in enumerate(passages)}
    return {place: words for place, words in shown.items() if is_readable(words)}


def _quoted(passages: Iterable[str], room: int) -> Iterator[str]:
    for place, passage in enumerate(passages):
        if room < OPTION_LIMIT:
            if place:
                yield "> …"
            return
        line = f"> {excerpt(passage, room)}"
        room -= len(line)
        yield line


def decider_line(decider_id: int | None, language: Language) -> str:
    """Name the moderator; empty where nobody is to be named."""
    return "-# " + language.say("Decided by {person}", person=f"<@{decider_id}>") if decider_id else ""
