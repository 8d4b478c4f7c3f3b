"""Runs the bot with no wait between two direct messages: `python -m tests.wire.brisk_bot URL run`.

It also looks longer for what could not be told, so that a busy machine does not put that off to the next press.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from bot import untold
from bot.demo.connect import main
from bot.storage import direct_messages

if __name__ == "__main__":
    direct_messages.GAP = timedelta()
    untold.LOOKING_SECONDS = 2.5
    main(sys.argv[1:])
