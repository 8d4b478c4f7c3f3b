"""What moderators are told of a trouble: what is wrong, what to do about it, and afterwards that it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.i18n import N_
from bot.troubles import TroubleKind
from cogs.ui.buttons import DrawnButton, button, view_of
from cogs.ui.replies import DONE, REFUSED
from cogs.ui.text import excerpt

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.troubles import Trouble

TITLE_ROOM = 150
REASON_ROOM = 400

WHAT = {
    TroubleKind.SEAL_BROKEN: N_("{channel} is not sealed: {who} may {permissions}."),
    TroubleKind.ARTICLES_GONE: N_("The channel for articles is gone: no article and no reply can appear."),
    TroubleKind.REVIEW_GONE: N_("The channel for review is gone: held replies have no cards."),
    TroubleKind.MODERATORS_GONE: N_("The role of moderators is gone: only who manages the server can decide replies."),
    TroubleKind.EDITORS_GONE: N_("The role of editors is gone: only who manages the server can post articles."),
    TroubleKind.PERMISSION_MISSING: N_("I lack permissions in {channel}: {permissions}."),
    TroubleKind.ACCESS_REFUSED: N_("Discord does not let me work in {channel}, though my permissions look right."),
    TroubleKind.WEBHOOKS_FULL: N_("I cannot publish in {channel}: it has as many webhooks as Discord allows."),
    TroubleKind.CARD_GONE: N_("The card of the article “{title}” was deleted, so nobody can join the conversation."),
    TroubleKind.THREAD_GONE: N_("The discussion of the article “{title}” was deleted, with every reply in it."),
    TroubleKind.REFUSED: N_("Discord refuses to publish {number}: {reason}"),
    TroubleKind.DOUBLE: N_("A reply stands in a discussion twice: {link}"),
}
TO_DO = {
    TroubleKind.SEAL_BROKEN: N_("Run /setup again, or deny it in the channel."),
    TroubleKind.ARTICLES_GONE: N_("Choose another with /setup. What waits appears there; nothing is lost."),
    TroubleKind.REVIEW_GONE: N_("Choose another with /setup. Every held reply gets a new card there; nothing is lost."),
    TroubleKind.MODERATORS_GONE: N_("Choose another with /setup."),
    TroubleKind.EDITORS_GONE: N_("Choose another with /setup."),
    TroubleKind.PERMISSION_MISSING: N_("Allow me these there, or run /setup again. Then I go on by myself."),
    TroubleKind.ACCESS_REFUSED: N_("See what restricts me there. I go on trying, and at once when you press “Check”."),
    TroubleKind.WEBHOOKS_FULL: N_("Delete one that nobody needs, in the channel's settings. Then I go on by myself."),
    TroubleKind.CARD_GONE: N_("If that was a mistake, press “Post it again”. The discussion itself goes on."),
    TroubleKind.THREAD_GONE: N_(
        "Press “Open it again”: I post the article once more, and every reply that was published, in its order. "
        "Until then approved replies wait, and nothing is lost."
    ),
    TroubleKind.REFUSED: N_("It is held again. Request changes or reject it by its card; the other replies go on."),
    TroubleKind.DOUBLE: N_("Delete one of the two messages."),
}
AGAIN = {TroubleKind.CARD_GONE: N_("Post it again"), TroubleKind.THREAD_GONE: N_("Open it again")}


def trouble_card(trouble: Trouble, language: Language) -> discord.ui.LayoutView:
    """Build the message; once it is mended, it asks for nothing any more."""
    is_open = trouble.mended_at is None
    head = language.say("⚠️ **I need your help.**") if is_open else language.say("✅ **This is mended.**")
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=REFUSED if is_open else DONE)
    what = language.say(WHAT[trouble.kind], **_values(trouble))
    lines = [head, what, language.say(TO_DO[trouble.kind])] if is_open else [head, what]
    container.add_item(discord.ui.TextDisplay("\n".join(lines)))
    if is_open:
        container.add_item(discord.ui.ActionRow(*_buttons(trouble, language)))
    return view_of(container)


def still_open(trouble: Trouble, language: Language) -> str:
    """Say to who pressed **Check** that it is not mended, and what to do."""
    what = language.say(WHAT[trouble.kind], **_values(trouble))
    return " ".join([language.say("Not mended yet."), what, language.say(TO_DO[trouble.kind])])


def _buttons(trouble: Trouble, language: Language) -> list[DrawnButton]:
    check = button("trouble:check", language, trouble.id)  # by which the message is found again, too
    if trouble.kind not in AGAIN:
        return [check]
    return [button("trouble:again", language, trouble.id, label=language.say(AGAIN[trouble.kind])), check]


def _values(trouble: Trouble) -> dict[str, Any]:
    known = trouble.details
    return {
        "channel": f"<#{known.get('channel_id', trouble.subject_id)}>",
        "who": known.get("mention", ""),
        "permissions": tuple(known.get("permissions", ())),
        "title": excerpt(str(known.get("title", "")), TITLE_ROOM),
        "number": f"#{known.get('number', '')}",
        "reason": excerpt(str(known.get("reason", "")), REASON_ROOM),
        "link": known.get("link", ""),
    }
