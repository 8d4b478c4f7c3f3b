"""The glossary as code: every noun of Standfirst as a frozen dataclass or an enum."""

from __future__ import annotations

from bot.models.articles import Article, ArticleStatus, Image, Page
from bot.models.audit import Action, AuditEntry
from bot.models.decisions import Case, Guideline, Pile, Record, Report, Request
from bot.models.notices import Notice, NoticeKind, NoticeStatus
from bot.models.queue import COUNTED, Filter, Left
from bot.models.replies import CHANGEABLE, Author, Draft, Receipt, Reply, ReplyStatus
from bot.models.servers import Server, Webhook

__all__ = [
    "CHANGEABLE",
    "COUNTED",
    "Action",
    "Article",
    "ArticleStatus",
    "AuditEntry",
    "Author",
    "Case",
    "Draft",
    "Filter",
    "Guideline",
    "Image",
    "Left",
    "Notice",
    "NoticeKind",
    "NoticeStatus",
    "Page",
    "Pile",
    "Receipt",
    "Record",
    "Reply",
    "ReplyStatus",
    "Report",
    "Request",
    "Server",
    "Webhook",
]
