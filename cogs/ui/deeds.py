"""What an audit entry says, in words of whoever reads it; unknown and damaged ones are shown as they are."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.i18n import N_
from bot.models import Action, Guideline, SanctionKind
from cogs.ui.text import excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.i18n import Language

WORDS_ROOM = 70
VALUE_ROOM = 60
ROOM = 300  # of all circumstances together

DEEDS: dict[Action, str] = {
    Action.SET_UP: N_("Server set up"),
    Action.SETTING_CHANGED: N_("Setting changed"),
    Action.ARTICLE_POSTED: N_("Article posted"),
    Action.ARTICLE_CLOSED: N_("Discussion closed"),
    Action.ARTICLE_REOPENED: N_("Discussion opened again"),
    Action.ARTICLE_POSTED_AGAIN: N_("Deleted article posted again"),
    Action.SUBMIT: N_("Reply submitted"),
    Action.REVISE: N_("Reply changed by its author"),
    Action.WITHDRAW: N_("Reply withdrawn by its author"),
    Action.APPROVE: N_("Reply approved"),
    Action.APPROVE_BY_ROLE: N_("Reply approved by its author’s own role"),
    Action.REJECT: N_("Reply rejected"),
    Action.REQUEST_CHANGES: N_("Changes to a reply requested"),
    Action.PUBLISH: N_("Reply published"),
    Action.SEND_BACK: N_("Reply sent back, since Discord refused it"),
    Action.UNDO: N_("Decision undone"),
    Action.REMOVE: N_("Published reply removed"),
    Action.REPORT: N_("Reply reported"),
    Action.SEAL_REPAIRED: N_("Seal repaired"),
    Action.CLAIM: N_("Reply claimed"),
    Action.RELEASE: N_("Reply released"),
    Action.DUPLICATE: N_("Reply closed as a duplicate"),
    Action.RESTORE: N_("Removed reply restored"),
    Action.NOTE: N_("Note written about a member"),
    Action.NOTE_REMOVED: N_("Note removed"),
    Action.ASK_OPINION: N_("Second opinion asked for"),
    Action.GIVE_OPINION: N_("Second opinion given"),
    Action.REVEAL: N_("Author looked at during blind review"),
    Action.ONLY_MODERATOR: N_("Moderator decided what concerned them"),
    Action.PHRASE_SAVED: N_("Phrase saved"),
    Action.PHRASE_REMOVED: N_("Phrase removed"),
    Action.SHIFT_BEGAN: N_("Shift began"),
    Action.SHIFT_ENDED: N_("Shift ended"),
    Action.YOUNG_HELD: N_("New accounts held off"),
    Action.LETTERS: N_("Way that replies appear changed"),
    Action.ARTICLE_FULL: N_("Article took no more replies"),
    Action.ARTICLE_FREE: N_("Article took replies again"),
    Action.AUTHOR_LINKED: N_("Author linked to an article"),
    Action.AUTHOR_UNLINKED: N_("Author unlinked from an article"),
    Action.REPORT_KEPT: N_("Reported reply kept"),
    Action.HIDE: N_("Reply hidden by reports"),
    Action.WOULD_HIDE: N_("Reply would have been hidden by reports"),
    Action.GUARD: N_("Message typed where only the bot publishes"),
    Action.GUIDELINE_ADDED: N_("Guideline added"),
    Action.GUIDELINE_EDITED: N_("Guideline worded anew"),
    Action.GUIDELINE_RETIRED: N_("Guideline retired"),
    Action.GUIDELINES_POSTED: N_("Guidelines posted"),
    Action.GUIDELINES_READ: N_("Guidelines read and confirmed"),
    Action.APPEAL: N_("Author appealed"),
    Action.APPEAL_UPHELD: N_("Appeal upheld"),
    Action.APPEAL_DISMISSED: N_("Appeal dismissed"),
    Action.AUDIT_EXPORTED: N_("Audit exported"),
    Action.STRIKE: N_("Strike given"),
    Action.STRIKE_LIFTED: N_("Strike lifted"),
    Action.WARN: N_("Member warned"),
    Action.PAUSE: N_("Member paused"),
    Action.TIMEOUT: N_("Member timed out"),
    Action.BAN: N_("Member banned from discussions"),
    Action.DISCORD_BAN: N_("Member banned on Discord"),
    Action.LIFT: N_("Sanction lifted"),
    Action.ACKNOWLEDGE: N_("Warning acknowledged"),
    Action.WOULD_SANCTION: N_("Sanction that would have followed, on trial"),
}


def deed(action: str | None, language: Language) -> str:
    """Return what was done."""
    if action in DEEDS:
        return language.say(DEEDS[Action(action)])
    return excerpt(action or "?", VALUE_ROOM)


def circumstances(details: str | None, language: Language) -> str:
    """Return what else is known, on one line; empty when that is nothing of interest."""
    try:
        known = json.loads(details or "{}")
    except ValueError:
        known = None
    if not isinstance(known, dict):
        return excerpt(details or "?", WORDS_ROOM)
    said, room = list[str](), ROOM
    for part in _said(known, language):
        room -= len(part)
        if room < 0:
            return " · ".join([*said, "…"])
        said.append(part)
    return " · ".join(said)


def _said(known: dict[str, Any], language: Language) -> Iterator[str]:
    for name, value in known.items():
        if value in (None, "", [], {}) or name in UNTOLD:
            continue
        try:
            said = TOLD[name](value, language) if name in TOLD else _plainly(name, value)
        except (ValueError, TypeError, OverflowError):  # somebody changed it
            said = _plainly(name, value)
        if said:
            yield said


def _plainly(name: str, value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{excerpt(name, VALUE_ROOM)}: {excerpt(text, VALUE_ROOM)}"


def _quoted(value: Any, _language: Language) -> str:
    return f"“{excerpt(str(value), WORDS_ROOM)}”"


def _rule(value: Any, language: Language) -> str:
    """Raise ValueError for what is none of this server."""
    guideline = Guideline(value)
    if guideline not in {*Guideline.BUILT_IN, *language.titles}:
        raise ValueError(value)
    return excerpt(language.word(guideline), VALUE_ROOM)


def _version(value: Any, language: Language) -> str:
    return "" if value == 1 else language.say("version {number}", number=int(value))


def _mentioned(mark: str) -> Callable[[Any, Language], str]:
    return lambda value, _language: f"<{mark}{int(value)}>"


def _seconds(moment: Any) -> int:
    return int(datetime.fromisoformat(str(moment)).timestamp())


def _until(moment: Any, language: Language) -> str:
    return language.say("until {until}", until=f"<t:{_seconds(moment)}:f>")


def _long(unit: str) -> Callable[[Any, Language], str]:
    return lambda value, language: language.duration(timedelta(**{unit: int(value)})) if value else ""


def _if_so(sentence: str, otherwise: str = "") -> Callable[[Any, Language], str]:
    return lambda value, language: language.say(chosen) if (chosen := sentence if value else otherwise) else ""


# Told by what stands beside it, or of use to nobody who reads.
UNTOLD = frozenset(
    {
        "number",
        "reply_id",
        "message_id",
        "passages",
        "purpose",
        "concern",
        "subjects",
        "carried_out",
        "covered",
        "uncovered",
        "strike_id",
    }
)

TOLD: dict[str, Callable[[Any, Language], str]] = {
    "guideline": _rule,
    "title": _quoted,
    "view": lambda value, language: deed(str(value), language),
    "decision": lambda value, language: deed(str(value), language),
    "format": lambda value, _language: excerpt(str(value), VALUE_ROOM),
    "sentence": _quoted,
    "reason": _quoted,
    "name": _quoted,
    "text": _quoted,
    "revision": _version,
    "setting": lambda value, _language: f"**{excerpt(str(value), VALUE_ROOM)}**",
    "value": lambda value, _language: f"= {excerpt(str(value), VALUE_ROOM)}",
    "member_id": _mentioned("@"),
    "kind": lambda value, language: language.word(SanctionKind(value)),
    "ends_at": _until,
    "expires_at": _until,
    "taken_from": _mentioned("@"),
    "moderators": _mentioned("@&"),
    "editors": _mentioned("@&"),
    "channel_id": _mentioned("#"),
    "articles": _mentioned("#"),
    "review": _mentioned("#"),
    "since": lambda value, language: language.say("since {day}", day=f"<t:{_seconds(value)}:d>"),
    "days": _long("days"),
    "hours": _long("hours"),
    "minutes": _long("minutes"),
    "agrees": _if_so(N_("agrees with the first"), N_("differs from the first")),
    "forgotten": _if_so(N_("by itself, after twelve hours")),
    "discussion": _if_so(N_("with its discussion"), N_("its card")),
}
