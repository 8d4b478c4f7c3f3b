"""The operator's few values are read, and a wrong one is answered with one sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.config import load_config
from bot.errors import ConfigInvalid, TokenMissing

TOKEN = "MTA.not-a-real.token"


def load(dotenv: Path | None = None, **environ: str):
    return load_config({"DISCORD_TOKEN": TOKEN, **environ}, dotenv=dotenv)


def test_a_token_is_all_that_must_be_given():
    config = load()

    assert config.token == TOKEN
    assert config.database_url == "sqlite+aiosqlite:///data/standfirst.db"
    assert config.data_folder == Path("data")
    assert config.allow_private_addresses is False


def test_the_database_stands_in_the_data_folder(tmp_path):
    assert load(STANDFIRST_DATA=str(tmp_path)).database_url == f"sqlite+aiosqlite:///{tmp_path}/standfirst.db"


def test_the_environment_wins_over_the_file(tmp_path):
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=from-the-file\nSTANDFIRST_DATA=of-the-file\n", encoding="utf-8")

    config = load(file)

    assert (config.token, config.data_folder) == (TOKEN, Path("of-the-file"))


def test_a_file_written_by_notepad_is_read(tmp_path):
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=from-the-file\r\n", encoding="utf-8-sig")

    assert load_config({}, dotenv=file).token == "from-the-file"


@pytest.mark.parametrize("text", [f"  {TOKEN}\n", f"Bot {TOKEN}", f" Bot  {TOKEN} "])
def test_a_token_is_taken_as_people_paste_it(text):
    assert load(DISCORD_TOKEN=text).token == TOKEN


@pytest.mark.parametrize("text", ["", "   ", "Bot "])
def test_without_a_token_the_sentence_says_where_to_put_it(text):
    with pytest.raises(TokenMissing, match=r"\.env\.example"):
        load(DISCORD_TOKEN=text)


@pytest.mark.parametrize("text", ["two words", "токен"])
def test_what_cannot_be_a_token_is_refused_without_being_repeated(text):
    with pytest.raises(ConfigInvalid, match="DISCORD_TOKEN") as refusal:
        load(DISCORD_TOKEN=text)

    assert text not in str(refusal.value)


def test_neither_token_nor_password_is_ever_printed():
    config = load(DATABASE_URL="postgresql://standfirst:secret@host/database")

    assert TOKEN not in repr(config)
    assert "secret" not in repr(config)


@pytest.mark.parametrize(
    ("text", "meaning"), [("1", True), ("TRUE", True), ("0", False), ("false", False), ("", False)]
)
def test_private_addresses_are_allowed_by_a_switch(text, meaning):
    assert load(STANDFIRST_ALLOW_PRIVATE_ADDRESSES=text).allow_private_addresses is meaning


def test_a_switch_that_is_neither_on_nor_off_is_refused():
    with pytest.raises(ConfigInvalid, match="STANDFIRST_ALLOW_PRIVATE_ADDRESSES must be 1 or 0"):
        load(STANDFIRST_ALLOW_PRIVATE_ADDRESSES="maybe")


def test_a_week_of_backups_is_kept_and_nothing_listens_unless_it_is_said():
    config = load()

    assert (config.backups, config.health_port) == (7, 0)
    assert load(STANDFIRST_BACKUPS=" 30 ", STANDFIRST_HEALTH_PORT="8080").health_port == 8080
    assert load(STANDFIRST_BACKUPS="0").backups == 0


@pytest.mark.parametrize("text", ["-1", "366", "a week", "1.5", "²", "9" * 5000])
def test_a_number_that_does_not_fit_is_refused(text):
    with pytest.raises(ConfigInvalid, match="STANDFIRST_BACKUPS must be a number from 0 to 365"):
        load(STANDFIRST_BACKUPS=text)


def test_looking_after_the_database_needs_no_token():
    assert load_config({}, dotenv=None, needs_token=False).token == ""


def test_a_file_that_is_not_text_is_refused(tmp_path):
    file = tmp_path / ".env"
    file.write_bytes(b"DISCORD_TOKEN=\xff\xfe")

    with pytest.raises(ConfigInvalid, match="UTF-8"):
        load(file)


@pytest.mark.parametrize(("text", "line"), [("DISCORD_TOKEN abc\n", 1), ('A=1\nDISCORD_TOKEN="abc\n', 2)])
def test_a_line_of_the_file_that_cannot_be_read_is_named(tmp_path, text, line):
    file = tmp_path / ".env"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigInvalid, match=f"line {line} cannot be read. Write NAME=value"):
        load(file)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    with pytest.raises(ConfigInvalid, match="cannot be read"):
        load(tmp_path)


def test_the_example_explains_every_value_that_is_read():
    root = Path(__file__).parent.parent
    names = set(re.findall(r'"([A-Z_]{6,})"', (root / "bot" / "config.py").read_text(encoding="utf-8")))
    example = (root / ".env.example").read_text(encoding="utf-8")

    assert names
    assert names == set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))


def test_how_many_direct_messages_a_day_can_be_chosen():
    assert load().notices_a_day == 100
    assert load(STANDFIRST_NOTICES_A_DAY=" 25 ").notices_a_day == 25


@pytest.mark.parametrize("text", ["0", "-1", "many", "8641", "²", "9" * 5000])
def test_a_number_of_direct_messages_that_cannot_be_is_refused(text):
    with pytest.raises(ConfigInvalid, match="from 1 to 8640"):
        load(STANDFIRST_NOTICES_A_DAY=text)
