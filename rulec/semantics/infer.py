"""Rules that declare nothing in, what each name is used for out: a fact, an outcome or an action by where it stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rulec.diagnostics import Diagnostics, Fix, Related
from rulec.runtime import types as t
from rulec.runtime.literals import Literal
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.expressions import only_operand
from rulec.semantics.groups import Leading, giving_at, leading_groups, only_reference
from rulec.semantics.implied import Stems, Use, refines, vocabulary_of
from rulec.semantics.in_doubt import base_in_doubt, number_in_doubt, whom_in_doubt
from rulec.semantics.measures import type_of
from rulec.semantics.naming import key_of, keys_of
from rulec.semantics.predicates import Test, UnfitError, said_of, tells_day
from rulec.source import Source
from rulec.syntax import ast
from rulec.syntax.fold import fold
from rulec.syntax.shape_said_once import names_group
from rulec.syntax.tokens import Entry
from rulec.syntax.words import words
from rulec.tree import Span

_GIVEN_TO = frozenset({"FOR", "ON", "OFF", "TO", "WITH", "WITHOUT"})


@changing
class _Inference:
    source: Source
    diagnostics: Diagnostics
    facts: dict[Stems, Use]
    outcomes: dict[Stems, Use]
    actions: dict[Stems, Use]
    listed: Use | None = None
    among: bool = False  # whether a name alone comes before: « fidèle et actif »
    always: bool = False  # whether the rule at hand has no condition

    # ---- uses

    def stems(self, name: str) -> Stems:
        return tuple(sorted(keys_of(name, self.source.language)))

    def use(self, table: dict[Stems, Use], name: str, span: Span, kind: t.Type | None = None) -> Use:
        """A use of a name; a type that contradicts another use is an error with both places."""
        stems = self.stems(name)
        if table is self.facts and stems in self.outcomes:
            table = self.outcomes
        found = table.setdefault(stems, Use(name, span))
        if kind is None:
            return found
        if found.kind is not None and found.kind != kind and not refines(found.kind, kind):
            related = (Related(found.told or found.span, "first"),)
            self.diagnostics.add("E220", span, related=related, term=found.name)
        elif found.kind is None or refines(kind, found.kind):
            found.kind, found.told = kind, span
        return found

    def option(self, found: Use, label: str, span: Span) -> None:
        """A value of a list."""
        if found.kind is not None:
            self.use(self.facts, found.name, span, t.Choice(()))
        found.options.setdefault(key_of(label), label)
        self.listed = found

    # ---- rules

    def rule(self, rule: ast.Rule) -> None:
        context: Use | None = None
        if rule.topic is not None and (name := _only_name(rule.topic)):
            context = self.use(self.outcomes, name, rule.topic.span)
        for case in rule.cases:
            context = self.effects(case.effects, context) or context
        governed = rule.period.condition if rule.period is not None else None
        for chain in [*(case.condition for case in rule.cases), rule.unless, governed]:
            if chain is not None:
                self.condition(chain)

    def condition(self, chain: ast.Chain) -> None:
        self.listed = None
        before: ast.Element | None = None
        for element in chain.items:
            self.among = before is not None and only_reference(before) is not None
            self.element(element)
            before = before if isinstance(element, ast.Connective) else element

    def element(self, element: ast.Element | ast.Connective) -> None:
        match element:
            case ast.Clause():
                self.clause(element)
            case ast.Prefixed(_, inner):
                self.element(inner)
            case ast.Block(_, _, items):
                for chain in items:
                    self.condition(chain)
            case ast.Connective():
                pass

    def clause(self, clause: ast.Clause) -> None:
        head = clause.predicates[0] if clause.subject is None and clause.predicates else None
        if head is not None and head.marker == "NOT" and head.phrase is not None:  # « pas client fidèle »
            clause = ast.Clause(head.phrase, clause.predicates[1:], span=clause.span)
        if head is not None and head.phrase and head.marker in _GIVEN_TO and len(clause.predicates) > 1:
            self.given_to(head.phrase, clause.predicates[1:])
            return
        subject = clause.subject.operand if clause.subject else None
        detail = clause.subject.detail if clause.subject else None
        if isinstance(subject, ast.Group) and not clause.predicates:
            self.condition(subject.chain)
        name = _name(subject)
        if not clause.predicates:
            self.bare(subject, detail, name)
            return
        self.listed = None
        first = detail if isinstance(detail, ast.Value) else None
        try:
            tests = said_of(clause.predicates, first)
        except UnfitError:
            return
        if isinstance(subject, ast.Value) and tests[0].phrase:  # « 100 € < commande < 500 € »
            bound, subject = subject, tests[0].phrase.operand
            name, tests = _name(subject), tests[1:]
            if name:
                self.measured(name, subject.span, bound.literal)
        days = [tells_day(test) for test in tests]
        for at, test in enumerate(tests):  # « dépasse 500 € le lundi »: today is one
            self.test("" if days[at] and at and not any(days[:at]) else name, subject, test)

    def bare(self, subject: ast.Operand | None, detail: ast.Operand | None, name: str) -> None:
        if isinstance(subject, ast.Portion) and isinstance(subject.of, ast.Ref):
            self.counted(subject.value.literal, subject.of)
        elif isinstance(subject, ast.Ref) and self.since(name, subject.span, detail):
            return
        elif isinstance(subject, ast.Ref) and self.listed is not None and detail is None and self.lists(subject):
            self.option(self.listed, name, subject.span)
        elif isinstance(subject, ast.Quote) and self.listed is not None:
            self.option(self.listed, subject.text, subject.span)
        elif isinstance(subject, ast.Ref) and isinstance(detail, ast.Value) and detail.literal:
            self.use(self.facts, name, subject.span, type_of(detail.literal))
        elif isinstance(subject, ast.Ref):
            self.listed = None
            self.fact(subject, name)

    def lists(self, ref: ast.Ref) -> bool:
        """Whether a name goes on with a list of values: after « la France ou », « le client fidèle » does not."""
        capital = any(term.entry.capital for term in ref.terms)
        known = self.listed.options.values() if self.listed is not None else ()
        return _is_value(ref) and (capital or not any(label[:1].isupper() for label in known))

    def since(self, name: str, span: Span, length: ast.Operand | None) -> bool:
        """Report « client fidèle depuis 2 ans », which names no date to count from; whether it is said so."""
        *said, last = name.split() or [""]
        lasts = isinstance(length, ast.Value) and length.literal is not None and length.literal.kind == "duration"
        if not (said and lasts and last in words(self.source.language).tables["hints"]["since"]):
            return False
        self.diagnostics.add("E459", span, text=" ".join(said))
        return True

    def fact(self, ref: ast.Ref, name: str) -> None:
        """A yes/no name; where it is denied, the verb stands apart: « client » « ne paie pas par carte »."""
        found = self.use(self.facts, name, ref.span, t.YesNo())
        ordered = sorted(ref.terms, key=lambda term: term.span.start)
        if len(ordered) <= 2 and ordered[-1].negated:
            *owners, found.name = (_quiet(term.entry) for term in ordered)
            found.owner, found.verb = " ".join(owners), True

    def test(self, name: str, subject: ast.Operand | None, test: Test) -> None:
        operand = test.phrase.operand if test.phrase else None
        span = subject.span if subject is not None else test.span
        if isinstance(subject, ast.Binary | ast.Signed | ast.Group):
            self.calculated(subject, operand)
            return
        if test.value == "ge" and self.since(f"{name} {self.source.cut(test.span).split()[0]}", span, operand):
            return
        match test.kind, operand:
            case _, ast.Portion(ast.Value(literal), ast.Ref() as of) if name and literal.kind == "percentage":
                self.linked(name, span, of)
            case _, ast.Portion(ast.Value(literal), ast.Ref() as of) if test.kind in ("compare", "has", "is"):
                self.counted(literal, of, name)
            case "compare", ast.Ref() if name and test.value in ("eq", "ne") and _is_value(operand):
                self.option(self.use(self.facts, name, span), _name(operand), operand.span)
            case "compare", ast.Quote(text) if name and test.value in ("eq", "ne"):
                self.option(self.use(self.facts, name, span), text, operand.span)
            case "is" | "neither" | "exactly" | "one_of", ast.Ref() if name:
                self.says(name, span, operand, test)
            case "is" | "neither" | "one_of", ast.Quote(text) if name:
                self.option(self.use(self.facts, name, span), text, operand.span)
            case "is" | "compare", ast.WordValue(word) if name and word in ("yes", "no"):
                self.use(self.facts, name, span, t.YesNo())
            case "has", ast.Ref():
                if len(self.stems(name)) > 1 or (name and self.among):  # « le client fidèle a une carte »: loyal, too
                    self.use(self.facts, name, span, t.YesNo())
                self.use(self.facts, _name(operand), operand.span, t.YesNo())
            case "of", ast.Ref():
                self.use(self.facts, _name(operand), operand.span, t.YesNo())
            case "text", _ if name:
                self.use(self.facts, name, span, t.Text())
            case "calendar", _ if name:
                self.use(self.facts, name, span, t.Date())
            case "given", _ if name:
                self.use(self.facts, name, span)
            case _:
                self.compared(name, span, test)

    def compared(self, name: str, span: Span, test: Test) -> None:
        if not name:
            return
        for phrase in (test.phrase, test.other):
            operand = phrase.operand if phrase else None
            ago = isinstance(operand, ast.Value) and operand.mark == "ago"
            if ago or test.value.startswith(("ago_", "ahead_", "within")):
                self.use(self.facts, name, span, t.Date())
            elif isinstance(operand, ast.Value) and _speaks(operand, test):
                self.measured(name, span, operand.literal)
            elif isinstance(operand, ast.Ref):
                self.linked(name, span, operand)

    def calculated(self, subject: ast.Operand, operand: ast.Operand | None) -> None:
        """« loyer + charges > 33 % du revenu »: all are of one type."""
        refs = [*_references(subject), *_references(operand)]
        for ref in refs[1:]:
            self.linked(_name(refs[0]), refs[0].span, ref)
        literal = operand.literal if isinstance(operand, ast.Value) else None
        for ref in refs if literal else ():
            self.use(self.facts, _name(ref), ref.span, type_of(literal) if literal else None)

    def linked(self, name: str, span: Span, ref: ast.Ref) -> None:
        """Two names of one type: they are compared with each other."""
        other = self.use(self.facts, _name(ref), ref.span)
        mine = self.use(self.facts, name, span)
        mine.alike.append(self.stems(other.name))
        other.alike.append(self.stems(mine.name))

    def measured(self, name: str, span: Span, literal: Literal) -> None:
        """« l'âge dépasse 18 ans », « le client a moins de 18 ans »: years are counted as a number."""
        if literal.kind != "duration" or literal.stated != "year":
            self.use(self.facts, name, span, type_of(literal))
            return
        ages = words(self.source.language).tables["hints"]["age"]
        if {fold(age) for age in ages} & set(fold(name).split()):
            self.use(self.facts, name, span, t.Number())
        else:
            self.use(self.facts, ages[0], span, t.Number()).owner = name

    def says(self, name: str, span: Span, ref: ast.Ref, test: Test) -> None:
        """« le pays est la France » is a value of a list, « le client est fidèle » a yes/no."""
        said = _name(ref)
        if (
            _is_value(ref)
            or test.kind == "one_of"
            or (self.stems(name) in self.facts and self.facts[self.stems(name)].options)
        ):
            self.option(self.use(self.facts, name, span), said, ref.span)
        else:
            self.use(self.facts, self.joined(name, said), span, t.YesNo())

    def joined(self, name: str, said: str) -> str:
        return f"{name} {said}" if self.source.language == "fr" else f"{said} {name}"

    def counted(self, literal: Literal, of: ast.Ref, owner: str = "") -> None:
        """« plus de 3 articles » counts the « nombre d'articles »; « plus de 10 % de marge » is a « marge »."""
        name = _name(of)
        if literal.kind == "number":
            found = self.use(self.facts, self.count_name(name), of.span, t.Number(whole=True))
        else:
            found = self.use(self.facts, name, of.span, type_of(literal))
        found.owner = found.owner or owner

    def count_name(self, name: str) -> str:
        if self.source.language == "en":
            return f"number of {name}"
        return f"nombre d'{name}" if fold(name)[:1] in "aeiouyh" else f"nombre de {name}"

    # ---- effects

    def effects(self, chain: ast.Chain, context: Use | None) -> Use | None:
        groups = leading_groups(chain)
        for ref in _leading(groups):  # « les professionnels et les revendeurs ont … »
            self.use(self.facts, _name(ref), ref.span, t.YesNo())
        whom, gave = False, None
        for joined, element in groups.rest:
            other = only_reference(element) if whom else None
            if other is not None and (joined == "OR" or min(other.terms, key=_begins).entry.article):
                self.use(self.facts, _name(other), other.span, t.YesNo())  # « pour les étudiants ou les retraités »
            elif isinstance(element, ast.Clause) and gave is not None and self.also(element, gave):
                continue
            elif isinstance(element, ast.Clause):
                context = self.effect(element, context) or context
                whom, gave = _ends_with_group(element), context if _giving(element.predicates) is not None else None
        return context

    def also(self, clause: ast.Clause, gave: Use) -> bool:
        """« les clients fidèles ont 5 % de remise, les professionnels 10 % »: of whom the second is said."""
        phrase = clause.subject
        if phrase is None or clause.predicates or not isinstance(phrase.operand, ast.Ref):
            return False
        given = phrase.detail
        if not isinstance(given, ast.Value) or given.literal is None or type_of(given.literal) != gave.kind:
            return False
        group = names_group(self.source, phrase.operand.span, given.span)
        if group:
            self.use(self.facts, _name(phrase.operand), phrase.span, t.YesNo())
        return group

    def effect(self, clause: ast.Clause, context: Use | None) -> Use | None:
        predicates = list(clause.predicates)
        phrase = clause.subject
        if phrase is None and predicates and predicates[0].marker == "GRANT":
            phrase = predicates.pop(0).phrase
        if phrase is None and predicates and predicates[0].marker == "NOT":
            phrase = predicates.pop(0).phrase
            return self.denied(phrase) if phrase and _name(phrase.operand) else None
        if phrase is None:
            self.rest(predicates)
            return context
        giving = _giving(predicates)
        if giving is not None and phrase.detail is None and _is_given(phrase.operand):
            none = isinstance(phrase.operand, ast.Quantified) and phrase.operand.quantifier == "no"
            if isinstance(phrase.operand, ast.Quantified):
                phrase = replace(phrase, operand=phrase.operand.ref)  # « chaque client fidèle a … »
            if whom_in_doubt(phrase, predicates[:giving], predicates[giving], self.source, self.diagnostics):
                return context
            if isinstance(phrase.operand, ast.Ref):
                self.whom(phrase, predicates[:giving])
            given = predicates[giving]
            phrase = given.phrase
            del predicates[: giving + 1]
            if phrase is None:
                return context
            if (given.marker == "HAS_NOT" or none) and _name(phrase.operand):  # « les soldes n'ont pas de remise »
                return self.denied(phrase)
        found = self.target(phrase, predicates, context)
        self.rest(predicates)
        return found

    def denied(self, phrase: ast.Phrase) -> Use:
        """« pas de remise »: none of what is decided."""
        ref = phrase.operand.ref if isinstance(phrase.operand, ast.Quantified) else phrase.operand
        found = self.use(self.outcomes, _name(ref), ref.span)
        found.denied = True
        return found

    def whom(self, phrase: ast.Phrase, said: list[ast.Predicate]) -> None:
        """« les clients ont … », « les salariés de plus de 5 ans d'ancienneté ont … »."""
        known = self.facts.get(self.stems(_name(phrase.operand)))
        if _says_who(said):
            self.whose(phrase, said)
        elif said and known is not None and known.kind == t.YesNo():
            self.clause(ast.Clause(None, tuple(said), span=phrase.span))
        elif said:
            self.clause(ast.Clause(phrase, tuple(said), span=phrase.span))
        else:
            self.use(self.facts, _name(phrase.operand), phrase.span, t.YesNo())

    def target(self, phrase: ast.Phrase, predicates: list[ast.Predicate], context: Use | None) -> Use | None:
        match phrase.operand:
            case ast.Ref() as ref:
                return self.given(ref, phrase, predicates)
            case ast.Quantified("no", ref):
                return self.denied(phrase)
            case ast.Pronoun() if context and predicates and predicates[0].marker == "IS" and predicates[0].phrase:
                return self.stated(context.name, phrase.span, predicates.pop(0).phrase)
            case ast.Portion(value, ast.Ref() as ref) if value.literal and not self.tells_time(ref):
                if isinstance(type_of(value.literal), t.Rate):  # « 10 € par jour de retard »
                    return context
                return self.use(self.outcomes, _name(ref), ref.span, type_of(value.literal))
            case ast.Value(literal) if literal and context:
                return self.use(self.outcomes, context.name, phrase.span, type_of(literal))
            case ast.Signed(_, ast.Value(literal)) if literal and context:
                return self.use(self.outcomes, context.name, phrase.span, type_of(literal))
        return context

    def tells_time(self, ref: ast.Ref) -> bool:
        """« le 5 du mois » decides nothing."""
        spans = words(self.source.language).tables["hints"]["spans"]
        return {fold(word) for word in _name(ref).split()} <= {fold(each) for each in spans}

    def given(self, ref: ast.Ref, phrase: ast.Phrase, predicates: list[ast.Predicate]) -> Use | None:
        name = _name(ref)
        if isinstance(phrase.detail, ast.Value) and phrase.detail.literal:
            return self.use(self.outcomes, name, ref.span, type_of(phrase.detail.literal))
        if isinstance(phrase.detail, ast.WordValue):
            return self.stated(name, ref.span, ast.Phrase(phrase.detail, span=phrase.detail.span))
        head = predicates[0] if predicates else None
        equals = head is not None and (head.marker == "IS" or (head.marker == "CMP" and head.value == "eq"))
        if equals and predicates[0].phrase:
            return self.stated(name, ref.span, predicates.pop(0).phrase)
        if not predicates or predicates[0].marker not in ("IS", "IS_NOT"):
            self.use(self.actions, name, ref.span)
        return None

    def stated(self, name: str, span: Span, phrase: ast.Phrase | None) -> Use | None:
        """« la remise est de 10 % », « la livraison est offerte », « le statut est « Or » »."""
        operand = phrase.operand if phrase else None
        if self.always and isinstance(operand, ast.Ref) and not any(term.entry.capital for term in operand.terms):
            self.diagnostics.add("E768", span, text=name, state=_name(operand))
        match operand:
            case ast.Value(literal) if literal:
                return self.use(self.outcomes, name, span, type_of(literal))
            case ast.WordValue("free"):
                word = self.source.cut(operand.span)
                known = self.outcomes.get(self.stems(name))
                return known or self.use(self.outcomes, self.joined(name, word), span, t.YesNo())
            case ast.WordValue():
                return self.use(self.outcomes, name, span, t.YesNo())
            case ast.Quote(text):
                found = self.use(self.outcomes, name, span)
                self.option(found, text, operand.span)
                return found
            case ast.Brackets():
                return self.by_bracket(name, span, operand)
            case ast.Ref() if _is_value(operand):
                found = self.use(self.outcomes, name, span)
                self.option(found, _name(operand), operand.span)
                return found
            case ast.Ref():
                return self.use(self.outcomes, self.joined(name, _name(operand)), span, t.YesNo())
            case _:
                return self.use(self.outcomes, name, span)

    def by_bracket(self, name: str, span: Span, scale: ast.Brackets) -> Use:
        """« par tranche du montant : 10 % jusqu'à 1 000 €, 5 % au-delà »: an amount, of an amount."""
        limit = next((type_of(row.upto.literal) for row in scale.rows if row.upto), None)
        if isinstance(scale.of, ast.Ref):
            self.use(self.facts, _name(scale.of), scale.of.span, limit)
        rates = all(row.value.literal.kind == "percentage" for row in scale.rows)
        return self.use(self.outcomes, name, span, limit if rates else type_of(scale.rows[0].value.literal))

    def whose(self, owner: ast.Phrase, predicates: Sequence[ast.Predicate]) -> None:
        """« pour les clients fidèles dont la commande dépasse 500 € »: several words tell whom, one only names them."""
        name = _name(owner.operand)
        if len(self.stems(name)) > 1:
            self.use(self.facts, name, owner.span, t.YesNo())
        head, *others = predicates
        self.clause(ast.Clause(head.phrase or owner, tuple(others), span=head.span))

    def given_to(self, whom: ast.Phrase, predicates: Sequence[ast.Predicate]) -> None:
        """« pour les clients qui paient par carte », « pour les commandes de plus de 500 € »."""
        if _says_who(predicates):
            self.whose(whom, predicates)
        else:
            self.clause(ast.Clause(whom, tuple(predicates), span=whom.span))

    def rest(self, predicates: list[ast.Predicate]) -> None:
        """Conditions said along with an effect: « pour les clients fidèles », « dès 150 € »."""
        for at, head in enumerate(predicates):
            operand = head.phrase.operand if head.phrase else None
            last = at == len(predicates) - 1
            if head.marker in _GIVEN_TO and isinstance(operand, ast.Ref):
                if head.marker == "ON" and base_in_doubt(head, operand, self.source, self.diagnostics):
                    return
                if last:
                    self.use(self.facts, _name(operand), operand.span, t.YesNo())
                elif head.phrase and number_in_doubt(head.phrase, predicates[at + 1], self.source, self.diagnostics):
                    return
                elif head.phrase:
                    self.given_to(head.phrase, predicates[at + 1 :])
                    return
            elif isinstance(operand, ast.Portion) and isinstance(operand.of, ast.Ref):
                self.counted(operand.value.literal, operand.of)


def infer(rules: Iterable[tuple[Source, ast.Rule]], diagnostics: Diagnostics) -> model.Vocabulary:
    """The vocabulary of all the rules of files that declare none."""
    facts: dict[Stems, Use] = {}
    outcomes: dict[Stems, Use] = {}
    actions: dict[Stems, Use] = {}
    listed = list(rules)
    for source, rule in listed:
        work = _Inference(source, diagnostics, facts, outcomes, actions)
        for case in rule.cases:
            work.always = rule.form == "sentence" and not (case.condition or rule.unless or rule.period)
            work.effects(case.effects, None)
    for source, rule in listed:
        _Inference(source, diagnostics, facts, outcomes, actions).rule(rule)
    _report_forbidden(listed, outcomes, actions, diagnostics)
    for stems in [stems for stems in facts if stems in outcomes]:
        del facts[stems]
    for stems in [stems for stems in actions if stems in outcomes]:
        del actions[stems]
    return vocabulary_of(listed[0][0] if listed else None, facts, outcomes, actions, diagnostics)


def _report_forbidden(
    rules: Sequence[tuple[Source, ast.Rule]], outcomes: dict[Stems, Use], actions: dict[Stems, Use],
    diagnostics: Diagnostics,
) -> None:  # fmt: skip
    """Report « remise interdite » beside « remise 10 % »: an action of that name would leave the discount as it is."""
    languages = {source.number: source.language for source, _ in rules}
    for stems, use in actions.items():
        language = languages[use.span.source]
        said = words(language).tables["refused"]["forbidden"]
        forbidding = {stem for way in said for stem in keys_of(way, language)}
        rest = tuple(sorted(set(stems) - forbidding))
        if rest != stems and rest in outcomes:
            text = ("Pas de " if language == "fr" else "No ") + outcomes[rest].name
            diagnostics.add("E762", use.span, fixes=(Fix(use.span, text),), text=use.name, one=text)


def _speaks(operand: ast.Value, test: Test) -> bool:
    """Whether a bound tells the type: « entre 100 et 500 € » says it once, at the end."""
    literal = operand.literal
    bare = literal is not None and literal.kind == "number"
    return not (bare and test.kind == "range" and test.other is not None and operand is not test.other.operand)


def _references(operand: ast.Operand | None) -> Iterator[ast.Ref]:
    match operand:
        case ast.Ref():
            yield operand
        case ast.Binary(_, left, right):
            yield from _references(left)
            yield from _references(right)
        case ast.Signed(_, item):
            yield from _references(item)
        case ast.Group(chain):
            yield from _references(only_operand(chain))
        case ast.Portion(_, ast.Ref() as of):
            yield of
        case _:
            return


def _leading(groups: Leading) -> Iterator[ast.Ref]:
    """The names that open a sentence about several groups, that of the verb last."""
    yield from (ref for _, ref in groups.groups)
    last = groups.rest[0][1] if groups.groups and groups.rest else None
    if isinstance(last, ast.Clause) and last.subject and isinstance(last.subject.operand, ast.Ref):
        yield last.subject.operand


def _giving(predicates: Sequence[ast.Predicate]) -> int | None:
    """Where « ont » gives something: not after « pour », nor after « est » but that of « qui est fidèle »."""
    at = giving_at(predicates)
    told = predicates[: at or 0]
    others = any(each.marker in _GIVEN_TO - {"WITH", "WITHOUT"} for each in told)
    return None if others or (told and told[0].marker == "IS") else at


def _says_who(predicates: Sequence[ast.Predicate]) -> bool:
    return bool(predicates) and predicates[0].marker == "WHO"


def _is_given(operand: ast.Operand) -> bool:
    """Whether something may be given to it: « les clients », « chaque client », « il »."""
    match operand:
        case ast.Ref() | ast.Pronoun() | ast.Quantified(_, ast.Ref()):
            return True
        case _:
            return False


def _begins(term: ast.Term) -> int:
    return term.span.start


def _ends_with_group(clause: ast.Clause) -> bool:
    """« 10 % de remise pour les étudiants »."""
    last = clause.predicates[-1] if clause.predicates else None
    operand = last.phrase.operand if last and last.phrase else None
    return last is not None and last.marker in _GIVEN_TO and isinstance(operand, ast.Ref)


def _name(operand: ast.Operand | None) -> str:
    if not isinstance(operand, ast.Ref):
        return ""
    ordered = sorted(operand.terms, key=lambda term: term.span.start)
    return " ".join(_quiet(term.entry) for term in ordered)


def _quiet(entry: Entry) -> str:
    """A name without the capitals that its place gives it: at the start of a sentence, or in one all in capitals."""
    text = entry.text
    if text.isupper() and len(text) > 3:
        return text.lower()
    return text if entry.capital or text[1:2].isupper() else text[:1].lower() + text[1:]


def _is_value(ref: ast.Ref) -> bool:
    denied = any(term.negated for term in ref.terms)
    return not denied and any(term.entry.capital or term.entry.article for term in ref.terms)


def _only_name(chain: ast.Chain) -> str:
    clause = chain.items[0]
    if len(chain.items) == 1 and isinstance(clause, ast.Clause) and clause.subject and not clause.predicates:
        return _name(clause.subject.operand)
    return ""
