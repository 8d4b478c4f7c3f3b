"""The glossary as code: every noun of Standfirst as a frozen dataclass or an enum."""

from __future__ import annotations

from bot.models.articles import Article, ArticleStatus, Image, Page
from bot.models.audit import Action, AuditEntry
from bot.models.bulletins import Bulletin, BulletinKind, News
from bot.models.decisions import Case, Guideline, Pile, Record, Report, Request
from bot.models.history import Entry, EntryKind, Place, Totals
from bot.models.notes import Note
from bot.models.notices import Notice, NoticeKind, NoticeStatus
from bot.models.replies import CHANGEABLE, Author, Draft, Receipt, Reply, ReplyStatus
from bot.models.servers import Server, Webhook
from bot.models.shifts import Duty, Shift

__all__ = [
    "CHANGEABLE",
    "Action",
    "Article",
    "ArticleStatus",
    "AuditEntry",
    "Author",
    "Bulletin",
    "BulletinKind",
    "Case",
    "Draft",
    "Duty",
    "Entry",
    "EntryKind",
    "Guideline",
    "Image",
    "News",
    "Note",
    "Notice",
    "NoticeKind",
    "NoticeStatus",
    "Page",
    "Pile",
    "Place",
    "Receipt",
    "Record",
    "Reply",
    "ReplyStatus",
    "Report",
    "Request",
    "Server",
    "Shift",
    "Totals",
    "Webhook",
]
