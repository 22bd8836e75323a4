"""The grammar: no conflict, the same words in both languages, and something to say wherever a sentence may stop."""

import tomllib
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pytest
from lark import Lark
from lark.exceptions import GrammarError
from lark.lexer import Lexer

from rulec import resources
from rulec.diagnostics import Diagnostics
from rulec.source import LANGUAGES, Language, Source
from rulec.syntax import unreadable
from rulec.syntax.grammar import SentenceError
from rulec.syntax.tokens import Token
from rulec.syntax.unreadable import report_unreadable
from rulec.syntax.words import words
from rulec.tree import Span

TEXT: dict[Language, str] = {"fr": "une phrase qui s'arrête", "en": "a sentence that stops"}
SAID = unreadable._SAID
# "that" joins ("except that") and tells of ("orders that exceed"), "by" is « de » and « selon »; words of periods open
# one, or lead to its last day: what stands around them decides.
TWO_MEANINGS: dict[Language, frozenset[str]] = {
    "fr": frozenset({"jusqu'au"}), "en": frozenset({"that", "by", "from", "until", "through", "since"}),
}  # fmt: skip


class NoLexer(Lexer):
    """Nothing is read here."""

    def __init__(self, _conf: Any) -> None:
        """Lark wants the configuration to be taken."""

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Any]:
        return iter(())


@cache
def built() -> Lark:
    """The grammar built anew; a conflict between two readings of one word is an error."""
    return Lark(resources.read("grammar/rules.lark"), parser="lalr", lexer=NoLexer, strict=True)


def states() -> Iterator[frozenset[str]]:
    """What may come next, for each state in which a statement may stop."""
    table = built().parser.parser._parse_table
    for number, actions in table.states.items():
        kinds = frozenset(kind for kind in actions if kind.isupper())
        if number not in table.end_states.values():
            yield kinds


def all_kinds() -> frozenset[str]:
    """Every kind of word that the grammar knows, and the end."""
    return frozenset[str]().union(*states())


def spoken(kinds: frozenset[str], language: Language) -> str:
    return unreadable._expected(kinds, Source(0, "", TEXT[language], language))


def test_the_grammar_has_no_conflict() -> None:
    assert len(list(states())) > 300


def test_a_conflict_would_be_seen() -> None:
    with pytest.raises(GrammarError):
        Lark("start: a | b\na: X\nb: X\n%declare X", parser="lalr", lexer=NoLexer, strict=True)
    with pytest.raises(GrammarError):
        Lark("start: X | start start\n%declare X", parser="lalr", lexer=NoLexer, strict=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_says_what_may_come_next(language: Language) -> None:
    for kinds in states():
        assert kinds
        assert kinds & set(SAID), sorted(kinds)  # else it would say "the end of the sentence", which is wrong
        text = spoken(kinds, language)
        assert text
        assert not any(kind in text.split() for kind in all_kinds()), text
        assert ("la fin" in text or "the end" in text) <= ("$END" in kinds), (sorted(kinds), text)


def test_what_may_come_next_is_said_in_both_languages() -> None:
    for french, english in SAID.values():
        assert french
        assert english
        assert french != english or french == "« : »"
    assert set(SAID) <= all_kinds()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_that_stops_anywhere_is_reported(language: Language) -> None:
    source = Source(0, "", TEXT[language], language)
    start, end = Span(0, 0, 3), Span(0, 4, 10)
    for before in sorted(all_kinds() - {"$END"}):
        for kind in ("THEN", "ELSE", "IF", "RPAR", "TERM", "COMMA"):
            tokens = [Token(before, "x", None, start), Token(kind, "y", None, end)]
            for at in range(3):
                diagnostics = Diagnostics()
                report_unreadable(
                    source,
                    tokens,
                    cast(SentenceError, SimpleNamespace(at=at, expected=frozenset({"THEN", "$END"}))),
                    diagnostics,
                )
                (found,) = diagnostics
                assert found.code in ("E120", "E121", "E122", "E124", "E125", "E126", "E127", "E433")
                assert dict(found.values)["expected"]


# ---- the words of the languages


NOTHING_SAID: dict[Language, list[tuple[str, str]]] = {
    "fr": [], "en": [("supervision", "WHO")],  # « l'accord de X », "X's approval"
}  # fmt: skip


def tables(language: Language) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.read(f"grammar/words.{language}.toml"))


def test_both_languages_have_the_same_tables_and_keys() -> None:
    shapes = [{name: list(table) for name, table in tables(language).items()} for language in LANGUAGES]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_meaning_has_words(language: Language) -> None:
    for name, table in tables(language).items():
        for key, ways in table.items():
            assert ways or (name, key) in NOTHING_SAID[language], (name, key)
            assert all(way.strip() == way and way for way in ways), (name, key)
            assert len(ways) == len(set(ways)), (name, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_language_has_two_meanings_in_one_table(language: Language) -> None:
    """« au moins » may be a comparison and a mark, which the lexer tells apart; within a table nothing can."""
    for name, table in tables(language).items():
        ways = [way for each in table.values() for way in each if way not in TWO_MEANINGS[language]]
        assert len(ways) == len(set(ways)), (name, sorted(way for way in ways if ways.count(way) > 1))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_to_the_author_can_be_said(language: Language) -> None:
    for way in ("max", "first", "sum", "compound"):
        assert words(language).say("combine", way)
