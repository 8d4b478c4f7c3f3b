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
    ├── AlreadyDecided
    ├── StaleRevision
    ├── Claimed
    ├── LanguageUnknown
    ├── NotHeld
    ├── NothingChanged
    ├── NotPublished
    ├── TooLateToUndo
    ├── AlreadyReported
    ├── AlreadyPosted
    └── PageRefused            an article cannot be read; drawn in `extraction/refusals.py`
"""

from bot.errors.refusals import (
    AlreadyDecided,
    AlreadyOpen,
    AlreadyPosted,
    AlreadyReported,
    ArticleNotFound,
    BotLacksPermission,
    Claimed,
    DiscussionClosed,
    DuplicateReply,
    GuidelineUnknown,
    HeadlineUnknown,
    LanguageUnknown,
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
    "Claimed",
    "ConfigInvalid",
    "DatabaseUnusable",
    "DiscussionClosed",
    "DuplicateReply",
    "GuidelineUnknown",
    "HeadlineUnknown",
    "IntentMissing",
    "LanguageUnknown",
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
    "OutcomeUnknown",
    "OwnReply",
    "ParentNotPublished",
    "PostRefused",
    "ReplyNotFound",
    "SettingInvalid",
    "StaleRevision",
    "StandfirstError",
    "StartError",
    "TextEmpty",
    "TextRefused",
    "TextTooLong",
    "TimedOut",
    "TitleMissing",
    "TokenMissing",
    "TokenRefused",
    "TooLateToUndo",
    "UserError",
]
