"""For developers: write the step that brings the tables from the last step to what `tables.py` says.

python -m bot.storage.migrations "Add the feeds"    a new step
python -m bot.storage.migrations                    the first step again, while nothing is released
"""

from __future__ import annotations

import re
import subprocess
import sys

from alembic import command
from sqlalchemy import create_engine

from bot.storage import migrations

FIRST = "Make the first tables"


def write(message: str | None) -> None:
    """Compare an empty database, brought to the last step, with `tables.py`."""
    if message is None:
        (migrations.FOLDER / "versions" / "0001_first.py").unlink(missing_ok=True)
    number = 1 if message is None else len(migrations.REVISIONS) + 1
    with create_engine("sqlite://").begin() as connection:
        settings = migrations.config(connection)
        settings.attributes["batch"] = message is not None
        settings.set_main_option("file_template", "%%(rev)s_first" if message is None else "%%(rev)s_%%(slug)s")
        command.upgrade(settings, "head")
        command.revision(settings, message or FIRST, autogenerate=True, rev_id=f"{number:04}")
    tidy(number)


def tidy(number: int) -> None:
    """Take out Alembic's remarks and format."""
    (path,) = (migrations.FOLDER / "versions").glob(f"{number:04}_*.py")
    text = re.sub(r"\n *# ###.*", "", path.read_text(encoding="utf-8"))
    path.write_text(re.sub(r", ((?:sqlite|postgresql)_where=)", r",\n    \1", text), encoding="utf-8")
    for check in (["check", "--fix-only", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *check, path], check=True)  # noqa: S603 - our own file


if __name__ == "__main__":
    write(sys.argv[1] if len(sys.argv) > 1 else None)
