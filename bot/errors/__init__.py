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
    │   └── TitleMissing
    ├── DiscussionClosed
    ├── AlreadyOpen
    ├── ParentNotPublished
    ├── DuplicateReply
    ├── NotYourReply
    ├── GuidelineUnknown
    ├── OwnReply
    │   └── ReplyToYou
    ├── OpinionAsked
    ├── OpinionOpen
    ├── OpinionGone
    ├── SeniorDecides
    ├── ThirdDecides
    ├── AlreadyDecided
    ├── StaleRevision
    ├── NotHeld
    ├── NothingChanged
    ├── NotPublished
    ├── TooLateToUndo
    ├── AlreadyReported
    ├── AlreadyPosted
    └── PageRefused            an article cannot be read; drawn in `extraction/refusals.py`
"""

from bot.errors.opinions import (
    OpinionAsked,
    OpinionGone,
    OpinionOpen,
    ReplyToYou,
    SeniorDecides,
    ThirdDecides,
)
from bot.errors.refusals import (
    AlreadyDecided,
    AlreadyOpen,
    AlreadyPosted,
    AlreadyReported,
    ArticleNotFound,
    BotLacksPermission,
    DiscussionClosed,
    DuplicateReply,
    GuidelineUnknown,
    HeadlineUnknown,
    NotAdmin,
    NotAllowed,
    NotEditor,
    NotHeld,
    NothingChanged,
    NotModerator,
    NotPublished,
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

__all__ = [
    "AlreadyDecided",
    "AlreadyOpen",
    "AlreadyPosted",
    "AlreadyReported",
    "ArticleNotFound",
    "BotLacksPermission",
    "ConfigInvalid",
    "DatabaseUnusable",
    "DiscussionClosed",
    "DuplicateReply",
    "GuidelineUnknown",
    "HeadlineUnknown",
    "IntentMissing",
    "NotAdmin",
    "NotAllowed",
    "NotEditor",
    "NotHeld",
    "NotModerator",
    "NotPublished",
    "NotSetUp",
    "NotYourReply",
    "NothingChanged",
    "NumberUnknown",
    "OpinionAsked",
    "OpinionGone",
    "OpinionOpen",
    "OutcomeUnknown",
    "OwnReply",
    "ParentNotPublished",
    "PostRefused",
    "ReplyNotFound",
    "ReplyToYou",
    "SeniorDecides",
    "SettingInvalid",
    "StaleRevision",
    "StandfirstError",
    "StartError",
    "TextEmpty",
    "TextRefused",
    "TextTooLong",
    "ThirdDecides",
    "TimedOut",
    "TitleMissing",
    "TokenMissing",
    "TokenRefused",
    "TooLateToUndo",
    "UserError",
]
