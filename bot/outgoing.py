"""What keeps the bot from sending twice: outcomes told apart, and webhook posts without retries."""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.errors import OutcomeUnknown, PostRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=12)
SERVER_ERROR = 500
MARKS = 10_000  # Discord numbers components from 1, we those that we look for in a view from 7001
CARD_MARKS = 2**30 + 2 * MARKS  # beyond all others
BULLETIN_MARKS = CARD_MARKS + 2**29  # likewise
REPORT_MARKS = BULLETIN_MARKS + 2**28
APPEAL_MARKS = REPORT_MARKS + 2**27


@asynccontextmanager
async def telling_outcome() -> AsyncIterator[None]:
    """Turn what discord.py raises into the two things an errand needs to know: refused, or nobody knows.

    Raises PostRefused when the request was certainly not carried out, OutcomeUnknown when it may have been.
    """
    try:
        async with telling_connection():
            yield
    except discord.RateLimited as error:
        raise PostRefused(str(error)) from error
    except discord.HTTPException as error:
        if error.status >= SERVER_ERROR:
            raise OutcomeUnknown(str(error)) from error
        refused = PostRefused(str(error))
        refused.code = error.code
        raise refused from error


@asynccontextmanager
async def telling_connection() -> AsyncIterator[None]:
    """The same for a connection that fails, and for nothing that Discord says."""
    try:
        yield
    except aiohttp.ClientConnectorError as error:
        raise PostRefused(str(error)) from error
    except (aiohttp.ClientError, OSError) as error:
        raise OutcomeUnknown(f"{type(error).__name__}: {error}") from error


class OnceSession:
    """A web session for webhooks in which a POST that the server may have carried out is never repeated.

    discord.py repeats a webhook's POST on every answer from 500 up, and on macOS and Windows after a reset, although
    there is no nonce (2.7.1); here both raise OutcomeUnknown before discord.py sees them.
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, method: str, url: str, **options: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        """As `aiohttp.ClientSession.request`, with a time limit."""
        options["timeout"] = REQUEST_TIMEOUT
        async with telling_connection(), self._session.request(method, url, **options) as response:
            if method == "POST" and response.status >= SERVER_ERROR:
                raise OutcomeUnknown(f"{response.status} to a webhook's POST")
            yield response


def nonce(*parts: object) -> str:
    """A mark that says which message this is: Discord posts an author's message with the same one only once.

    It holds for some minutes and for all channels of the bot, so the parts name the row, its time and the channel.
    Discord takes up to 25 characters; this has 24.
    """
    return hashlib.blake2s(repr(parts).encode(), digest_size=12).hexdigest()


def mark(row_id: int) -> int:
    """The number of the component by which a message without buttons is known again; Discord takes 31 bits."""
    return MARKS + row_id % 2**30


def card_mark(reply_id: int) -> int:
    """The same for a review card, which has no buttons once its reply is decided."""
    return CARD_MARKS + reply_id % 2**29


def bulletin_mark(bulletin_id: int) -> int:
    """The same for a bulletin, which stands among cards and reports."""
    return BULLETIN_MARKS + bulletin_id % 2**28


def report_mark(card_id: int) -> int:
    """The same for a card of reports, which has no buttons once they are decided."""
    return REPORT_MARKS + card_id % 2**27


def appeal_mark(appeal_id: int) -> int:
    """The same for the card of an appeal."""
    return APPEAL_MARKS + appeal_id % 2**26


def marks(message: discord.Message) -> Iterator[str | int]:
    """The custom_id of every button in a message, however deep in its layout, and the number of every component."""
    for component in _components(message):
        yield from filter(None, (getattr(component, name, None) for name in ("custom_id", "id")))


def says(message: discord.Message, words: str) -> bool:
    """Whether these words stand in a text of the message's layout."""
    return any(words in (getattr(component, "content", None) or "") for component in _components(message))


def _components(message: discord.Message) -> Iterator[Any]:
    stack: list[Any] = list(message.components)
    while stack:
        component = stack.pop()
        yield component
        stack.extend(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            stack.append(accessory)
