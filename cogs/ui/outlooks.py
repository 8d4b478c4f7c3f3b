"""What one strike more would lead to, as the server's ladder suggests it to a moderator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.durations import spell
from bot.i18n import N_
from bot.models import SanctionKind

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.models import Outlook

FORESEEN = {
    SanctionKind.WARNING: N_("{strike}: would warn"),
    SanctionKind.PAUSE: N_("{strike}: would pause for {length}"),
    SanctionKind.TIMEOUT: N_("{strike}: would time out for {length}"),
    SanctionKind.BAN: N_("{strike}: would ban from discussions"),
}


def foreseen(outlook: Outlook, language: Language) -> str:
    """Say what one strike more would be, and what would follow: the suggestion of the server's ladder."""
    strike = language.say("Strike {number}", number=outlook.number)
    if outlook.of is None:
        return strike
    if outlook.number <= outlook.of:
        strike = language.say("Strike {number} of {of}", number=outlook.number, of=outlook.of)
    if not outlook.rungs:
        return language.say("{strike}: nothing would follow yet", strike=strike)
    first, *others = outlook.rungs
    length = spell(first.length, language.code) if first.length else ""
    said = language.say(FORESEEN[first.kind], strike=strike, length=length)
    if first.trial:
        return language.say("{what} (on trial: only logged)", what=said)
    on_trial = [language.say("on trial: {what}", what=rung.kind) for rung in others]
    return "; ".join([said, *on_trial])
