"""Second opinions: a moderator has another one judge a reply, by a button or by a command."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_moderator
from bot.services import opinions
from bot.services.decisions import SENTENCE_LENGTH
from bot.storage import opinions as stored_opinions
from cogs.decisions import TO_COLLEAGUES, decide
from cogs.moderate import GUIDELINES, Choice, Sentence, offer_held
from cogs.numbers import find_number
from cogs.review import find_held
from cogs.seniors import judge
from cogs.ui.forms import choice, guidelines, paragraph
from cogs.ui.opinions import VIEWS, request_card, view_choices
from cogs.ui.reasons import about

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Reply

BACK = "take_back"
CHOICES = [
    *(Choice(name=VIEWS[action], value=action.value) for action in opinions.VIEWS),
    Choice(name="take the request back", value=BACK),
]


class AskButton(PersistentButton, template=r"opinion:ask:(?P<reply_id>[0-9]+)"):
    """Opens the form that asks for one's own view; who has asked gets the button that takes the request back."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check first, so that nobody writes in vain."""
        await require_moderator(interaction)
        async with interaction.client.db.read() as conn:
            asked = await stored_opinions.get_asked(conn, self.reply_id, interaction.user.id)
        if asked is not None:
            await interaction.response.send_message(view=request_card(asked, language(interaction)), ephemeral=True)
        elif reply := await find_held(interaction, self.reply_id):
            await AskForm(reply_id=reply.id, revision=reply.revision).open(interaction, reply=reply)


class BackButton(PersistentButton, template=r"opinion:back:(?P<reply_id>[0-9]+)"):
    """Takes one's own request back."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """The card follows."""
        await decide(interaction, partial(_take_back, interaction, self.reply_id))


class AskForm(Form, template=r"form:opinion:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Asks for one's own view, which the other moderator does not see, and for a sentence, which they do."""

    reply_id: int
    revision: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the view, the guideline and the sentence."""
        number = f"#{prefill['reply'].number}"
        modal = discord.ui.Modal(title=language.say("Second opinion on {number}", number=number))
        modal.add_item(about(prefill["reply"]))
        modal.add_item(choice(language.say("My view (hidden from colleagues)"), view_choices(language), name="view"))
        under = language.say("Guideline, if you would reject it")
        modal.add_item(choice(under, guidelines(language), name="guideline", required=False))
        label = language.say("A question to colleagues (optional)")
        return modal.add_item(paragraph(label, None, limit=SENTENCE_LENGTH, name="sentence", required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Ask, then show the card as asked about."""
        view, guideline = fields.choice("view"), fields.choice("guideline") or None
        act = partial(
            judge, interaction, opinions.ask, self.reply_id, revision=self.revision, view=view, guideline=guideline
        )
        sentence = fields.text("sentence")
        await decide(interaction, partial(act, sentence=sentence), typed=sentence, heading=TO_COLLEAGUES)


@app_commands.command(name="second-opinion", description="Have another moderator judge a held reply.")
@app_commands.describe(
    reply="The number of the reply, or words from it.",
    view="What you would do; your colleagues do not see it.",
    guideline="The guideline that the reply does not follow, if you would reject it.",
    sentence="A question to your colleagues.",
)
@app_commands.choices(view=CHOICES, guideline=GUIDELINES)
@app_commands.autocomplete(reply=offer_held)
async def second_opinion(
    interaction: Interaction,
    reply: str,
    view: Choice[str],
    guideline: Choice[str] | None = None,
    sentence: Sentence | None = None,
) -> None:
    """Ask about the revision that was offered, or that its card shows."""
    await decide(
        interaction,
        partial(_by_number, interaction, reply, view=view.value, guideline=guideline, sentence=sentence),
        typed=sentence or "",
        heading=TO_COLLEAGUES,
    )


async def _by_number(
    interaction: Interaction, typed: str, *, view: str, guideline: Choice[str] | None, sentence: str | None, **who: Any
) -> Reply:
    reply_id, revision = await find_number(interaction, typed)
    if view == BACK:
        return await _take_back(interaction, reply_id, **who)
    under = guideline.value if guideline else None
    how = {"revision": revision, "view": view, "guideline": under, "sentence": sentence}
    return await judge(interaction, opinions.ask, reply_id, **how, **who)


async def _take_back(interaction: Interaction, reply_id: int, **who: Any) -> Reply:
    return await opinions.take_back(interaction.client.db, reply_id, **who)


async def setup(client: StandfirstClient) -> None:
    """Load the feature; the command belongs to the group of `cogs/moderate.py`."""
    client.add_dynamic_items(AskButton, BackButton)
    client.add_forms(AskForm)
    group = client.tree.get_command("moderate")
    if isinstance(group, app_commands.Group):
        group.add_command(second_opinion)
