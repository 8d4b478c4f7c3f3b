"""discord.py's two ways to Discord, cured of what can lose an answer or stop the bot (2.7.1)."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import discord
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.errors import OutcomeUnknown, PostRefused
from bot.incidents import ALREADY_ANSWERED
from bot.outgoing import telling_connection

if TYPE_CHECKING:
    import aiohttp
    from discord.http import HTTPClient, Route

# discord.py itself waits for up to 300; after 3 s Discord takes no answer, but says then whether it has one.
ANSWER_SECONDS = 5


def install(client: discord.Client) -> None:
    """Use them in this task, and in those it starts."""
    async_context.set(WebhookAdapter())  # type: ignore[no-untyped-call]
    _wait_no_longer_than_asked(client.http)


class WebhookAdapter(AsyncWebhookAdapter):
    """The way of interactions and webhooks."""

    async def create_interaction_response(self, interaction_id: int, token: str, **options: Any) -> Any:
        """Answer an interaction; one that may have got lost is sent again, since Discord takes only one.

        Raises OutcomeUnknown when Discord is silent, PostRefused when it takes no requests at all.
        """
        try:
            return await self._answer(interaction_id, token, **options)
        except OutcomeUnknown:
            return await self._answer(interaction_id, token, **options)

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:
        """As discord.py's, which keeps the webhook's lock for ever when it is cancelled while it sleeps under it."""
        try:
            return await super().request(route, session, **options)
        except asyncio.CancelledError:
            self._locks.pop((route.webhook_id, route.webhook_token), None)
            raise

    async def _answer(self, interaction_id: int, token: str, **options: Any) -> Any:
        try:
            async with telling_connection(), asyncio.timeout(ANSWER_SECONDS):
                return await super().create_interaction_response(interaction_id, token, **options)
        except discord.HTTPException as error:
            if error.code == ALREADY_ANSWERED:
                return {"interaction": {"id": interaction_id}}
            if error.status == HTTPStatus.TOO_MANY_REQUESTS:
                raise PostRefused(str(error)) from error
            raise


def _wait_no_longer_than_asked(http: HTTPClient) -> None:
    """Let everybody go on when a request is cancelled that waited for a global rate limit: discord.py does not."""
    request = http.request

    async def cancellable(*arguments: Any, **options: Any) -> Any:
        try:
            return await request(*arguments, **options)
        except asyncio.CancelledError:
            http._global_over.set()  # noqa: SLF001 - there is no other way
            raise

    http.request = cancellable  # type: ignore[method-assign]
