"""The glossary as code: every noun of Standfirst as a frozen dataclass or an enum."""

from __future__ import annotations

from bot.models.articles import Article, ArticleStatus, Image, Page
from bot.models.audit import Action, AuditEntry
from bot.models.decisions import Case, Guideline, Pile, Record, Report, Request
from bot.models.flags import SEVERE, SUSPICIOUS, Flag
from bot.models.notices import Notice, NoticeKind, NoticeStatus
from bot.models.replies import CHANGEABLE, Author, Draft, Receipt, Reply, ReplyStatus
from bot.models.servers import Server, Webhook

__all__ = [
    "CHANGEABLE",
    "SEVERE",
    "SUSPICIOUS",
    "Action",
    "Article",
    "ArticleStatus",
    "AuditEntry",
    "Author",
    "Case",
    "Draft",
    "Flag",
    "Guideline",
    "Image",
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
