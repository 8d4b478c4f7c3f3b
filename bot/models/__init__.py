"""The glossary as code: every noun of Standfirst as a frozen dataclass or an enum."""

from __future__ import annotations

from bot.models.accounts import made_at
from bot.models.appeals import Appeal, Appealed, AppealOutcome, Grounds
from bot.models.articles import Article, ArticleStatus, Image, Page
from bot.models.audit import (
    ABOUT_ARTICLE,
    ABOUT_REPLY,
    Action,
    AuditEntry,
    AuditFilter,
    Fault,
    Finding,
    StoredEntry,
)
from bot.models.bulks import Bulk, LeftOut, Outcome, Pick, Tally
from bot.models.bulletins import Bulletin, BulletinKind, News
from bot.models.decisions import (
    MOST_COUNTED,
    Case,
    Phrase,
    Picked,
    Precedent,
    Record,
    Request,
    Surroundings,
)
from bot.models.flags import SEVERE, SUSPICIOUS, Flag
from bot.models.guidelines import Guideline, GuidelineCard, Wording
from bot.models.history import Entry, EntryKind, Place, Totals
from bot.models.matters import Matter
from bot.models.notes import Note
from bot.models.notices import ABOUT_REPORTS, Notice, NoticeKind, NoticeStatus
from bot.models.opinions import Opinion, Purpose, View
from bot.models.queue import COUNTED, Filter, Left
from bot.models.replies import CHANGEABLE, CLAIM, Author, Badge, Draft, Receipt, Reply, ReplyStatus
from bot.models.reports import STANDS, UPHELD, Accuracy, Report, ReportCard, Reported, Reporter, ReportOutcome
from bot.models.sanctions import Outlook, Penalty, Rung, Sanction, SanctionKind, Strike, TimeoutState
from bot.models.servers import Server, Webhook
from bot.models.shifts import Duty, Shift
from bot.models.stats import Workload

__all__ = [
    "ABOUT_ARTICLE",
    "ABOUT_REPLY",
    "ABOUT_REPORTS",
    "CHANGEABLE",
    "CLAIM",
    "COUNTED",
    "MOST_COUNTED",
    "SEVERE",
    "STANDS",
    "SUSPICIOUS",
    "UPHELD",
    "Accuracy",
    "Action",
    "Appeal",
    "AppealOutcome",
    "Appealed",
    "Article",
    "ArticleStatus",
    "AuditEntry",
    "AuditFilter",
    "Author",
    "Badge",
    "Bulk",
    "Bulletin",
    "BulletinKind",
    "Case",
    "Draft",
    "Duty",
    "Entry",
    "EntryKind",
    "Fault",
    "Filter",
    "Finding",
    "Flag",
    "Grounds",
    "Guideline",
    "GuidelineCard",
    "Image",
    "Left",
    "LeftOut",
    "Matter",
    "News",
    "Note",
    "Notice",
    "NoticeKind",
    "NoticeStatus",
    "Opinion",
    "Outcome",
    "Outlook",
    "Page",
    "Penalty",
    "Phrase",
    "Pick",
    "Picked",
    "Place",
    "Precedent",
    "Purpose",
    "Receipt",
    "Record",
    "Reply",
    "ReplyStatus",
    "Report",
    "ReportCard",
    "ReportOutcome",
    "Reported",
    "Reporter",
    "Request",
    "Rung",
    "Sanction",
    "SanctionKind",
    "Server",
    "Shift",
    "StoredEntry",
    "Strike",
    "Surroundings",
    "Tally",
    "TimeoutState",
    "Totals",
    "View",
    "Webhook",
    "Wording",
    "Workload",
    "made_at",
]
