"""The command `standfirst`: run the bot, or try it in a browser."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import __version__, logs
from bot.config import load_config
from bot.errors import DatabaseUnusable, StartError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.config import Config
    from bot.services.health import Health

app = typer.Typer(
    help="Discussions of articles on Discord, where every reply is held until a moderator approves it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # it prints local variables
)
database = typer.Typer(help="Back up and restore the database.", no_args_is_help=True)
app.add_typer(database, name="db")
trail = typer.Typer(help="Look at the audit trail.", no_args_is_help=True)
app.add_typer(trail, name="audit")
log = logging.getLogger(__name__)

SIGNALS = (signal.SIGTERM, signal.SIGINT)
CLOSING_SECONDS = 3  # more than it takes to close the connections to Discord


def main() -> None:
    """Run the command that was typed."""
    app(prog_name="standfirst")


def show_version(*, wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        typer.echo(f"standfirst {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=lambda value: show_version(wanted=value), is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before the command."""


@app.command()
def run() -> None:
    """Run the bot. The token is read from the environment or from the file .env."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a traceback until the loop listens
    with one_line():
        config = load_config(os.environ, dotenv=Path(".env"))
        logs.set_up(secrets=(config.token, config.database_url))
        with suppress(asyncio.CancelledError, KeyboardInterrupt):  # SIGTERM and Ctrl-C: the usual ways to stop
            asyncio.run(serve(config))
        log.info("stopped")


@app.command()
def demo(
    *,
    tour: Annotated[bool, typer.Option("--tour", help="Let the demo walk through a discussion by itself.")] = False,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = None,
) -> None:
    """Try the bot in a browser, with a simulated Discord and no token."""
    with one_line():
        try:
            import simcord  # noqa: F401, PLC0415 - an extra, and only for this command
        except ModuleNotFoundError:
            raise StartError("The demo needs simcord. In the folder of the source run: make demo") from None
        from bot.demo.demo import main as run_demo  # noqa: PLC0415 - likewise

        with suppress(KeyboardInterrupt):
            run_demo(tour=tour, port=port)


@app.command()
def check() -> None:
    """Say in a line whether all is well, also while the bot runs, and what to do if not; exit code 1 then."""
    with one_line():
        config = load_config(os.environ, dotenv=Path(".env"), needs_token=False)
        found = asyncio.run(examine(config))
    typer.echo(str(found))
    if not found.is_well:
        raise typer.Exit(1)


@database.command()
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")]) -> None:
    """Copy the database into a file, also while the bot runs. The copy is checked by opening it."""
    with one_line():
        config = load_config(os.environ, dotenv=Path(".env"), needs_token=False)
        from bot.storage import backups  # noqa: PLC0415 - SQLAlchemy takes a while to import

        backups.back_up(config.database_url, file)
        typer.echo(f"Backed up into {file}, and checked.")


@database.command()
def restore(file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]) -> None:
    """Put a backup in the place of the database, which is kept. Stop the bot first."""
    with one_line():
        config = load_config(os.environ, dotenv=Path(".env"), needs_token=False)
        from bot.storage import restoring  # noqa: PLC0415 - SQLAlchemy takes a while to import

        aside = asyncio.run(restoring.restore(config.database_url, file, folder=config.data_folder))
        typer.echo(f"Restored {file}." + (f" What was there before is in {aside}." if aside else ""))


@trail.command()
def verify() -> None:
    """Check every server's audit trail, also while the bot runs; a line for each, and exit code 1 if one is broken."""
    with one_line():
        config = load_config(os.environ, dotenv=Path(".env"), needs_token=False)
        found = asyncio.run(verify_trails(config))
    for line, _ in found:
        typer.echo(line)
    if not all(is_right for _, is_right in found):
        raise typer.Exit(1)


@contextmanager
def one_line() -> Iterator[None]:
    """Turn a StartError into one line on stderr and exit code 2."""
    try:
        yield
    except StartError as error:
        sys.stderr.write(f"standfirst: {' '.join(str(error).split())}\n")
        raise typer.Exit(2) from None


async def examine(config: Config) -> Health:
    """Read the database without changing it."""
    from bot.services import health  # noqa: PLC0415 - SQLAlchemy takes a while to import
    from bot.storage.database import open_to_read  # noqa: PLC0415 - likewise

    db = await open_to_read(config.database_url)
    try:
        return await health.examine(db, config, now=datetime.now(UTC))
    finally:
        await db.close()


async def verify_trails(config: Config) -> list[tuple[str, bool]]:
    """Return what to say of each server, and whether its trail is right; nothing is changed."""
    from bot.services import audit  # noqa: PLC0415 - SQLAlchemy takes a while to import
    from bot.storage import StorageFailed  # noqa: PLC0415 - likewise
    from bot.storage.database import open_to_read  # noqa: PLC0415 - likewise

    db = await open_to_read(config.database_url)
    try:
        found = await audit.verify_all(db)
    except StorageFailed as error:
        raise DatabaseUnusable(str(error.values["reason"])) from None
    finally:
        await db.close()
    return [(f"server {server_id}: {audit.explain(finding)}", finding.fault is None) for server_id, finding in found]


async def serve(config: Config) -> None:
    """Run the bot until it is told to stop; the database is closed in every case."""
    from bot.client import run_client  # noqa: PLC0415 - Discord's library takes a second to import
    from bot.storage import StorageFailed, open_database  # noqa: PLC0415 - likewise
    from bot.storage.upgrading import upgrade_apart  # noqa: PLC0415 - likewise
    from bot.upkeep import keeping_up  # noqa: PLC0415 - likewise

    stop = Stop()
    await upgrade_apart(config.database_url, folder=config.data_folder)
    db = await open_database(config.database_url, folder=config.data_folder)
    db.outages.on_ruin = stop
    try:
        async with keeping_up(config, db):
            await run_client(config, db, announce=typer.echo)
    except asyncio.CancelledError:
        if db.outages.ruin is not None:
            raise db.outages.ruin from None
        raise
    except StartError:
        raise
    except StorageFailed as error:  # before the bot was ready
        raise DatabaseUnusable(str(error.values["reason"])) from None
    except Exception:
        log.exception("stopped by an error that nobody expected")
        raise SystemExit(1) from None
    finally:
        stop.is_heard = True
        await end_others()
        await db.close()


async def end_others() -> None:
    """Cancel every other task and wait for it: one that rolls back on a closed SQLite connection would never end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=CLOSING_SECONDS)


class Stop:
    """Cancels the task that makes it on the first SIGTERM or Ctrl-C, or when it is called; a second signal kills.

    Until `is_heard` it does so again: Python 3.11's `wait_for`, with which discord.py connects, loses a cancellation
    that comes at the moment of its end.
    """

    def __init__(self) -> None:
        self.is_heard = False
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        for number in SIGNALS:
            with suppress(NotImplementedError):  # Windows knows no such handlers; Ctrl-C works there without
                self._loop.add_signal_handler(number, self)

    def __call__(self) -> None:
        """Stop soon."""
        for number in SIGNALS:
            self._loop.remove_signal_handler(number)
        self._insist()

    def _insist(self) -> None:
        if self._task is not None and not self.is_heard:
            self._task.cancel()
            self._loop.call_later(CLOSING_SECONDS, self._insist)
