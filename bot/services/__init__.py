"""What people can do: one function an action; no Discord, no SQL."""
