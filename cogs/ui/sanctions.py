"""Strikes and sanctions as people read them: what a member is told, what a moderator sees before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.i18n import N_
from bot.models import NoticeKind, SanctionKind
from cogs.ui.buttons import button, view_of
from cogs.ui.outlooks import foreseen
from cogs.ui.reasons import decider_line, reason_lines
from cogs.ui.text import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.i18n import Language
    from bot.models import Outlook, Penalty, Record, Sanction, Strike

REFUSED, DONE = discord.Colour(0xB3402E), discord.Colour(0x3B8A4E)  # as in `cogs/ui/replies.py`
NAME_ROOM = 100
MOST_NAMED = 10
WORDS_ROOM = 300

TOLD = {
    SanctionKind.WARNING: N_("Moderators of **{server}** warn you. Press “I understand” before you reply again."),
    SanctionKind.PAUSE: N_("You may not reply in **{server}** until {until}."),
    SanctionKind.TIMEOUT: N_("You are timed out in **{server}** until {until}."),
    SanctionKind.BAN: N_("You may not take part in the discussions of **{server}** any more."),
    SanctionKind.DISCORD_BAN: N_("You are banned from **{server}**."),
}
LIFTED = {
    SanctionKind.WARNING: N_("Moderators of **{server}** have taken their warning back."),
    SanctionKind.PAUSE: N_("Your pause in **{server}** is over: you can reply again."),
    SanctionKind.TIMEOUT: N_("Your timeout in **{server}** is over: you can reply again."),
    SanctionKind.BAN: N_("You can take part in the discussions of **{server}** again."),
}
OVER = {  # but not all that keeps the member from replying
    SanctionKind.WARNING: LIFTED[SanctionKind.WARNING],
    SanctionKind.PAUSE: N_("Your pause in **{server}** is over."),
    SanctionKind.TIMEOUT: N_("Your timeout in **{server}** is over."),
    SanctionKind.BAN: N_("Your ban from the discussions of **{server}** is over."),
}
STANDING = {
    SanctionKind.WARNING: N_("warned, not acknowledged yet"),
    SanctionKind.PAUSE: N_("paused until {until}"),
    SanctionKind.TIMEOUT: N_("timed out until {until}"),
    SanctionKind.BAN: N_("banned from discussions"),
    SanctionKind.DISCORD_BAN: N_("banned on Discord"),
}
IMPOSED = {
    SanctionKind.WARNING: N_("{member} is warned, and has to acknowledge that before the next reply."),
    SanctionKind.PAUSE: N_("{member} may not reply until {until}."),
    SanctionKind.TIMEOUT: N_("{member} is timed out until {until}."),
    SanctionKind.BAN: N_("{member} is banned from discussions."),
}


def penalty_notice(
    kind: NoticeKind, penalty: Penalty, language: Language, *, server_name: str, marked: int | None = None
) -> discord.ui.LayoutView:
    """Build what a member is told: what follows, under which guideline, for which words of theirs."""
    language = language.citing(penalty.cited)
    is_over = kind in (NoticeKind.LIFTED, NoticeKind.STRIKE_LIFTED)
    lines = [_head(kind, penalty, language, excerpt(server_name, NAME_ROOM))]
    if penalty.number is not None:
        lines.append(language.say("It is about your reply {number}.", number=f"**#{penalty.number}**"))
    lines.append(_swept(penalty, language))
    if kind is NoticeKind.LIFTED:
        lines.append(_still(penalty.others, language))
    if not is_over:
        why: dict[str, Any] = {"passages": penalty.passages, "sentence": penalty.sentence}
        lines.append(reason_lines(language, guideline=penalty.guideline, **why))
        lines.append(decider_line(penalty.decider_id, language))
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=DONE if is_over else REFUSED, id=marked)
    container.add_item(discord.ui.TextDisplay("\n".join(filter(None, lines))))
    sanction = penalty.sanction
    if not is_over and sanction is not None and is_to_be_read(sanction):
        container.add_item(discord.ui.ActionRow(button("sanction:read", language, sanction.id)))
    return view_of(container)


def _swept(penalty: Penalty, language: Language) -> str:
    """Name the replies that a ban rejected, or that wait again since it was lifted; empty: it is about none."""
    n = len(penalty.swept)
    if not n or penalty.sanction is None:
        return ""
    named = ", ".join(f"#{number}" for number in penalty.swept[:MOST_NAMED])
    if n > MOST_NAMED:
        named += " " + language.count("and {n} more", "and {n} more", n - MOST_NAMED)
    if penalty.sanction.lifted_at is not None:
        return language.count(
            "Your held reply is with the moderators again: {numbers}.",
            "Your {n} held replies are with the moderators again: {numbers}.",
            n,
            numbers=named,
        )
    return language.count(
        "Your held reply is rejected with it: {numbers}. You can appeal: /appeal.",
        "Your {n} held replies are rejected with it: {numbers}. You can appeal about each: /appeal.",
        n,
        numbers=named,
    )


def penalty_line(kind: NoticeKind, penalty: Penalty, language: Language, *, server_name: str) -> str:
    """Say on one line what a direct message would have said."""
    return "⚠️ " + _head(kind, penalty, language, excerpt(server_name, NAME_ROOM))


def is_to_be_read(sanction: Sanction) -> bool:
    """Tell whether it is a warning that the member has to acknowledge."""
    is_open = sanction.acknowledged_at is None and sanction.lifted_at is None
    return sanction.kind is SanctionKind.WARNING and is_open and not sanction.trial


def _head(kind: NoticeKind, penalty: Penalty, language: Language, server: str) -> str:
    strike, sanction = penalty.strike, penalty.sanction
    if kind is NoticeKind.STRIKE_LIFTED:
        return language.say("A strike of yours in **{server}** is lifted.", server=server)
    if sanction is not None:
        heads = TOLD
        if kind is NoticeKind.LIFTED:
            heads = OVER if _still(penalty.others, language) else LIFTED
        return language.say(heads[sanction.kind], server=server, until=_until(sanction))
    when = _moment(strike.expires_at, "D") if strike is not None else ""
    return language.say(
        "Moderators of **{server}** gave you a strike. It counts until {when}.", server=server, when=when
    )


def struck(strike: Strike, followed: Sequence[Sanction], language: Language) -> str:
    """Say to a moderator that a strike was given, and what has followed."""
    said = language.say("{member} has one strike more.", member=f"<@{strike.member_id}>")
    return " ".join([said, *(imposed(sanction, language) for sanction in followed)])


def imposed(sanction: Sanction, language: Language) -> str:
    """Say to a moderator what was imposed, or would have been."""
    if sanction.trial:
        return language.say("On trial, only logged: {what} would have followed.", what=sanction.kind)
    return language.say(IMPOSED[sanction.kind], member=f"<@{sanction.member_id}>", until=_until(sanction))


def banned(sentence: str, sanction: Sanction, rejected: int, language: Language) -> discord.ui.LayoutView:
    """Say to a moderator that a ban stands, what it rejected, and offer the way back."""
    if rejected:
        held = language.count("{n} held reply is rejected.", "{n} held replies are rejected.", rejected)
        sentence = f"{sentence} {held}"
    undo = button("ban:undo", language, sanction.id)
    return view_of(discord.ui.TextDisplay[Any](sentence), discord.ui.ActionRow[Any](undo))


def strike_offer(outlook: Outlook, reply_id: int, number: int, language: Language) -> discord.ui.LayoutView:
    """Offer a moderator a strike for a reply that was decided against."""
    head = f"**#{number}** · {foreseen(outlook, language)}"
    row = discord.ui.ActionRow[Any](button("strike:reply", language, reply_id))
    return view_of(discord.ui.TextDisplay[Any](head), row)


def penalty_lines(record: Record, language: Language, *, now: datetime) -> list[str]:
    """Say for a card how many strikes of its author are in force, and which sanctions."""
    count = sum(expires_at > now for expires_at in record.strikes)
    strikes = [language.count("{n} strike", "{n} strikes", count)] if count else []
    parts = [*strikes, *_standing(record.sanctions, language, now=now)]
    return [f"**{' · '.join(parts)}**"] if parts else []


def acknowledged(others: Sequence[Sanction], language: Language) -> str:
    """Thank a member who has read a warning, and say whether they can reply now."""
    if still := _still(others, language):
        return f"{language.say('Thank you.')} {still}"
    return language.say("Thank you. You can reply again.")


def _still(others: Sequence[Sanction], language: Language) -> str:
    """Say what keeps a member from replying; empty: nothing does."""
    standing = _standing(others, language, now=discord.utils.utcnow())
    return language.say("Still in force: {sanctions}.", sanctions=", ".join(standing)) if standing else ""


def _standing(sanctions: Sequence[Sanction], language: Language, *, now: datetime) -> list[str]:
    in_force = sorted((each for each in sanctions if each.is_in_force(now)), key=_end)
    longest = {sanction.kind: sanction for sanction in in_force}  # of each kind
    return [language.say(STANDING[kind], until=_until(longest[kind])) for kind in SanctionKind if kind in longest]


def strike_entry(strike: Strike, number: str, language: Language, when: str, *, is_blind: bool = False) -> str:
    """Draw a strike in a history; `is_blind`: without who gave it."""
    person, rule = f"<@{strike.moderator_id}>", strike.guideline
    head = language.say("⚡ Strike ({guideline}) by {person} {when}", guideline=rule, person=person, when=when)
    if is_blind:
        head = language.say("⚡ Strike ({guideline}) {when}", guideline=rule, when=when)
    until = _moment(strike.expires_at, "D")
    state = language.say("lifted") if strike.lifted_at else language.say("until {until}", until=until)
    return "\n".join(filter(None, [" · ".join(filter(None, [head, number, state])), _words(strike.sentence)]))


def sanction_entry(sanction: Sanction, number: str, language: Language, when: str, *, is_blind: bool = False) -> str:
    """Draw a sanction in a history, likewise."""
    what, person = sanction.kind, f"<@{sanction.moderator_id}>"
    if sanction.trial:
        head = language.say("⛔ On trial: {what} would have followed {when}", what=what, when=when)
    elif sanction.moderator_id and not is_blind:
        head = language.say("⛔ {what} by {person} {when}", what=what, person=person, when=when)
    else:
        head = language.say("⛔ {what} {when}", what=what, when=when)
    parts = [head, number, language.word(sanction.guideline) if sanction.guideline else "", _state(sanction, language)]
    return "\n".join(filter(None, [" · ".join(filter(None, parts)), _words(sanction.sentence)]))


def _state(sanction: Sanction, language: Language) -> str:
    if sanction.lifted_at is not None:
        return language.say("lifted")
    if sanction.acknowledged_at is not None:
        return language.say("acknowledged")
    return language.say("until {until}", until=_until(sanction)) if sanction.ends_at is not None else ""


def _words(sentence: str | None) -> str:
    return f"> {excerpt(sentence, WORDS_ROOM)}" if sentence else ""


def _end(sanction: Sanction) -> float:
    return sanction.ends_at.timestamp() if sanction.ends_at is not None else 0


def _until(sanction: Sanction) -> str:
    return _moment(sanction.ends_at, "f") if sanction.ends_at is not None else ""


def _moment(moment: datetime, style: str) -> str:
    return f"<t:{int(moment.timestamp())}:{style}>"
