"""The bot in a browser with a simulated Discord: nothing to install, no account, no token."""
