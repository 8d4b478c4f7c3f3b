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


@asynccontextmanager
async def telling_outcome() -> AsyncIterator[None]:
    """Turn what discord.py raises into the two things an errand needs to know: refused, or nobody knows.

    Raises PostRefused when the request was certainly not carried out, OutcomeUnknown when it may have been.
    """
    try:
        yield
    except discord.RateLimited as error:
        raise PostRefused(str(error)) from error
    except discord.HTTPException as error:
        if error.status >= SERVER_ERROR:
            raise OutcomeUnknown(str(error)) from error
        raise PostRefused(str(error), code=error.code) from error
    except aiohttp.ClientConnectorError as error:
        raise PostRefused(str(error)) from error
    except (aiohttp.ClientError, OSError) as error:
        raise OutcomeUnknown(f"{type(error).__name__}: {error}") from error


class OnceSession:
    """A web session for webhooks in which a POST that the server may have carried out is never repeated.

    discord.py repeats a webhook's POST on every answer from 500 up, although there is no nonce (measured, 2.7.1);
    here such an answer raises OutcomeUnknown before discord.py sees it.
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, method: str, url: str, **options: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        """As `aiohttp.ClientSession.request`, with a time limit."""
        async with self._session.request(method, url, timeout=REQUEST_TIMEOUT, **options) as response:
            if method == "POST" and response.status >= SERVER_ERROR:
                raise OutcomeUnknown(f"{response.status} to a webhook's POST")
            yield response


def nonce(*parts: object) -> str:
    """A mark that says which message this is: Discord posts an author's message with the same one only once.

    It holds for some minutes and for all channels of the bot, so the parts name the row, its time and the channel.
    Discord takes up to 25 characters; this has 24.
    """
    return hashlib.blake2s(repr(parts).encode(), digest_size=12).hexdigest()


def custom_ids(message: discord.Message) -> Iterator[str]:
    """The custom_id of every button in a message, however deep in its layout."""
    stack: list[Any] = list(message.components)
    while stack:
        component = stack.pop()
        custom_id = getattr(component, "custom_id", None)
        if custom_id:
            yield custom_id
        stack.extend(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            stack.append(accessory)
