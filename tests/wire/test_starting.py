"""How the bot's process starts against Discord, and what it says when Discord will not have it."""

from __future__ import annotations

import asyncio
import sys

INVITE = "permissions=4012516019662036"
# The same program, asking for an intent that needs Discord's approval.
GREEDY = """
import sys
from bot.demo import connect
from bot import client
client.INTENTS.members = True
connect.main(sys.argv[1:])
"""


def last_line(bot):
    return bot.output.strip().splitlines()[-1]


async def test_a_refused_token_is_one_line_without_the_token_and_exit_code_2(discord_server, start_bot):
    bot = await start_bot(env={"DISCORD_TOKEN": "wrong-token"}, wait=False)

    assert await bot.ended() == 2
    assert "Discord refuses the bot token." in last_line(bot)
    assert "wrong-token" not in bot.output
    assert "Traceback" not in bot.output


async def test_a_refused_intent_is_one_line_and_exit_code_2(discord_server, start_bot):
    bot = await start_bot(command=[sys.executable, "-c", GREEDY, discord_server.url, "run"], wait=False)

    assert await bot.ended() == 2
    assert "Discord does not grant the intents I ask for" in last_line(bot)
    assert "Traceback" not in bot.output


async def test_a_discord_that_cannot_be_reached_is_one_line_and_exit_code_2(discord_server, start_bot):
    await discord_server.stop()

    bot = await start_bot(wait=False)

    assert await bot.ended() == 2
    assert "Discord cannot be reached" in last_line(bot)
    assert "Traceback" not in bot.output


async def test_the_bot_asks_for_no_privileged_intent(discord_server, start_bot):
    bot = await start_bot()

    assert bot.running
    assert discord_server.gateway.allowed_privileged == set()


async def test_the_invite_link_is_printed_while_the_bot_is_in_no_server(discord_server, start_bot):
    for _ in range(2):
        bot = await start_bot()
        await bot.says(INVITE)

        assert bot.output.count("https://discord.com/oauth2/authorize") == 1
        assert "scope=bot+applications.commands" in bot.output
        await bot.stop()


async def test_in_a_server_the_invite_link_is_printed_and_the_commands_are_sent_at_the_first_start_only(
    discord_server, newsroom, start_bot
):
    bot = await start_bot()
    await bot.says(INVITE)
    exit_code = await bot.stop()
    again = await start_bot()
    await asyncio.sleep(1)

    assert exit_code == 0
    assert INVITE not in again.output
    assert len(discord_server.calls("PUT", "/commands")) == 1
