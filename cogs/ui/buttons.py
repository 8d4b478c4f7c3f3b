"""How our buttons look; each is answered by the class that its feature's cog registers for the custom_id.

A drawn button is never kept by discord.py: not per message, not in memory, and it cannot push a registered one out.
"""

from __future__ import annotations

from typing import Any

import discord
from discord import ButtonStyle

from bot.i18n import N_, Language

LABELS: dict[str, tuple[str, ButtonStyle]] = {
    "article:join": (N_("Join the conversation"), ButtonStyle.primary),
    "article:guidelines": (N_("Guidelines"), ButtonStyle.secondary),
    "guidelines:show": (N_("All of it, with examples"), ButtonStyle.secondary),
    "guidelines:page": (N_("Next"), ButtonStyle.secondary),
    "guidelines:read": (N_("I have read them"), ButtonStyle.primary),
    "guidelines:again": (N_("Edit"), ButtonStyle.primary),
    "guidelines:anew": (N_("Edit"), ButtonStyle.primary),
    "guidelines:retire": (N_("Retire"), ButtonStyle.danger),
    "article:post": (N_("Post"), ButtonStyle.success),
    "article:edit": (N_("Edit"), ButtonStyle.secondary),
    "article:byhand": (N_("Write the summary by hand"), ButtonStyle.primary),
    "reply:answer": (N_("Reply"), ButtonStyle.secondary),
    "reply:report": (N_("Report"), ButtonStyle.secondary),
    "reply:report-again": (N_("Try again"), ButtonStyle.primary),
    "report:keep": (N_("Keep"), ButtonStyle.success),
    "report:changes": (N_("Request changes"), ButtonStyle.secondary),
    "appeal:open": (N_("Appeal"), ButtonStyle.secondary),
    "appeal:again": (N_("Try again"), ButtonStyle.primary),
    "appeal:uphold": (N_("Uphold"), ButtonStyle.success),
    "appeal:dismiss": (N_("Dismiss"), ButtonStyle.danger),
    "reply:edit": (N_("Edit"), ButtonStyle.secondary),
    "reply:withdraw": (N_("Withdraw"), ButtonStyle.secondary),
    "reply:revise": (N_("Revise"), ButtonStyle.primary),
    "reply:again": (N_("Try again"), ButtonStyle.primary),
    "review:approve": (N_("Approve"), ButtonStyle.success),
    "review:reject": (N_("Reject"), ButtonStyle.danger),
    "review:changes": (N_("Request changes"), ButtonStyle.secondary),
    "review:more": (N_("More"), ButtonStyle.secondary),
    "review:duplicate": (N_("Duplicate of…"), ButtonStyle.secondary),
    "review:despite": (N_("Approve all the same"), ButtonStyle.danger),
    "cluster:approve": (N_("Approve one, close the rest"), ButtonStyle.success),
    "cluster:despite": (N_("Approve all the same"), ButtonStyle.danger),
    "cluster:young": (N_("Hold new accounts"), ButtonStyle.secondary),
    "cluster:free": (N_("Let new accounts reply"), ButtonStyle.secondary),
    "review:undo": (N_("Undo"), ButtonStyle.secondary),
    "review:remove": (N_("Remove"), ButtonStyle.danger),
    "claim:take": (N_("Claim"), ButtonStyle.secondary),
    "claim:release": (N_("Release"), ButtonStyle.secondary),
    "claim:over": (N_("Take over"), ButtonStyle.primary),
    "desk:skip": (N_("Skip"), ButtonStyle.secondary),
    "desk:open": (N_("Open"), ButtonStyle.secondary),
    "desk:next": (N_("Look again"), ButtonStyle.primary),
    "desk:after": (N_("Newer"), ButtonStyle.secondary),
    "desk:before": (N_("Older"), ButtonStyle.secondary),
    "review:restore": (N_("Restore"), ButtonStyle.secondary),
    "note:reply": (N_("Note"), ButtonStyle.secondary),
    "note:remove": (N_("Remove"), ButtonStyle.secondary),
    "history:member": (N_("History"), ButtonStyle.secondary),
    "history:older": (N_("Older"), ButtonStyle.secondary),
    "history:newer": (N_("Newer"), ButtonStyle.secondary),
    "audit:older": (N_("Older"), ButtonStyle.secondary),
    "audit:newer": (N_("Newer"), ButtonStyle.secondary),
    "opinion:ask": (N_("Second opinion"), ButtonStyle.secondary),
    "opinion:back": (N_("Take the request back"), ButtonStyle.secondary),
    "blind:reveal": (N_("Reveal"), ButtonStyle.secondary),
    "blur:switch": (N_("Blur"), ButtonStyle.secondary),
    "strike:reply": (N_("Add a strike"), ButtonStyle.danger),
    "sanction:read": (N_("I understand"), ButtonStyle.primary),
    "pause:member": (N_("Pause member"), ButtonStyle.secondary),
    "ban:member": (N_("Ban member"), ButtonStyle.secondary),
    "ban:undo": (N_("Undo"), ButtonStyle.secondary),
    "bulk:approve": (N_("Approve all"), ButtonStyle.success),
    "phrase:page": (N_("More"), ButtonStyle.secondary),
    "bulk:reject": (N_("Reject all"), ButtonStyle.danger),
    "bulk:undo": (N_("Undo"), ButtonStyle.secondary),
    "bulk:page": (N_("Next"), ButtonStyle.secondary),
    "setup:make": (N_("Make it for me"), ButtonStyle.success),
    "setup:check": (N_("Check"), ButtonStyle.secondary),
    "trouble:check": (N_("Check"), ButtonStyle.secondary),
    "trouble:again": (N_("Post it again"), ButtonStyle.primary),
    "my:reply": (N_("Open"), ButtonStyle.secondary),
    "my:replies": (N_("Older"), ButtonStyle.secondary),
}


class DrawnButton(discord.ui.Button[Any]):
    """A button that only has looks: presses go to the persistent class with the same custom_id."""

    def is_dispatchable(self) -> bool:
        """Keep discord.py from storing the view that holds it."""
        return False


def button(action: str, language: Language, *ids: int, label: str | None = None) -> DrawnButton:
    """Draw the button of an action such as "review:approve"; the ids end its custom_id."""
    message, style = LABELS[action]
    custom_id = ":".join([action, *map(str, ids)])
    return DrawnButton(label=label or language.say(message), style=style, custom_id=custom_id)


def link_button(label: str, url: str) -> discord.ui.Button[Any]:
    """Draw a button that opens an address."""
    return discord.ui.Button(label=label, url=url)


def view_of(*items: discord.ui.Item[Any]) -> discord.ui.LayoutView:
    """Make a message of these parts; discord.py keeps nothing of it, since whoever answers is found by custom_id."""
    view = discord.ui.LayoutView(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def texts(view: discord.ui.LayoutView) -> list[str]:
    """Return every text of a message, in order: also of one that came back from Discord."""
    return [item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]
