"""Every error that Standfirst raises on purpose.

StandfirstError
├── StartError                 the operator's: one line on stderr, exit code 2
│   ├── TokenMissing
│   ├── TokenRefused
│   ├── IntentMissing
│   ├── ConfigInvalid
│   └── DatabaseUnusable
├── OutcomeUnknown             a request may or may not have been carried out by Discord
├── PostRefused                a request was certainly not carried out by Discord
└── UserError                  a refusal, told to the person in their language
    ├── StorageFailed          the database is out of order; in `storage/outages.py`
    ├── NotSetUp
    ├── NotAllowed
    │   ├── NotAdmin
    │   ├── NotEditor
    │   ├── NotModerator
    │   ├── NotYourNote
    │   └── TimedOut
    ├── BotLacksPermission
    ├── SettingInvalid
    ├── ArticleNotFound
    │   └── HeadlineUnknown
    ├── ReplyNotFound
    │   └── NumberUnknown
    ├── TextRefused
    │   ├── TextEmpty
    │   ├── TextTooLong
    │   ├── TitleMissing
    │   ├── PlaceholderUnknown
    │   └── TitleUnfit
    ├── DiscussionClosed
    ├── ArticleFull
    ├── AlreadyOpen
    ├── ParentNotPublished
    ├── DuplicateReply
    ├── NotYourReply
    ├── GuidelineUnknown
    │   ├── GuidelineMissing
    │   └── GuidelineRetired
    ├── GuidelineTaken
    ├── GuidelineUnchanged
    ├── GuidelineChanged
    ├── GuidelinesFull
    ├── GuidelinesOutdated
    ├── LastGuideline
    ├── ReasonUnused
    ├── PhraseUnknown
    ├── PhraseTaken
    ├── OwnReply
    │   ├── ReplyToYou
    │   ├── ReportedByYou
    │   └── DecisionAppealed
    ├── AgainstPrecedents
    ├── NotADuplicate
    ├── AccountTooYoung
    ├── OpinionAsked
    ├── OpinionOpen
    ├── OpinionGone
    ├── SeniorDecides
    ├── ThirdDecides
    ├── AlreadyDecided
    │   └── DecidedByYou
    ├── StaleRevision
    ├── Claimed
    ├── LanguageUnknown
    ├── ActionUnknown
    ├── DateUnclear
    ├── NotHeld
    ├── NothingChanged
    ├── NotPublished
    ├── NotRemoved
    ├── BulkUnknown
    ├── TooLateToUndo
    ├── AlreadyReported
    ├── OwnReplyReported
    ├── ReportDecided
    ├── ReplyKept
    ├── TooManyOpenReports
    ├── ReportsUpToNow
    ├── NoReportsOpen
    ├── NothingToAppeal
    ├── AlreadyAppealed
    ├── TooManyOpenAppeals
    ├── NoAppealOpen
    ├── ApprovedOnAppeal
    ├── AlreadyPosted
    ├── SubjectUnclear
    ├── NoteNotFound
    ├── MayNotReply
    │   ├── WarningUnread
    │   ├── Paused
    │   └── Banned
    ├── DurationInvalid
    ├── AlreadyBanned
    ├── AlreadyStruck
    ├── NotDecidedAgainst
    ├── NotTheirReply
    ├── NothingToLift
    ├── NothingToAcknowledge
    ├── OwnSanction
    ├── UndoTooLate
    └── PageRefused            an article cannot be read; drawn in `extraction/refusals.py`
"""

from bot.errors.appeals import (
    AlreadyAppealed,
    ApprovedOnAppeal,
    DecisionAppealed,
    NoAppealOpen,
    NothingToAppeal,
    TooManyOpenAppeals,
)
from bot.errors.audit import ActionUnknown, DateUnclear
from bot.errors.desk import (
    NoteNotFound,
    NotYourNote,
    PhraseTaken,
    PhraseUnknown,
    PlaceholderUnknown,
    ReasonUnused,
    SubjectUnclear,
)
from bot.errors.guidelines import (
    GuidelineChanged,
    GuidelineMissing,
    GuidelineRetired,
    GuidelinesFull,
    GuidelinesOutdated,
    GuidelineTaken,
    GuidelineUnchanged,
    GuidelineUnknown,
    LastGuideline,
    TitleUnfit,
)
from bot.errors.opinions import (
    OpinionAsked,
    OpinionGone,
    OpinionOpen,
    ReplyToYou,
    SeniorDecides,
    ThirdDecides,
)
from bot.errors.refusals import (
    AccountTooYoung,
    AgainstPrecedents,
    AlreadyDecided,
    AlreadyOpen,
    AlreadyPosted,
    AlreadyReported,
    ArticleFull,
    ArticleNotFound,
    BotLacksPermission,
    BulkUnknown,
    Claimed,
    DecidedByYou,
    DiscussionClosed,
    DuplicateReply,
    HeadlineUnknown,
    LanguageUnknown,
    NotAdmin,
    NotADuplicate,
    NotAllowed,
    NotEditor,
    NotHeld,
    NothingChanged,
    NotModerator,
    NotPublished,
    NotRemoved,
    NotSetUp,
    NotYourReply,
    NumberUnknown,
    OwnReply,
    ParentNotPublished,
    ReplyNotFound,
    SettingInvalid,
    StaleRevision,
    TextEmpty,
    TextRefused,
    TextTooLong,
    TimedOut,
    TitleMissing,
    TooLateToUndo,
)
from bot.errors.reports import (
    NoReportsOpen,
    OwnReplyReported,
    ReplyKept,
    ReportDecided,
    ReportedByYou,
    ReportsUpToNow,
    TooManyOpenReports,
)
from bot.errors.roots import (
    ConfigInvalid,
    DatabaseUnusable,
    IntentMissing,
    OutcomeUnknown,
    PostRefused,
    StandfirstError,
    StartError,
    TokenMissing,
    TokenRefused,
    UserError,
)
from bot.errors.sanctions import (
    AlreadyBanned,
    AlreadyStruck,
    Banned,
    DurationInvalid,
    MayNotReply,
    NotDecidedAgainst,
    NothingToAcknowledge,
    NothingToLift,
    NotTheirReply,
    OwnSanction,
    Paused,
    UndoTooLate,
    WarningUnread,
)

__all__ = [
    "AccountTooYoung", "ActionUnknown", "AgainstPrecedents", "AlreadyAppealed", "AlreadyBanned", "AlreadyDecided",
    "AlreadyOpen", "AlreadyPosted", "AlreadyReported", "AlreadyStruck", "ApprovedOnAppeal", "ArticleFull",
    "ArticleNotFound", "Banned", "BotLacksPermission", "BulkUnknown", "Claimed", "ConfigInvalid",
    "DatabaseUnusable", "DateUnclear", "DecidedByYou", "DecisionAppealed", "DiscussionClosed", "DuplicateReply",
    "DurationInvalid", "GuidelineChanged", "GuidelineMissing", "GuidelineRetired", "GuidelineTaken",
    "GuidelineUnchanged", "GuidelineUnknown",
    "GuidelinesFull", "GuidelinesOutdated", "HeadlineUnknown", "IntentMissing", "LanguageUnknown", "LastGuideline",
    "MayNotReply", "NoAppealOpen", "NoReportsOpen", "NotADuplicate", "NotAdmin", "NotAllowed", "NotDecidedAgainst",
    "NotEditor", "NotHeld", "NotModerator", "NotPublished", "NotRemoved", "NotSetUp", "NotTheirReply",
    "NotYourNote", "NotYourReply", "NoteNotFound", "NothingChanged", "NothingToAcknowledge", "NothingToAppeal",
    "NothingToLift", "NumberUnknown", "OpinionAsked", "OpinionGone", "OpinionOpen", "OutcomeUnknown", "OwnReply",
    "OwnReplyReported", "OwnSanction", "ParentNotPublished", "Paused", "PhraseTaken", "PhraseUnknown",
    "PlaceholderUnknown", "PostRefused", "ReasonUnused", "ReplyKept", "ReplyNotFound", "ReplyToYou",
    "ReportDecided", "ReportedByYou", "ReportsUpToNow", "SeniorDecides", "SettingInvalid", "StaleRevision",
    "StandfirstError", "StartError", "SubjectUnclear", "TextEmpty", "TextRefused", "TextTooLong", "ThirdDecides",
    "TimedOut", "TitleMissing", "TitleUnfit", "TokenMissing", "TokenRefused", "TooLateToUndo", "TooManyOpenAppeals",
    "TooManyOpenReports", "UndoTooLate", "UserError", "WarningUnread",
]  # fmt: skip
