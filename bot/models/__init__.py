"""The glossary as code: every noun of Standfirst as a frozen dataclass or an enum."""

from __future__ import annotations

from bot.models.articles import Article, ArticleStatus, Image, Page
from bot.models.audit import Action, AuditEntry
from bot.models.decisions import Case, Guideline, Pile, Record, Report, Request
from bot.models.notices import Notice, NoticeKind, NoticeStatus
from bot.models.opinions import Opinion, Purpose, View
from bot.models.replies import CHANGEABLE, Author, Draft, Receipt, Reply, ReplyStatus
from bot.models.servers import Server, Webhook
from bot.models.stats import Workload

__all__ = [
    "CHANGEABLE",
    "Action",
    "Article",
    "ArticleStatus",
    "AuditEntry",
    "Author",
    "Case",
    "Draft",
    "Guideline",
    "Image",
    "Notice",
    "NoticeKind",
    "NoticeStatus",
    "Opinion",
    "Page",
    "Pile",
    "Purpose",
    "Receipt",
    "Record",
    "Reply",
    "ReplyStatus",
    "Report",
    "Request",
    "Server",
    "View",
    "Webhook",
    "Workload",
]
