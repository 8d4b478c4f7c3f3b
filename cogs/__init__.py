"""Discord: one feature a file, with its buttons, forms and commands."""
