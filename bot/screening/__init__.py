"""What can be told from a text alone; no Discord, no SQL."""
