"""Standfirst: moderated discussions of articles on Discord."""

__version__ = "0.1.0"
