"""« Il arrive : » in, the sentences of what may happen out; rules that wait for it in, what they wait for out."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from rulec.diagnostics import Diagnostics, Fix, Related
from rulec.runtime import types as t
from rulec.runtime.literals import Literal, scan_literal
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.measures import Misfit, held
from rulec.semantics.naming import key_of
from rulec.semantics.sentences import Reader, Sentence, about_in, places_of, sentence_of
from rulec.source import Language, Source
from rulec.syntax import ast
from rulec.syntax.fold import stem
from rulec.syntax.lexer import Names
from rulec.syntax.parse import Raw
from rulec.syntax.tokens import Entry, Item
from rulec.syntax.words import split_words, words
from rulec.tree import Span

_MARKS = frozenset({"key", "in_other", "type_name"})
_UNITS = ("day", "month", "second")
_MOST = 100_000  # of a unit, or times


def happening(
    each: ast.Item, source: Source, entities: dict[str, str], diagnostics: Diagnostics
) -> model.EventTerm | None:
    """What one line says may happen; None where an error was reported. `entities`: name → key."""
    for mark in each.marks:
        if mark.kind not in _MARKS:
            diagnostics.add("E225", mark.span, text=source.cut(mark.span).lstrip(", "), term=each.name)
            return None
    said = {mark.kind: mark.texts[-1] for mark in each.marks if mark.texts}
    key = said.get("key") or key_of(each.name)
    names = sorted(entities, key=len, reverse=True)
    entity = _about(said["type_name"], names, source.language) if "type_name" in said else _subject(each, names, source)
    lead = source.text[: each.span.start].rpartition("\n")[2].lstrip(" \t-•*")
    sentence = sentence_of(each.name, key, entities.get(entity, ""), names, source.language)
    if sentence is None or not entity:
        about = words(source.language).say("happenings_of", "ABOUT")
        shown = f"{lead}{each.name} ({about} {names[0] if names else '…'})"
        diagnostics.add("E715", each.span, text=each.name, example=shown)
        return None
    led = replace(sentence, text=(lead + sentence.text[0], *sentence.text[1:]))
    other = said.get("in_other", "")
    language: Language = "en" if source.language == "fr" else "fr"
    bare = " ".join(split_words(other, language)[1:]) if other else ""
    second = sentence_of(bare, key, entities[entity], names, language) if bare else None
    if second is not None:
        second = replace(second, text=(f"{split_words(other, language)[0]} {second.text[0]}", *second.text[1:]))
    slot = t.EventSlot(key, entities[entity], lead + each.name)
    return model.EventTerm(slot, (led, *([second] if second else ())), span=each.span)


def _about(said: str, names: Sequence[str], language: Language) -> str:
    """The entity of « (pour un devis) »."""
    left = _name_keys(about_in(said, language), language)
    return next((name for name in names if left == _name_keys(name, language)), "")


def _subject(each: ast.Item, names: Sequence[str], source: Source) -> str:
    keys = [stem(word, source.language) for word in split_words(each.name, source.language)]
    return next((n for n in names if keys[: len(own := _name_keys(n, source.language))] == own), "")


def _name_keys(name: str, language: Language) -> list[str]:
    return [stem(word, language) for word in split_words(name, language)]


def with_events(
    raws: Sequence[tuple[Source, list[Raw]]], vocabulary: model.Vocabulary, names: dict[Language, Names],
    diagnostics: Diagnostics,
) -> model.Vocabulary:  # fmt: skip
    """The vocabulary with what rules wait for: a yes/no fact each, false unless it comes about."""
    found: dict[str, model.FactTerm] = {}
    watches: dict[str, model.Watch] = {}
    for source, statements in raws:
        for raw in statements:
            for watch, start, end in Waits(vocabulary, source, names[source.language], diagnostics).of(raw).found:
                path = watch.path
                phrase = " ".join(source.text[start:end].split())
                watches.setdefault(path, watch)
                slot = t.Slot(path, t.YesNo(), (phrase,), default=False, happens=True)
                found.setdefault(path, model.FactTerm(slot, (frozenset({path}),), span=Span(source.number, start, end)))
    return replace(vocabulary, facts=(*vocabulary.facts, *found.values()), watches=tuple(watches.values()))


@changing
class Read:
    """A statement, with a term for each thing that it waits for; these, with where they are said."""

    raw: Raw
    found: list[tuple[model.Watch, int, int]]


@changing
class Waits:
    """Reads what the statements of a source wait for."""

    vocabulary: model.Vocabulary
    source: Source
    names: Names
    diagnostics: Diagnostics

    def of(self, raw: Raw) -> Read:
        """A statement that cannot be read is `broken`."""
        plain = raw.declares or raw.example or raw.promise or raw.autonomy or raw.sheet is not None
        if plain or raw.broken:
            return Read(raw, [])
        self.items, self.raw = raw.items, raw
        self.reader = Reader(raw.items, self.source.language)
        self.said = [s for e in self.vocabulary.events for s in e.sentences if s.language == self.source.language]
        self.before = len(self.diagnostics)
        found, items, at = list[tuple[model.Watch, int, int]](), list[Item](), 0
        for when, start in places_of(self.reader):
            if when < at:
                continue
            waited = self._waited(start)
            if self.diagnostics.failed_since(self.before):
                return Read(replace(raw, broken=True), [])
            if waited is None:
                continue
            watch, end = waited
            first, last = self.items[start].start, self.items[end - 1].end
            found.append((watch, first, last))
            items += self.items[at:when]
            items.append(Item("IF", "", self.items[when].start, self.items[start - 1].end, "IF"))
            items.append(Item("TERM", watch.path, first, last, Entry(watch.path, self.source.text[first:last])))
            at = end
        if self._stated():
            return Read(replace(raw, broken=True), [])
        return Read(replace(raw, items=(*items, *self.items[at:])) if found else raw, found)

    def _stated(self) -> bool:
        """« Si un client fait 3 réclamations … »: a condition tells how things are, not what happens."""
        known = words(self.source.language).keywords.longest(self.reader.keys[:4], 0, frozenset())
        if known is None or known[1][0].kind != "IF" or any(at == 0 for at, _ in places_of(self.reader)):
            return False
        start = known[0]
        for said in self.said:
            ends = self.reader.positive(start, said), self.reader.negative(start, said)
            end = max(*ends, self.reader.counted(start, said)[1])
            verb = self.reader.words(start, said.subject)
            if end and self.names.declared.longest(self.reader.keys, max(start, verb), frozenset()) is None:
                when = words(self.source.language).say("happenings", "WHEN").capitalize()
                span = Span(self.source.number, self.items[0].start, self.items[start - 1].end)
                self.diagnostics.add("E718", span, fixes=(Fix(span, when),), text=self._text(start, end), when=when)
                return True
        return False

    # ---- what is waited for

    def _waited(self, at: int) -> tuple[model.Watch, int] | None:
        """What is waited for from a place on, and where that ends; None where no event is spoken of."""
        for said in self.said:
            number, end, told = self.reader.counted(at, said)
            if end:
                return self._so_often(said, number, at, told, end)
        for said in self.said:
            if end := self.reader.negative(at, said):
                return self._not(said, at, end)
        ends = [(self.reader.positive(at, said), said) for said in self.said]
        best = max(ends, key=lambda each: each[0], default=None)
        if best is None or not best[0]:
            return self._nearly(at)
        end, said = best
        return self._and_then(said, at, end) or (model.Watch(f"when_{said.key}", "each", said.key), end)

    def _so_often(self, said: Sentence, number: int, at: int, told: int, end: int) -> tuple[model.Watch, int] | None:
        within = self.reader.one_of(end, "WITHIN")
        lasting = self._lasting(within) if within else None
        if lasting is None:
            in_30 = "en 30 jours" if self.source.language == "fr" else "in 30 days"
            self._report("E716", at, end, example=in_30)
            return None
        amount, unit, last = lasting
        if not 1 <= number <= _MOST:
            self._report("E721", told, end)
            return None
        path = f"when_{said.key}_{number}_in_{amount}_{unit}s"
        return model.Watch(path, "count", said.key, count=number, amount=amount, unit=unit), last

    def _not(self, said: Sentence, at: int, end: int) -> tuple[model.Watch, int] | None:
        """« n'est pas payée 15 jours après son échéance », « ne passe pas de commande pendant 90 jours »."""
        lasting = self._lasting(end)
        sign = 0
        if lasting:
            after, before = (self.reader.one_of(lasting[2], kind) for kind in ("AFTER", "BEFORE"))
            sign = 1 if after else -1 if before else 0
            start = after or before
        elif start := self.reader.one_of(end, "AT"):
            lasting, sign = (0, "day", start), 1
        if sign and lasting:
            dated = self._dated(start, said)
            if dated is None:
                return None
            path, last = dated
            amount, unit = lasting[0] * sign, lasting[1]
            side = "after" if sign > 0 else "before"
            named = f"when_no_{said.key}_{lasting[0]}_{unit}s_{side}_{path.replace('.', '_')}"
            return model.Watch(named, "overdue", said.key, date=path, amount=amount, unit=unit), last
        within = self.reader.one_of(end, "WITHIN")
        lasting = self._lasting(within) if within else None
        if lasting is None or said.counted < 0:
            self._report("E717", at, lasting[2] if lasting else end)
            return None
        amount, unit, last = lasting
        path = f"when_no_{said.key}_within_{amount}_{unit}s"
        return model.Watch(path, "lacking", said.key, after=said.key, amount=amount, unit=unit), last

    def _and_then(self, first: Sentence, at: int, end: int) -> tuple[model.Watch, int] | None:
        """« et qu'aucune réponse n'arrive sous 7 jours », « et que le devis est signé sous 7 jours »."""
        joined = self.reader.one_of(end, "ALSO")
        if not joined:
            return None
        for said in self.said:
            same = said.subject == first.subject
            denied = self.reader.negative(joined, said) or (same and self.reader.negative(joined, said, implied=True))
            stop = denied or self.reader.positive(joined, said)
            if not stop:
                continue
            within = self.reader.one_of(stop, "WITHIN")
            lasting = self._lasting(within or stop)
            if lasting is None:
                within_7 = "sous 7 jours" if self.source.language == "fr" else "within 7 days"
                self._report("E716", at, stop, example=within_7)
                return None
            if said.entity != first.entity:
                self._report("E719", at, stop)
                return None
            amount, unit, last = lasting
            path = f"when_{'no_' if denied else ''}{said.key}_within_{amount}_{unit}s_of_{first.key}"
            how = "lacking" if denied else "follows"
            return model.Watch(path, how, said.key, after=first.key, amount=amount, unit=unit), last
        return self._nearly(joined)

    def _nearly(self, at: int) -> None:
        """« un client fait 3 réclamtions »: the words of an event but for a mistyped one, which is told."""
        for said in self.said:
            wrong = self.reader.mistyped(at, said)
            if wrong is not None:
                item, right = self.items[wrong[0]], wrong[1]
                span = Span(self.source.number, item.start, item.end)
                told, whole = self.source.cut(span), " ".join(part for part in said.text if part)
                self.diagnostics.add("E724", span, fixes=(Fix(span, right),), text=told, term=right, example=whole)
                return

    def _lasting(self, at: int) -> tuple[int, str, int] | None:
        """« 30 jours »: how many of which unit, and where that ends; None where no duration stands there."""
        while at < len(self.items) and self.reader.keys[at] in self.reader.articles:
            at += 1
        literal = self.items[at].payload if at < len(self.items) and self.items[at].kind == "LIT" else None
        if literal is None and at < len(self.items) and self.items[at].kind == "WORD":
            literal = scan_literal(f"1 {self.items[at].payload}", 0, self.source.language)  # "within a month"
        if not isinstance(literal, Literal) or literal.kind not in ("duration", "time"):
            return None
        unit = literal.unit if literal.kind == "duration" else "second"
        value = held(literal, t.Duration(unit)) if unit in _UNITS else None
        if isinstance(value, Misfit) or not isinstance(value, Decimal) or not 1 <= value <= _MOST * 3600 or value % 1:
            self._report("E721", at, at + 1)
            return None
        return int(value), unit, at + 1

    def _dated(self, at: int, said: Sentence) -> tuple[str, int] | None:
        """« son échéance », « l'échéance de la facture » | "the invoice's due date": its path, and where it ends."""
        reader, start = self.reader, at
        owner = self._skip(at)
        if (whose := reader.words(owner, said.subject)) and reader.keys[whose : whose + 1] in (["'s"], ["'"]):
            at = whose + 1
        their = [stem(each, self.source.language) for each in words(self.source.language).tables["structure"]["THEIR"]]
        at = self._skip(at)
        at += at < len(reader.keys) and reader.keys[at] in their
        found = self.names.declared.longest(reader.keys, self._skip(at), reader.articles)
        end = found[0] if found else at
        links = {key for entry in found[1] for key in entry.key.split("+")} if found else set[str]()
        of = stem("of" if self.source.language == "en" else "de", self.source.language)
        if end < len(reader.keys) and reader.keys[end] == of and (owned := reader.words(end + 1, said.subject)):
            end = owned
        fits = [
            fact for fact in self.vocabulary.facts
            if fact.chain[-1] & links and isinstance(fact.slot.type, t.Date | t.DateTime)
            and (len(fact.chain) == 1 or said.entity in fact.chain[0]) and not fact.defined
        ]  # fmt: skip
        if len(fits) != 1:
            self._report("E720", start, max(end, start + 1))
            return None
        return fits[0].slot.path, end

    def _skip(self, at: int) -> int:
        while at < len(self.reader.keys) and self.reader.keys[at] in self.reader.articles:
            at += 1
        return at

    def _text(self, start: int, end: int) -> str:
        return " ".join(self.source.text[self.items[start].start : self.items[max(start, end - 1)].end].split())

    def _report(self, code: str, start: int, end: int, example: str = "") -> None:
        if self.diagnostics.failed_since(self.before):
            return  # what follows from the first
        end = min(end, len(self.items))
        span = Span(self.source.number, self.items[min(start, end - 1)].start, self.items[end - 1].end)
        self.diagnostics.add(code, span, text=" ".join(self.source.cut(span).split()), example=example)


def check_alike(events: Sequence[model.EventTerm], diagnostics: Diagnostics) -> None:
    """What happens is said, and called, in one way."""
    keys, said = dict[str, model.EventTerm](), dict[tuple[object, ...], model.EventTerm]()
    for each in events:
        for sentence in each.sentences:
            words_said = (sentence.language, sentence.subject, sentence.verb, sentence.rest)
            first = keys.setdefault(each.slot.key, each)
            first = first if first is not each else said.setdefault(words_said, each)
            if first is not each:
                diagnostics.add("E722", each.span, text=each.slot.name, related=(Related(first.span, "first"),))
                break
