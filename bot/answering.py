"""Answers to what people press and send: an answer that may have got lost is repeated, since Discord takes one only."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import discord
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.errors import OutcomeUnknown, PostRefused
from bot.incidents import ALREADY_ANSWERED
from bot.outgoing import telling_connection

# discord.py itself waits for up to 300; after 3 s Discord takes no answer, but says then whether it has one.
ANSWER_SECONDS = 5


class Answering(AsyncWebhookAdapter):
    """discord.py's way to Discord's webhooks, on which no answer to an interaction gets lost or hangs."""

    async def create_interaction_response(self, interaction_id: int, token: str, **options: Any) -> Any:
        """Answer an interaction; one that has its answer is answered.

        Raises OutcomeUnknown when Discord is silent, PostRefused when it takes no requests at all.
        """
        try:
            return await self._answer(interaction_id, token, **options)
        except OutcomeUnknown:
            return await self._answer(interaction_id, token, **options)

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
