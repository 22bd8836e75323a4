"""A declaration as written in, the same in the other language out: its terms where they are declared, its keys written.

A name without a term in the other language stays as it is written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from rulec.printing.declarations import HEADS, Block, capital, combined, default_text, list_of, ranged
from rulec.printing.judgements import opened
from rulec.printing.layout import lines_of
from rulec.printing.names import GLUE, Speech, UnsaidError, elides
from rulec.printing.values import quoted
from rulec.runtime.plain import changing
from rulec.runtime.shown import unit_name
from rulec.semantics.items import without_optional
from rulec.semantics.measures import measure
from rulec.semantics.naming import key_of
from rulec.semantics.sentences import about_in
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.fold import fold, stem
from rulec.syntax.words import split_words, words
from rulec.tree import Span

_TYPED = frozenset({"type", "measure", "type_name", "list_of", "list_here", "one_only"})
_ARTICLES = ("un ", "une ", "le ", "la ", "les ", "des ", "l'", "a ", "an ", "the ")


@changing
class Named:
    """A name, what it is (item, option, alternative, parameter, order), and what is said of it."""

    part: str
    name: str
    quoted: bool = False
    key: str = ""
    other: str = ""
    marks: list[ast.Mark] = field(default_factory=list)
    options: "list[Named]" = field(default_factory=list)  # of a parameter


@changing
class Translator:
    """Says the declarations of a file in the other language. `terms`: a folded name, and the other language's."""

    speech: Speech
    language: Language
    terms: dict[str, str]
    kept: list[str] = field(default_factory=list)

    def declaration(self, source: Source, said: ast.Declaration) -> Iterator[Block]:
        """The head, then the items."""
        yield Block(said.span.start, tuple(lines_of(self._head(source, said), 0)))
        for item in said.items:
            happens = said.kind == "happening"
            text = self._happening(source, item) if happens else "".join(self._item(source, said, item))
            yield Block(item.span.start, tuple(lines_of(f"-{GLUE}{text}", 2)))

    def _happening(self, source: Source, item: ast.Item) -> str:
        """« une facture est payée [paid] (en anglais « an invoice is paid ») »."""
        marks = {mark.kind: mark.texts[-1] for mark in item.marks if mark.texts}
        if "in_other" not in marks:
            raise UnsaidError
        own = f"{source.text[: item.span.start].rpartition(chr(10))[2].lstrip(' -•*')}{item.name}"
        said = f"{marks['in_other']}{GLUE}[{marks.get('key') or key_of(item.name)}]"
        if "type_name" in marks:
            about = self._indefinite(about_in(marks["type_name"], self.language))
            said += f" ({self.speech.word('happenings_of', 'ABOUT')} {about})"
        return f"{said}{self._original(own, marks['in_other'])}"

    def judged(self, source: Source, said: ast.Declaration) -> str:
        """« À l'appréciation : un client est mécontent »."""
        (item,) = said.items
        if not said.name:
            return opened(self.speech, "".join(self._item(source, said, item)))
        first, *_ = parts_of(source, item)
        key = f"{GLUE}[{first.key or key_of(first.name)}]{self._original(first.name, first.other)}"
        is_ = self.speech.choose("est", "is")
        return opened(self.speech, f"{self._indefinite(said.name)} {is_} {self.term(first.name)[1]}{key}")

    def named_set(self, said: ast.NamedSet) -> str:
        """The set, its values in their new words."""
        *most, last = (self.term(value)[1].replace(" ", GLUE) for value in said.values)
        listed = f"{', '.join(most)} {self.speech.declared('AND')} {last}"
        return f"{capital(self.speech.choose('les ', 'the '))}{self.term(said.name)[1]} {self._word('ARE')} {listed}"

    def term(self, name: str) -> tuple[str, str]:
        """The article and the name in the other language, where it is declared; else "" and the name as it is."""
        other = self.terms.get(fold(name), "")
        if not other:
            if name not in self.kept:
                self.kept.append(name)
            return "", name
        article = next((each for each in _ARTICLES if other.lower().startswith(each)), "")
        return article, other[len(article) :]

    def _word(self, key: str) -> str:
        return self.speech.declared(key)

    def _indefinite(self, name: str, *, several: bool = False) -> str:
        """« une ligne », "a line"; `several`: « des lignes », "lines"."""
        article, said = self.term(name)
        if self.speech.french or several:
            return f"{article if self.speech.french else ''}{said}"
        return f"{'an' if elides(said) and said[:1] not in 'hu' else 'a'} {said}"

    def _definite(self, name: str) -> str:
        article, said = self.term(name)
        return f"{article}{said}" if self.speech.french else f"the {said}"

    def _head(self, source: Source, said: ast.Declaration) -> str:
        colon = self.speech.choose(" :", ":")
        match said.kind:
            case "known" | "possible" | "happening":
                return f"{capital(self._word(HEADS[said.kind]))}{colon}"
            case "decided" if said.each:
                return f"{capital(self._word('DECIDE'))} {self._word('EACH')} {self.term(said.each)[1]}{colon}"
            case "decided":
                return f"{capital(self._word('DECIDE'))}{colon}"
            case _:
                name = self._indefinite(said.name)  # a name that stays is not given the capital of a sentence
                bare = self.speech.french and not name.lower().startswith(_ARTICLES)
                lead = name if bare or name == said.name else capital(name)
                own = f"{lead}{GLUE}[{said.key or key_of(said.name)}]"
                own += self._original(self._as_written(source, said.span, said.name), said.other)
                if said.kind == "entity":
                    return f"{own} {self._word('HAS')}{colon}"
                return f"{own} {self._word('IS_A')} {self.term(said.parent)[1]} {self._word('WHO_HAS')}{colon}"

    def _as_written(self, source: Source, span: Span, name: str) -> str:
        """A French name with its article, which nothing else tells: « la remise »; any other as it is."""
        if self.speech.french:
            return name
        line = source.text[source.text.rfind("\n", 0, span.start) + 1 : span.end]
        pattern = rf"\b(?P<article>une? |l[ea] |les |des |l['’]){re.escape(name)}(?!\w)"
        found = re.search(pattern, line, re.IGNORECASE)
        return f"{found['article'].lower()}{name}" if found else name

    def _original(self, name: str, other: str) -> str:
        return f" ({self._word('IN_OTHER')} {quoted(name, self.speech.french)})" if other else ""

    # ---- items

    def _item(self, source: Source, said: ast.Declaration, item: ast.Item) -> Iterator[str]:
        first, *rest = parts_of(source, item)
        verb = item.form == "verb" or (item.form == "named" and not item.marks and said.kind == "entity")
        if item.form == "trait":
            yield f"{self._word('CAN_BE')} {self.term(first.name)[1]}"
        elif verb:
            yield f"{self._word('IT')} {self.term(first.name)[1]}"
        elif said.kind == "possible":
            yield self.term(first.name)[1]
        else:
            listed = any(mark.kind in ("list_of", "list_here") for mark in first.marks)
            yield self._definite(first.name) if said.kind == "decided" else self._indefinite(first.name, several=listed)
        early = [part for part in rest if part.part in ("option", "alternative")]
        plain = item.form == "trait" or verb or said.kind == "possible"
        name = first.name if plain else self._as_written(source, item.span, first.name)
        key = f"{GLUE}[{first.key or key_of(first.name)}]{self._original(name, first.other)}"
        if early:
            yield key
        yield from (f" {self._word('OR')} {self._named(part)}" for part in early if part.part == "alternative")
        yield from self._options([part for part in early if part.part == "option"])
        yield from self._marks(first.marks)
        if not early:
            yield key
        for part in rest:
            if part.part == "parameter":
                yield f", {self._word('WITH')} {self._indefinite(part.name)}{GLUE}[{part.key or key_of(part.name)}]"
                whole = item.span.to(item.marks[-1].span)
                yield self._original(self._as_written(source, whole, part.name), part.other)
                yield from self._options(part.options)
                yield from self._marks(part.marks)
        if order := [self._apart(self.term(part.name)[1]) for part in rest if part.part == "order"]:
            yield f", {self._word('IN_ORDER')} {', '.join(order)}"

    def _options(self, options: Sequence[Named]) -> Iterator[str]:
        for number, part in enumerate(options):
            yield f", {self._named(part)}" if number else f" {self._word('AMONG')} {self._named(part)}"

    def _named(self, part: Named) -> str:
        name = self.term(part.name)[1]
        shown = quoted(name, self.speech.french) if part.quoted else name.replace(" ", GLUE)
        shown = self._apart(name) if part.part == "option" and not part.quoted else shown
        return f"{shown}{GLUE}[{part.key or key_of(part.name)}]{self._original(part.name, part.other)}"

    def _apart(self, name: str) -> str:
        """A value of a list, between quotes where it would be read as something else."""
        return quoted(name, self.speech.french) if self._is_word(name) else name.replace(" ", GLUE)

    def _is_word(self, name: str) -> bool:
        """Whether a name holds a word that declarations read otherwise: the status « Or »."""
        language = self.speech.language
        keys = [stem(word, language) for word in split_words(name, language)]
        known = words(language).declarations
        return any(known.longest(keys, at, frozenset()) is not None for at in range(len(keys)))

    def _marks(self, marks: Iterable[ast.Mark]) -> Iterator[str]:
        typed = [self._type(mark) for mark in marks if mark.kind in _TYPED]
        if typed:
            yield f" ({', '.join(typed)})"
        for mark in marks:
            if mark.kind not in _TYPED:
                yield f", {self._mark(mark)}"

    def _mark(self, mark: ast.Mark) -> str:
        match mark.kind:
            case "also":
                texts = " ".join(quoted(text, self.speech.french) for text in mark.texts)
                return f"{self._word('ALSO')} {texts}"
            case "combine":
                return combined(self.speech, "", mark.texts[0])
            case "default":
                named = bool(mark.texts) and mark.texts[0] not in ("yes", "no")
                value = self.term(mark.texts[0])[1] if named else default_text(self.speech, mark)
                return f"{value} {self._word('BY_DEFAULT')}"
            case "range":
                return ranged(self.speech, mark)
            case "main" | "optional":
                return self._word(mark.kind.upper())
            case _:
                raise UnsaidError

    def _type(self, mark: ast.Mark) -> str:
        text = mark.texts[-1] if mark.texts else ""
        match mark.kind:
            case "type" if len(mark.texts) > 1:
                return f"{self.speech.word('types', mark.texts[0])} {self._word('IN')} {self._unit(text)}"
            case "type":
                return self.speech.word("types", mark.texts[0])
            case "measure":
                return f"{self._word('IN')} {self._unit(text)}"
            case "one_only":
                return self._word("ONE_ONLY")
            case "list_here":
                return self._word("LIST")
            case "list_of":
                return list_of(self.speech, self._simple(text) or self.term(text)[1])
            case _:
                return self._unit(text) if measure(text, self.language) else self.term(text)[1]

    def _simple(self, text: str) -> str:
        """« nombres » as "number"; "" for what is no plain type."""
        ways: Mapping[str, list[str]] = words(self.language).tables["types"]
        for kind, said in ways.items():
            if fold(text) in {fold(each) for each in said} | {fold(f"{each}s") for each in said}:
                return self.speech.word("types", kind)
        return ""

    def _unit(self, text: str) -> str:
        kind = measure(text, self.language)
        return (kind and unit_name(kind, self.speech.language).replace("\u00a0", " ")) or text


def parts_of(source: Source, item: ast.Item) -> list[Named]:
    """The names of an item, each with what is said of it: its own first."""
    name, optional = without_optional(item.name, source.language)
    own = Named("item", name, marks=[ast.Mark("optional")] if optional else [])
    parts = [own]
    listing = ""
    for mark in item.marks:
        latest = parts[-1].options[-1] if parts[-1].options else parts[-1]
        match mark.kind:
            case "among" | "another" | "in_order":
                listing = {"among": "option", "in_order": "order"}.get(mark.kind, listing)
                marks = any(quote in source.cut(mark.span) for quote in '«“"')
                named = Named(listing or "alternative", mark.texts[0], marks)
                (parts[-1].options if parts[-1].part == "parameter" else parts).append(named)
            case "parameter":
                listing = ""
                parts.append(Named("parameter", mark.texts[0]))
            case "key":
                (latest if not latest.key and latest.part != "order" else own).key = mark.texts[0]
            case "in_other":
                (latest if not latest.other and latest.part != "order" else own).other = mark.texts[0]
            case "plural":
                pass
            case "another_text" if listing and not any(each.kind == "also" for each in own.marks):
                parts.append(Named(listing, mark.texts[0], True))
            case "another_text":
                own.marks.append(ast.Mark("also", mark.texts))
            case _:
                (latest if latest.part == "parameter" else own).marks.append(mark)
    return parts


def terms_of(source: Source, said: ast.Declaration) -> Iterator[tuple[str, str]]:
    """The names of a declaration with the other language's, where they are declared."""
    if said.other:
        yield fold(said.name), said.other
    for item in said.items:
        parts = [each for part in parts_of(source, item) for each in (part, *part.options)]
        yield from ((fold(part.name), part.other) for part in parts if part.other)
