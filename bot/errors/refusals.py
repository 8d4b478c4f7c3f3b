"""What a person is refused, each with its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors.roots import UserError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.models import Action, Article, Precedent, Reply


ANOTHER = N_("Another moderator")  # who decided is not named as long as an appeal is open


class NotSetUp(UserError):
    """`/setup` has not been run in this server."""

    sentence = N_("Standfirst is not set up in this server yet. An administrator can run /setup.")


class NotAllowed(UserError):
    """The person may not do this."""

    sentence = N_("You may not do this.")


class NotAdmin(NotAllowed):
    """Needs Manage Server."""

    sentence = N_("Only people who may manage this server can do this.")


class NotEditor(NotAllowed):
    """Needs the editor role."""

    sentence = N_("Only editors can do this. An administrator chooses the editor role with /setup.")


class NotModerator(NotAllowed):
    """Needs the moderator role."""

    sentence = N_("Only moderators can do this. An administrator chooses the moderator role with /setup.")


class TimedOut(NotAllowed):
    """The member is timed out in this server."""

    sentence = N_("You are timed out in this server, so you cannot reply until that ends.")


class BotLacksPermission(UserError):
    """Discord refuses the bot something it needs."""

    sentence = N_(
        "Discord does not let me do this here. I need: {permissions}. "
        "Give my role these permissions in Server Settings → Roles, then try again."
    )


class SettingInvalid(UserError):
    """A setting's value cannot be used."""

    sentence = N_("“{value}” does not fit {setting}: {expected}.")


class ArticleNotFound(UserError):
    """No such article in this server."""

    sentence = N_("This article is no longer known here. Ask an editor to post it again.")


class HeadlineUnknown(ArticleNotFound):
    """No article under discussion has the headline that was typed."""

    sentence = N_("There is no such article here. Pick one from the list that appears as you type.")


class ReplyNotFound(UserError):
    """No such reply in this server."""

    sentence = N_("This reply does not exist in this server.")


class NumberUnknown(ReplyNotFound):
    """No reply has the number that was typed."""

    sentence = N_("There is no reply {reply} in this server. Pick one from the list that appears as you type.")


class TextRefused(UserError):
    """A text cannot be taken as it is."""

    sentence = N_("This text cannot be used.")


class TextEmpty(TextRefused):
    """Nothing visible was typed."""

    sentence = N_("There is nothing to read in this text. Write at least one word.")


class TextTooLong(TextRefused):
    """More characters than allowed."""

    sentence = N_("This text has {length} characters; at most {limit} are allowed. Please shorten it.")


class TitleMissing(TextRefused):
    """An article written by hand needs a headline and a summary."""

    sentence = N_("An article needs a headline and a summary. Please fill in both.")


class DiscussionClosed(UserError):
    """The article takes no replies any more."""

    sentence = N_("This discussion is closed, so replies are no longer taken. You can still read it.")


class ArticleFull(UserError):
    """Too many replies on the article wait for review."""

    sentence = N_("So many replies wait for review here that no new ones are taken now. Please try again later.")


class AlreadyOpen(UserError):
    """Only a closed discussion can be opened again."""

    sentence = N_("This discussion is open already.")


class ParentNotPublished(UserError):
    """Only what is visible can be answered."""

    sentence = N_("The reply you want to answer is no longer published. You can still reply to the article.")


class DuplicateReply(UserError):
    """The author has sent this text on this article before; `first` is that reply."""

    sentence = N_("You have already sent this reply: it is {number}. Nothing was lost, and you need not send it again.")

    def __init__(self, first: Reply) -> None:
        super().__init__(number=f"#{first.number}")
        self.first = first


class NotYourReply(UserError):
    """Only its author may do this."""

    sentence = N_("Only the author of this reply can do this.")


class OwnReply(UserError):
    """Nobody decides their own reply."""

    sentence = N_(
        "This is your own reply. Ask another moderator to decide it; "
        "if there is none, an administrator can switch on only_moderator with /settings set."
    )


class AgainstPrecedents(UserError):
    """Near-identical replies were decided the other way; the moderator may mean it all the same."""

    sentence = N_(
        "Near-identical replies were decided the other way: {numbers}. If you mean it, decide {number} by its card."
    )

    def __init__(self, reply: Reply, action: Action, precedents: Sequence[Precedent]) -> None:
        numbers = ", ".join(f"#{each.number}" for each in precedents[:10])
        super().__init__(number=f"#{reply.number}", numbers=numbers)
        self.reply = reply
        self.action = action
        self.precedents = tuple(precedents)


class NotADuplicate(UserError):
    """A reply cannot be a duplicate of itself."""

    sentence = N_("{number} cannot be a duplicate of itself, nor of one that is a duplicate of it.")


class AccountTooYoung(UserError):
    """A moderator has asked new accounts to wait."""

    sentence = N_(
        "At the moment this discussion takes no replies from accounts or members newer than {days} days. "
        "You can reply from {when} on."
    )


class AlreadyDecided(UserError):
    """Somebody was faster; `reply` is as it stands now."""

    sentence = N_("{person} was faster: {number} is already decided ({status}).")

    def __init__(self, reply: Reply) -> None:
        person = ANOTHER if reply.appealed else f"<@{reply.decided_by or reply.author.id}>"
        super().__init__(person=person, number=f"#{reply.number}", status=reply.status)
        self.reply = reply


class DecidedByYou(AlreadyDecided):
    """The same moderator was, and otherwise."""

    sentence = N_("You have decided {number} before ({status}).")


class StaleRevision(UserError):
    """The text changed after the card was drawn; `reply` is as it stands now."""

    sentence = N_("The author has changed {number} since this card was drawn. Please read the new text first.")

    def __init__(self, reply: Reply) -> None:
        super().__init__(number=f"#{reply.number}")
        self.reply = reply


class Claimed(UserError):
    """Another moderator has it open for a decision; `reply` says who, and until when."""

    sentence = N_("{person} has {number} open until {time}. You can take it over.")

    def __init__(self, reply: Reply) -> None:
        until = int(reply.claimed_until.timestamp()) if reply.claimed_until else 0
        super().__init__(person=f"<@{reply.claimed_by}>", number=f"#{reply.number}", time=f"<t:{until}:t>")
        self.reply = reply


class LanguageUnknown(UserError):
    """What was typed is none of Discord's languages."""

    sentence = N_("There is no such language here. Pick one from the list that appears as you type.")


class NotHeld(UserError):
    """The reply is no longer held, so its author cannot change it."""

    sentence = N_("{number} is no longer held ({status}), so it cannot be changed any more.")


class NothingChanged(UserError):
    """A moderator asked for changes, and the text came back as it was."""

    sentence = N_("The text is as it was. Please change what the moderator asked about, then send it again.")


class NotPublished(UserError):
    """Only a published reply can be removed or reported."""

    sentence = N_("{number} is not published ({status}).")


class BulkUnknown(UserError):
    """Only who was shown a list of replies decides it."""

    sentence = N_("This list is not known any more. Please type /review bulk again.")


class NotRemoved(UserError):
    """Only a removed reply can be restored."""

    sentence = N_("{number} is not removed ({status}).")


class TooLateToUndo(UserError):
    """The reply is in the discussion, or was sent there a moment ago."""

    sentence = N_("{number} has been published meanwhile, or is at this very moment. Remove takes it out again.")


class AlreadyReported(UserError):
    """One report a person and reply."""

    sentence = N_("You have already reported this reply. The moderators know.")


class AlreadyPosted(UserError):
    """The same address was posted before; `article` has the discussion."""

    sentence = N_("This article is already being discussed here: {link}")

    def __init__(self, article: Article) -> None:
        place = article.thread_id or article.channel_id
        super().__init__(link=f"<#{place}>" if place else "#…")
        self.article = article
