"""Every sentence a person sees, in every language shipped."""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark a sentence for translation where it is defined; it is translated where it is shown."""
    return message
