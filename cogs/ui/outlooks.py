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
    SanctionKind.WARNING: N_("Strike {number} of {of}: would warn"),
    SanctionKind.PAUSE: N_("Strike {number} of {of}: would pause for {length}"),
    SanctionKind.TIMEOUT: N_("Strike {number} of {of}: would time out for {length}"),
    SanctionKind.BAN: N_("Strike {number} of {of}: would ban from discussions"),
}


def foreseen(outlook: Outlook, language: Language) -> str:
    """Say what one strike more would be, and what would follow: the suggestion of the server's ladder."""
    rung = outlook.rung
    if outlook.of is None:
        return language.say("Strike {number}", number=outlook.number)
    if rung is None:
        return language.say("Strike {number} of {of}: nothing would follow yet", number=outlook.number, of=outlook.of)
    length = spell(rung.length, language.code) if rung.length else ""
    said = language.say(FORESEEN[rung.kind], number=outlook.number, of=outlook.of, length=length)
    return language.say("{what} (on trial: only logged)", what=said) if rung.trial else said
