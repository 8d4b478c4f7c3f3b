"""Every sentence, name and description is there in every language shipped, and fits the English one."""

from __future__ import annotations

import ast
import re
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot import errors
from bot.commands import payload
from bot.i18n import CATALOGUE, ENGLISH, LOCALES, WORDS, Language, explain, language_of, languages
from bot.locales.extract import extract_all
from bot.models import Guideline, ReplyStatus
from tests.world import new_world

__all__ = ["new_world"]  # fixtures

PROJECT = Path(__file__).parent.parent
TRANSLATED = [language.code for language in languages()[1:]]
COMMAND = re.compile(r"(?<!\S)/([a-z]+(?: [a-z]+)?)")
NAME = re.compile(r"[-_\w]{1,32}")
RUSSIAN = Language("ru")


def catalogue(code):
    with (LOCALES / code / CATALOGUE).open("rb") as file:
        return read_po(file, locale=code)


def keys(messages):
    return {(message.id, message.context) for message in messages if message.id}


def forms(text):
    return [text] if isinstance(text, str) else list(text)


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def translations(code):
    return [(forms(message.id), forms(message.string)) for message in catalogue(code) if message.id]


def is_said(call):
    return getattr(call.func, "attr", "") == "say" and isinstance(call.args[0], ast.Constant)


def test_russian_is_shipped():
    assert "ru" in TRANSLATED


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_holds_what_the_code_says_and_nothing_else(code):
    told, written = keys(extract_all()), keys(catalogue(code))

    assert told - written == set(), "run: python -m bot.locales"
    assert written - told == set(), "run: python -m bot.locales"


def test_what_is_said_is_found_wherever_it_stands():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (PROJECT / "cogs").rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    said = {call.args[0].value for call in calls if is_said(call)}

    assert said - {sentence for sentence, _ in keys(extract_all())} == set()


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated_and_none_is_a_guess(code):
    missing = [message.id for message in catalogue(code) if message.id and not all(forms(message.string))]
    guessed = [message.id for message in catalogue(code) if message.id and message.fuzzy]

    assert missing == []
    assert guessed == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_fills_the_same_fields(code):
    for originals, translated in translations(code):
        expected = set().union(*map(fields, originals))
        for text in translated:
            assert fields(text) == expected, text


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_every_plural_form(code):
    written = catalogue(code)
    for message in written:
        if isinstance(message.id, (tuple, list)):
            assert len(message.string) == written.num_plurals, message.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_begins_and_ends_like_the_original(code):
    for originals, translated in translations(code):
        for text in translated:
            assert text == text.strip() or originals[0] != originals[0].strip(), text
            assert text.endswith(".") == originals[0].endswith("."), text
            assert text.startswith("## ") == originals[0].startswith("## "), text
            assert text.count("**") == originals[0].count("**"), text


async def test_a_sentence_that_names_a_command_names_it_as_it_is_typed_in_that_language(new_world):
    commands = {command.qualified_name for command in new_world.client.tree.walk_commands()}
    for originals, translated in translations("ru"):
        for typed in COMMAND.findall(originals[0]):
            name = typed if typed in commands else typed.split(" ")[0]
            assert name in commands, originals[0]
            in_russian = " ".join(RUSSIAN.name("command", part) for part in name.split(" "))
            assert all(f"/{in_russian}" in text for text in translated), originals[0]


async def test_what_discord_shows_of_a_command_is_translated_and_acceptable(new_world):
    for command in await payload(new_world.client.tree):
        for parent, parts in options_of(command):
            for name in ("name", *(part.get("name_localizations", {}).get("ru") for part in parts)):
                assert name is not None, (parent, [part["name"] for part in parts])
                assert NAME.fullmatch(name), name
                assert name == name.lower()
            localized = [part["name_localizations"]["ru"] for part in parts]
            assert len(localized) == len(set(localized)), parent
            for part in parts:
                assert 1 <= len(part["description"]) <= 100
                assert 1 <= len(part["description_localizations"]["ru"]) <= 100


def options_of(command):
    """A command and everything below it, siblings together."""
    yield None, [command]
    waiting = [command]
    while waiting:
        parent = waiting.pop()
        parts = parent.get("options", [])
        if parts:
            yield parent["name"], parts
        waiting += parts


def test_a_language_is_chosen_by_discords_locale_and_falls_back_to_english():
    assert language_of("ru") == RUSSIAN
    assert language_of("en-GB") == language_of("en-US") == ENGLISH
    assert language_of("xx") == language_of(None) == ENGLISH


@pytest.mark.parametrize("enum", WORDS)
def test_every_member_of_an_enum_has_a_word_in_every_language(enum):
    members = Guideline.BUILT_IN if enum is Guideline else tuple(enum)
    for language in languages():
        assert len({language.word(member) for member in members}) == len(members)


def test_a_word_among_the_values_is_translated_too():
    sentence = errors.NotHeld(number="#7", status=ReplyStatus.PUBLISHED)

    assert explain(sentence, ENGLISH) == "#7 is no longer held (published), so it cannot be changed any more."
    assert RUSSIAN.word(ReplyStatus.PUBLISHED) in explain(sentence, RUSSIAN)


def test_names_of_permissions_are_translated_one_by_one():
    error = errors.BotLacksPermission(permissions=("Manage Roles", "Manage Channels"))

    assert "I need: Manage Roles, Manage Channels." in explain(error, ENGLISH)
    assert "Manage" not in explain(error, RUSSIAN)


def test_what_a_person_typed_is_never_taken_for_a_field():
    error = errors.SettingInvalid(value="{0.__class__} {person}", setting="seal", expected="core or strict")

    assert "{0.__class__} {person}" in explain(error, ENGLISH)


@pytest.mark.parametrize(
    ("length", "english", "russian"),
    [
        (timedelta(seconds=5), "1 min", "1 мин"),
        (timedelta(minutes=12), "12 min", "12 мин"),
        (timedelta(minutes=70), "70 min", "70 мин"),
        (timedelta(hours=5), "5 hr", "5 ч"),
        (timedelta(days=3), "3 days", "3 дн."),
    ],
)
def test_a_duration_is_one_unit(length, english, russian):
    assert ENGLISH.duration(length) == english
    assert RUSSIAN.duration(length).rstrip(".") == russian.rstrip(".")


def test_a_date_is_written_as_in_the_language():
    day = datetime(2026, 11, 23, tzinfo=UTC)

    assert ENGLISH.date(day) == "November 23, 2026"
    assert RUSSIAN.date(day).startswith("23 ноября 2026")


def test_every_guideline_sounds_different_in_russian():
    assert not {RUSSIAN.word(rule) for rule in Guideline.BUILT_IN} & {ENGLISH.word(rule) for rule in Guideline.BUILT_IN}
