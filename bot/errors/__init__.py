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
    │   ├── TitleMissing
    │   └── PlaceholderUnknown
    ├── DiscussionClosed
    ├── AlreadyOpen
    ├── ParentNotPublished
    ├── DuplicateReply
    ├── NotYourReply
    ├── GuidelineUnknown
    ├── PhraseUnknown
    ├── PhraseTaken
    ├── OwnReply
    ├── AgainstPrecedents
    ├── NotADuplicate
    ├── AccountTooYoung
    ├── AlreadyDecided
    ├── StaleRevision
    ├── Claimed
    ├── LanguageUnknown
    ├── NotHeld
    ├── NothingChanged
    ├── NotPublished
    ├── NotRemoved
    ├── BulkUnknown
    ├── TooLateToUndo
    ├── AlreadyReported
    ├── AlreadyPosted
    └── PageRefused            an article cannot be read; drawn in `extraction/refusals.py`
"""

from bot.errors.refusals import (
    AccountTooYoung,
    AgainstPrecedents,
    AlreadyDecided,
    AlreadyOpen,
    AlreadyPosted,
    AlreadyReported,
    ArticleNotFound,
    BotLacksPermission,
    BulkUnknown,
    Claimed,
    DiscussionClosed,
    DuplicateReply,
    GuidelineUnknown,
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
    PhraseTaken,
    PhraseUnknown,
    PlaceholderUnknown,
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
    "AccountTooYoung",
    "AgainstPrecedents",
    "AlreadyDecided",
    "AlreadyOpen",
    "AlreadyPosted",
    "AlreadyReported",
    "ArticleNotFound",
    "BotLacksPermission",
    "BulkUnknown",
    "Claimed",
    "ConfigInvalid",
    "DatabaseUnusable",
    "DiscussionClosed",
    "DuplicateReply",
    "GuidelineUnknown",
    "HeadlineUnknown",
    "IntentMissing",
    "LanguageUnknown",
    "NotADuplicate",
    "NotAdmin",
    "NotAllowed",
    "NotEditor",
    "NotHeld",
    "NotModerator",
    "NotPublished",
    "NotRemoved",
    "NotSetUp",
    "NotYourReply",
    "NothingChanged",
    "NumberUnknown",
    "OutcomeUnknown",
    "OwnReply",
    "ParentNotPublished",
    "PhraseTaken",
    "PhraseUnknown",
    "PlaceholderUnknown",
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
