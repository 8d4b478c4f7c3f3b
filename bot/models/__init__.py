"""The glossary as code: every noun of Standfirst as a frozen dataclass or an enum."""

from __future__ import annotations

from bot.models.accounts import made_at
from bot.models.articles import Article, ArticleStatus, Image, Page
from bot.models.audit import Action, AuditEntry
from bot.models.decisions import (
    MOST_COUNTED,
    Case,
    Guideline,
    Phrase,
    Picked,
    Pile,
    Precedent,
    Record,
    Report,
    Request,
    Surroundings,
)
from bot.models.flags import SEVERE, SUSPICIOUS, Flag
from bot.models.notices import Notice, NoticeKind, NoticeStatus
from bot.models.replies import CHANGEABLE, CLAIM, Author, Draft, Receipt, Reply, ReplyStatus
from bot.models.servers import Server, Webhook

__all__ = [
    "CHANGEABLE",
    "CLAIM",
    "MOST_COUNTED",
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
    "Phrase",
    "Picked",
    "Pile",
    "Precedent",
    "Receipt",
    "Record",
    "Reply",
    "ReplyStatus",
    "Report",
    "Request",
    "Server",
    "Surroundings",
    "Webhook",
    "made_at",
]
