"""Other people's words and names: shown as they were written, unable to imitate ours, acceptable to Discord."""

from __future__ import annotations

import pytest

from cogs.ui.names import webhook_name
from cogs.ui.text import body, clusters, cut, excerpt, hidden_links, plain
from tests.samples import NASTY

FAMILY = "👨‍👩‍👧‍👦"


def test_code_shows_as_it_was_typed() -> None:
    code = "```python\n# not a heading\n> no quote\n```"

    assert body(f"Look:\n{code}\n# a heading") == f"Look:\n{code}\n\\# a heading"


def test_lines_after_a_fence_that_never_closes_cannot_imitate_our_own() -> None:
    assert body("```\n> quote") == "```\n\\> quote"
    assert body("\\```\n> quote\n```") == "\\```\n\\> quote\n```"


@pytest.mark.parametrize("line", ["> **Bo** · I said this", ">>> all of it", "# Breaking", "-# <@1>", "- > in a list"])
def test_a_text_cannot_imitate_our_own_lines(line: str) -> None:
    written = body(f"Fine.\n{line}")

    assert written.replace("\\", "") == f"Fine.\n{line}"
    assert "\\" in written


@pytest.mark.parametrize("line", ["1. # Breaking", "2) -# <@1>", "\u200b> I said", "\u00a0# Breaking"])
def test_neither_a_list_nor_an_unseen_character_opens_the_way_to_our_own_lines(line: str) -> None:
    assert "\\" in body(line)


@pytest.mark.parametrize("name", ["DİSCORD Ali", "dıscord", "CLYDE", "Everyone"])
def test_a_name_in_whatever_alphabet_is_made_acceptable(name: str) -> None:
    made = webhook_name(name)

    assert not any(word in made.lower() for word in ("discord", "clyde"))
    assert made.lower() not in {"everyone", "here"}


@pytest.mark.parametrize("link", ["[a[b]c](https://evil.example)", "[a\\]b](https://evil.example)"])
def test_where_a_masked_link_leads_is_never_hidden(link: str) -> None:
    assert hidden_links(link) == ["https://evil.example"]


def test_a_text_keeps_its_own_markdown() -> None:
    text = "**bold** and [a link](https://paper.example)\n- one\n- two"

    assert body(text) == text


def test_a_text_cannot_be_shown_backwards() -> None:
    assert body("safe \u202eelpoep\u202c") == "safe elpoep"


def test_foreign_words_show_as_they_were_written() -> None:
    assert plain("**a** <@1> [x](y)") == "\\*\\*a\\*\\* \\<@1> \\[x\\](y)"
    assert plain("see https://a.example/b_c_d now_") == "see https://a.example/b_c_d now\\_"
    assert plain("1. first\n- second\n#hash") == "1\\. first\n\\- second\n\\#hash"


def test_an_excerpt_is_never_longer_than_asked_for() -> None:
    assert all(len(excerpt(NASTY * 20, limit)) <= limit for limit in (1, 2, 40, 200))


def test_cutting_splits_neither_a_family_nor_an_accent() -> None:
    assert list(clusters(f"a{FAMILY}e\u0301🇳🇴🇸🇪👍🏽")) == ["a", FAMILY, "e\u0301", "🇳🇴", "🇸🇪", "👍🏽"]
    assert cut(f"ab{FAMILY}", 5) == "ab…"


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("Ann", "Ann"),
        ("  Ann \n Alder ", "Ann Alder"),
        ("Clyde", "Сlyde"),
        ("DISCORD fan", "DІSCORD fan"),
        ("dis\u200bcord", "dіscord"),
        ("dis\u200dcord", "dіscord"),
        ("everyone", "еveryone"),
        ("Here", "Hеre"),
        ("groundsphere", "groundsphere"),
        ("there", "there"),
        ("\u200b\u2060", "Member"),
        ("\u3164\u2800", "Member"),
        ("", "Member"),
        (f"{FAMILY} Pike", f"{FAMILY} Pike"),
        ("\u202eAnn", "Ann"),
    ],
)
def test_a_name_is_one_that_discord_takes(name: str, accepted: str) -> None:
    assert webhook_name(name) == accepted


def test_a_long_name_is_cut_between_two_visible_characters() -> None:
    name = webhook_name(FAMILY * 20)

    assert 1 <= len(name) <= 80
    assert name == FAMILY * (len(name) // len(FAMILY))
