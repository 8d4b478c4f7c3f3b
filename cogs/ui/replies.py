"""A reply as its author and its readers see it: the receipt, the published reply, the author's own list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.models import COUNTED, ReplyStatus
from cogs.ui.appearances import letters_line
from cogs.ui.buttons import DrawnButton, button, view_of
from cogs.ui.forms import kept
from cogs.ui.guidelines import guidelines_line
from cogs.ui.names import webhook_name
from cogs.ui.reasons import QUOTES_ROOM, SENTENCE_ROOM, appeal_line, decider_line, reason_lines
from cogs.ui.shifts import clock_time
from cogs.ui.text import (
    BODY_LIMIT,
    QUOTE_LIMIT,
    body,
    cut,
    excerpt,
    gist,
    link,
    message_url,
    plain,
    quoted,
    room_beside,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.i18n import Language
    from bot.models import Article, Case, Receipt, Reply, Request, Wording

EMPTY: Mapping[int, Wording] = {}
RECEIPT = 7101  # the number of the component by which a receipt is known again
WHERE_TO_READ = {ReplyStatus.PENDING, ReplyStatus.CHANGES_REQUESTED, ReplyStatus.REJECTED, ReplyStatus.REMOVED}
EXPLAINED = {ReplyStatus.CHANGES_REQUESTED, ReplyStatus.REJECTED, ReplyStatus.REMOVED}
LIST_ROOM = 60  # of a text in the list
ROWS_IN_LIST = 4  # entries with buttons of their own: a message has 40 components
HELD = discord.Colour(0xC98A1B)
DONE = discord.Colour(0x3B8A4E)
REFUSED = discord.Colour(0xB3402E)
QUIET = discord.Colour(0x7A7F87)

COLOURS = {
    ReplyStatus.PENDING: HELD,
    ReplyStatus.CHANGES_REQUESTED: HELD,
    ReplyStatus.APPROVED: DONE,
    ReplyStatus.PUBLISHED: DONE,
    ReplyStatus.REJECTED: REFUSED,
    ReplyStatus.REMOVED: REFUSED,
    ReplyStatus.WITHDRAWN: QUIET,
    ReplyStatus.DUPLICATE: QUIET,
}


def receipt(receipt: Receipt, language: Language, *, note: str | None = None) -> discord.ui.LayoutView:
    """Build what the author gets back; `note` stands above it, as for a duplicate."""
    reply, language = receipt.reply, language.citing(receipt.cited)
    decider = decider_line(receipt.decider_id, language)
    why = [decision_lines(reply, language), decider, appeal_line(receipt.appeal, language)]
    above = "\n".join(filter(None, [_receipt_line(receipt, language), *why]))
    below = f"-# {_next_step(reply, language, may_appeal=receipt.may_appeal)}"
    if receipt.letters_minutes and reply.status is ReplyStatus.PENDING:
        below += f"\n-# {letters_line(receipt.letters_minutes, language)}"
    if reply.status in WHERE_TO_READ:
        below += f"\n-# {guidelines_line(receipt.guidelines, language)}"
    text = cut(quoted(body(reply.text)), room_beside(above, below, note or ""))
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=COLOURS[reply.status])
    container.add_item(discord.ui.TextDisplay(above, id=RECEIPT))
    for line in (text, below):
        container.add_item(discord.ui.TextDisplay(line))
    if receipt.may_appeal:
        container.add_item(discord.ui.ActionRow(button("appeal:open", language, reply.id)))
    elif row := author_buttons(reply, language):
        container.add_item(row)
    notes: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay(note)] if note else []
    return view_of(*notes, container)


def is_receipt(message: discord.Message | None) -> bool:
    """Tell whether a message is a receipt, which may be replaced by a later one."""
    if message is None or not message.flags.components_v2:
        return False
    return discord.ui.LayoutView.from_message(message, timeout=None).find_item(RECEIPT) is not None


def returned_text(sentence: str, text: str, again: DrawnButton | None) -> discord.ui.LayoutView:
    """Give an author back what they typed, word for word, with the button that opens the form with it."""
    parts: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay(sentence), *kept(text[: room_beside(sentence)])]
    if again is not None:
        parts.append(discord.ui.ActionRow(again))
    return view_of(*parts)


def published_reply(case: Case, language: Language, *, server_id: int) -> discord.ui.LayoutView:
    """Build the message in the thread; its name and avatar are the author's.

    Our own lines stand in texts of their own, which an author's text cannot reach into.
    """
    quote = parent_line(case, language, server_id=server_id)
    # A webhook's author has no profile: the mention, which pings nobody, leads to the real one. A badge stands before
    # it, where no display name can reach.
    author = f"-# {badge_mark(case.reply, language)}<@{case.reply.author.id}>"
    text = cut(body(case.reply.text), BODY_LIMIT)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(
        button("reply:answer", language, case.reply.id), button("reply:report", language, case.reply.id)
    )
    return view_of(*(discord.ui.TextDisplay[Any](line) for line in (quote, text, author) if line), row)


def badge_mark(reply: Reply, language: Language) -> str:
    """Say who its author is, before their name; empty for most."""
    return f"**{language.word(reply.badge)}** · " if reply.badge is not None else ""


def tombstone(language: Language) -> discord.ui.LayoutView:
    """Build what stands in the place of a removed reply; its name and avatar stay, since Discord cannot change them."""
    return view_of(discord.ui.TextDisplay("-# " + language.say("*removed by the moderators*")))


def veil(language: Language) -> discord.ui.LayoutView:
    """Build what stands in the place of a reply that many have reported, until that is decided."""
    return view_of(discord.ui.TextDisplay("-# " + language.say("*hidden until a moderator has looked at it*")))


def parent_line(case: Case, language: Language, *, server_id: int) -> str:
    """Quote what is answered on one line, with a link to it while it is published; empty for the article itself."""
    if case.reply.parent_id is None:
        return ""
    parent = case.parent
    if parent is None or parent.status is not ReplyStatus.PUBLISHED or parent.message_id is None:
        return "> " + language.say("*in answer to a reply that is no longer published*")
    if parent.hidden:
        return "> " + language.say("*hidden until a moderator has looked at it*")
    name = webhook_name(parent.author.name)  # as it stands above that reply
    if case.article.thread_id is not None:
        name = link(name, message_url(server_id, case.article.thread_id, parent.message_id))
    else:
        name = plain(name)
    return f"> **{name}** · {gist(parent.text, QUOTE_LIMIT)}"


def reply_list(
    replies: Sequence[tuple[Reply, Article | None]],
    language: Language,
    *,
    page: int = 0,
    more: bool = False,
    untold: Collection[int] = (),
    cited: Mapping[int, Wording] = EMPTY,
    outcomes: Sequence[str] = (),
) -> discord.ui.LayoutView:
    """Build a page of up to ten of a member's own replies, newest first, with what can still be done about each.

    `untold` are the ids of replies about which a direct message could not be delivered; `cited` is what the
    guidelines of decisions said on their day, by the reply's id; `outcomes` say what became of the member's reports,
    of which none could be delivered either.
    """
    beside = [discord.ui.TextDisplay[Any]("\n".join(filter(None, outcomes)))] if any(outcomes) else []
    if not replies:
        nothing = language.say("You have not sent any replies in this server yet.")
        return view_of(discord.ui.TextDisplay(nothing), *beside)
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=QUIET)
    container.add_item(discord.ui.TextDisplay("### " + language.say("Your replies")))
    rows = 0
    for reply, article in replies:
        text = discord.ui.TextDisplay[Any](
            _entry(reply, article, language.citing(cited.get(reply.id)), untold=reply.id in untold)
        )
        row = author_buttons(reply, language, numbered=True) if rows < ROWS_IN_LIST else None
        if row is None:
            container.add_item(discord.ui.Section(text, accessory=button("my:reply", language, reply.id)))
        else:
            rows += 1
            container.add_item(text).add_item(row)
    turns = [button("my:replies", language, page - 1, label=language.say("Newer"))] if page else []
    if more:
        turns.append(button("my:replies", language, page + 1, label=language.say("Older")))
    return view_of(container, *beside, *([discord.ui.ActionRow(*turns)] if turns else []))


def author_buttons(
    reply: Reply, language: Language, *, numbered: bool = False
) -> discord.ui.ActionRow[discord.ui.LayoutView] | None:
    """Return what an author can do about a reply that is not decided yet; None when nothing."""
    actions = {
        ReplyStatus.PENDING: ("reply:edit", "reply:withdraw"),
        ReplyStatus.CHANGES_REQUESTED: ("reply:revise", "reply:withdraw"),
    }.get(reply.status, ())
    if not actions:
        return None
    buttons = [button(action, language, reply.id) for action in actions]
    for each in buttons if numbered else ():
        each.label = f"{each.label} #{reply.number}"
    return discord.ui.ActionRow(*buttons)


def decision_lines(reply: Reply, language: Language, *, room: int = SENTENCE_ROOM, quotes: int = QUOTES_ROOM) -> str:
    """Say why, as far as a moderator gave a guideline, passages or a sentence; empty: there is nothing to explain."""
    if reply.status not in EXPLAINED:
        return ""
    why: dict[str, Any] = {"guideline": reply.guideline, "passages": reply.passages, "sentence": reply.sentence}
    return reason_lines(language, **why, room=room, quotes=quotes)


def asked_lines(reply: Reply, request: Request | None, language: Language) -> str:
    """Say what a moderator asked of the author, of this revision or of an earlier one; empty: nothing was."""
    if reply.status is ReplyStatus.CHANGES_REQUESTED:
        return decision_lines(reply, language)
    if request is None:
        return ""
    why: dict[str, Any] = {"passages": request.passages, "sentence": request.sentence}
    return reason_lines(language, guideline=request.guideline, **why)


def _receipt_line(receipt: Receipt, language: Language) -> str:
    reply = receipt.reply
    parts = [f"**#{reply.number}**", language.word(reply.status)]
    if reply.status is ReplyStatus.PENDING:
        if receipt.ahead >= COUNTED:
            parts.append(language.say("{n}+ ahead", n=COUNTED - 1))
        elif receipt.ahead:
            parts.append(language.count("{n} ahead", "{n} ahead", receipt.ahead))
        else:
            parts.append(language.say("0 ahead: yours is next"))
        if receipt.reviewed_from is not None:
            parts.append(language.say("reviewed from {when}", when=clock_time(receipt.reviewed_from)))
        elif receipt.usual_wait is not None:
            parts.append(language.say("usually about {wait}", wait=language.duration(receipt.usual_wait)))
    return " · ".join(parts)


def _next_step(reply: Reply, language: Language, *, may_appeal: bool) -> str:
    if may_appeal:
        return language.say("If you think that this is wrong, press Appeal: another moderator decides.")
    if reply.status is ReplyStatus.PENDING:
        return language.say("A moderator reads every reply before it appears. /my replies shows where yours is.")
    if reply.status is ReplyStatus.CHANGES_REQUESTED:
        return language.say("Press Revise to change your text: it is kept, so you need not type it again.")
    if reply.by_role and reply.status in {ReplyStatus.APPROVED, ReplyStatus.PUBLISHED}:
        return language.say("Published without waiting, since you are staff. A moderator can still take it back.")
    return language.say("/my replies shows all your replies in this server.")


def _entry(reply: Reply, article: Article | None, language: Language, *, untold: bool) -> str:
    lines = [f"**#{reply.number}** · {language.word(reply.status)} · <t:{int(reply.submitted_at.timestamp())}:R>"]
    if article is not None:
        lines[0] += f" · {excerpt(article.page.title, 40)}"
    if decision := decision_lines(reply, language, room=LIST_ROOM, quotes=0):
        lines.append(decision.replace("\n", " · "))
    if untold:
        lines.append("-# " + language.say("Discord did not let me tell you this by direct message."))
    if address := published_url(reply, article):
        lines.append(link(language.say("Go to it"), address))
    return "\n".join([*lines, f"> {gist(reply.text, LIST_ROOM)}"])


def published_url(reply: Reply, article: Article | None) -> str | None:
    """Return where a reply can be read by everyone; None while it cannot."""
    if reply.status is not ReplyStatus.PUBLISHED or article is None or article.thread_id is None:
        return None
    return message_url(reply.server_id, article.thread_id, reply.message_id)
