"""The glossary as code: every noun of Standfirst as a frozen dataclass or an enum."""

from __future__ import annotations

from bot.models.articles import Article, ArticleStatus, Image, Page
from bot.models.audit import Action, AuditEntry
from bot.models.decisions import Case, Guideline, Phrase, Picked, Pile, Record, Report, Request
from bot.models.notices import Notice, NoticeKind, NoticeStatus
from bot.models.replies import CHANGEABLE, CLAIM, Author, Draft, Receipt, Reply, ReplyStatus
from bot.models.servers import Server, Webhook

__all__ = [
    "CHANGEABLE",
    "CLAIM",
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
    "Page",
    "Phrase",
    "Picked",
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
