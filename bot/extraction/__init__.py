"""The web → an article: fetched, read in a worker process, and described as a `Page`; no Discord, no SQL."""

from bot.extraction.addresses import canonical_url, web_address
from bot.extraction.reading import read_file, read_url

__all__ = ["canonical_url", "read_file", "read_url", "web_address"]
