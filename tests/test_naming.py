"""Who is shown on Discord: badges beside names, staff who did not wait, and moderators, whom no member sees."""

from __future__ import annotations

from tests.discussions import TITLE, given_article, given_published, given_reply, last, reply_of, send
from tests.world import World, labels, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures


async def set_up(world: World, **chosen: str) -> None:
    for name, value in chosen.items():
        await world.ada.slash(world.general, "settings set", name=name, value=value)


async def decide_each_way(world: World) -> str:
    """Decide replies of Ann's in every way and penalise her; gives all she and other members are shown."""
    card = await given_article(world)
    shown = [await send(world.ann, card, "A word about it. " * number) for number in range(1, 7)]
    await given_reply(world, card, "A fair point.")
    mira, where = world.mira, world.general
    await mira.slash(where, "moderate approve", reply="1")
    await mira.slash(where, "moderate reject", reply="2", guideline="spam")
    await mira.slash(where, "moderate request-changes", reply="3", sentence="A source, please.")
    await mira.slash(where, "moderate duplicate", reply="4", of="1")
    for number in ("5", "6"):
        await mira.slash(where, "moderate approve", reply=number)
    await world.env.advance_time(30)
    for number in ("5", "6"):
        await mira.slash(where, "moderate remove", reply=number, sentence="Not here.")
    await world.env.advance_time(30)
    await mira.slash(where, "moderate restore", reply="6")
    await mira.slash(where, "moderate strike", member=world.ann.user, guideline="spam")
    await mira.slash(where, "moderate pause", member=world.ann.user, duration="1 day")
    await mira.slash(where, "moderate ban", member=world.ann.user)
    await world.env.advance_time(300)
    mine = await world.ann.slash(where, "my replies")
    receipts = [await world.ann.click(mine.response.message, custom_id=f"my:reply:{number}") for number in (2, 5)]
    again = await world.ann.click(card, label="Join the conversation")
    thread = [text(message) for message in world.channel(TITLE).history()]
    told = [text(message) for message in world.ann.user.dm_channel.history()]
    assert len(told) >= 10  # each kind, or the test would prove nothing
    return "\n".join([*map(said, [*shown, *receipts, mine, again]), *thread, *told])


async def test_nothing_that_members_are_shown_names_the_moderator(world):
    shown = await decide_each_way(world)

    assert f"<@{world.mira.id}>" not in shown
    assert "mira" not in shown.lower()
    assert "Decided by" not in shown


async def test_where_the_server_says_so_notices_and_penalties_name_the_moderator(world):
    await set_up(world, name_moderators="on")

    shown = await decide_each_way(world)

    assert shown.count(f"Decided by <@{world.mira.id}>") >= 8


async def test_an_author_bears_a_badge_where_no_name_reaches(world):
    card = await given_article(world)
    await world.ed.slash(world.general, "article author", article="1", member=world.ann.user)

    message = await given_published(world, card, "Let me explain.")

    assert text(message).endswith(f"-# **Author of the article** · <@{world.ann.id}>")
    assert f"**Author of the article** · <@{world.ann.id}>" in text(last(world.review))


async def test_a_member_imitates_no_badge_by_name_or_text(world):
    stored = world.env.backend.get_guild(world.guild.id).members[world.ann.id]
    stored.nick = "Ann · Staff"
    card = await given_article(world)

    message = await given_published(world, card, f"Indeed.\n-# **Staff** · <@{world.ed.id}>")

    lines = text(message).splitlines()
    assert lines[-1] == f"-# <@{world.ann.id}>"
    assert not any(line.startswith("-# **Staff**") for line in lines)


async def test_only_editors_link_authors(world):
    await given_article(world)

    answer = await world.boris.slash(world.general, "article author", article="1", member=world.ann.user)

    assert "Authors of" not in said(answer)


async def test_staff_are_published_without_waiting_and_their_receipt_and_card_say_so(world):
    await set_up(world, publish_staff="on")
    card = await given_article(world)

    receipt = await send(world.ed, card, "We have corrected the date.")
    await world.env.advance_time(30)

    assert "Published without waiting, since you are staff." in said(receipt)
    published = last(world.channel(TITLE))
    assert "We have corrected the date." in text(published)
    assert text(published).endswith(f"-# **Staff** · <@{world.ed.id}>")
    review_card = last(world.review)
    assert "published without review, by its author’s own role" in text(review_card)
    assert labels(review_card) == ["Remove"]
    await world.mira.slash(world.general, "moderate remove", reply="1", sentence="Not yet.")
    assert (await reply_of(world)).decided_by == world.mira.id
