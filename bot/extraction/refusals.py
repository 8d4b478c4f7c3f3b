"""Why an article cannot be read from an address or a file.

PageRefused
├── AddressInvalid
├── AddressPrivate
├── PortRefused
├── FileRefused
├── PageNotFound
├── PageTooLarge
├── PageTooSlow
├── PageUnreachable
├── PageNotHtml
└── PageNotArticle
"""

from __future__ import annotations

from bot.errors import UserError
from bot.i18n import N_


class PageRefused(UserError):
    """An article could not be read from an address or a file."""

    sentence = N_("This page cannot be read. You can write the summary by hand.")


class AddressInvalid(PageRefused):
    """Not an http or https address on the usual ports."""

    sentence = N_("This is not a web address I can open. It must start with http:// or https://.")


class AddressPrivate(PageRefused):
    """The address leads into a private network."""

    sentence = N_("This address leads into a private network, so I do not open it.")


class PortRefused(PageRefused):
    """An address on another port than 80 or 443, while private addresses are not allowed."""

    sentence = N_("This address names a port that I do not open. Use the page's ordinary address.")


class FileRefused(PageRefused):
    """An uploaded file that is neither HTML nor plain text."""

    sentence = N_("This file is neither an HTML page nor a plain text. Save it as .html or .txt, then try again.")


class PageNotFound(PageRefused):
    """The site says that the page does not exist (404, 410)."""

    sentence = N_("The site says that this page does not exist. Check the address.")


class PageTooLarge(PageRefused):
    """More than 5 MB."""

    sentence = N_("This page is larger than {limit} MB, so I stopped reading it.")


class PageTooSlow(PageRefused):
    """No complete answer in 10 s, or the page took too long to read."""

    sentence = N_("The site did not answer within {seconds} seconds. Try again later.")


class PageUnreachable(PageRefused):
    """Connection refused, no such host, too many redirects, server error."""

    sentence = N_("The site could not be reached or refused to answer. Check the address, or try again later.")


class PageNotHtml(PageRefused):
    """A picture, a PDF or another file, not a page."""

    sentence = N_("This address leads to a file that is not a web page.")


class PageNotArticle(PageRefused):
    """No article's text was found in the page."""

    sentence = N_("I found no article on this page. It may be a start page, or need a login.")
