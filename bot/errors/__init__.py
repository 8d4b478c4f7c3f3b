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
    │   └── TitleMissing
    ├── DiscussionClosed
    ├── ArticleFull
    ├── AlreadyOpen
    ├── ParentNotPublished
    ├── DuplicateReply
    ├── NotYourReply
    ├── GuidelineUnknown
    ├── OwnReply
    ├── AlreadyDecided
    ├── StaleRevision
    ├── NotHeld
    ├── NothingChanged
    ├── NotPublished
    ├── TooLateToUndo
    ├── AlreadyReported
    ├── AlreadyPosted
    ├── SubjectUnclear
    ├── NoteNotFound
    └── PageRefused            an article cannot be read; drawn in `extraction/refusals.py`
"""

from bot.errors.refusals import (
    AlreadyDecided,
    AlreadyOpen,
    AlreadyPosted,
    AlreadyReported,
    ArticleFull,
    ArticleNotFound,
    BotLacksPermission,
    DiscussionClosed,
    DuplicateReply,
    GuidelineUnknown,
    HeadlineUnknown,
    NotAdmin,
    NotAllowed,
    NotEditor,
    NoteNotFound,
    NotHeld,
    NothingChanged,
    NotModerator,
    NotPublished,
    NotSetUp,
    NotYourNote,
    NotYourReply,
    NumberUnknown,
    OwnReply,
    ParentNotPublished,
    ReplyNotFound,
    SettingInvalid,
    StaleRevision,
    SubjectUnclear,
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
    "ArticleFull",
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
    "NotYourNote",
    "NotYourReply",
    "NoteNotFound",
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
    "SubjectUnclear",
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
