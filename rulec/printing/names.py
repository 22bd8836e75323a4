"""What is known, decided or done in, its name as a sentence says it out: article, elision, contraction, agreement."""

import re
from collections.abc import Iterator
from dataclasses import field

from rulec.runtime import types as t
from rulec.runtime.plain import changing
from rulec.semantics import model
from rulec.semantics.articles import Agreement, agreement_of
from rulec.semantics.lists import elements_of
from rulec.semantics.measures import comparable
from rulec.source import Language
from rulec.syntax.fold import fold
from rulec.syntax.words import words

GLUE = "\ue000"  # a space at which no line ends
_VOWELS = "aeiouyœæàâéèêëîïôöùûü"
_ASPIRATED = ("haut", "hauss", "handicap", "hangar", "hors", "huit", "hach", "halte", "hasard", "heurt", "hiérarch")
_DEFINITE = {("m", False): "le", ("f", False): "la"}


class UnsaidError(Exception):
    """What has no canonical sentence yet: it stays as its author wrote it."""


@changing
class Speech:
    """One language and the names of a rule set. `explicit`: to be read by a person, with what goes without saying.

    `foreign`: folded names that are of the other language. `brief`: what a name belongs to is left out where clear.
    `bound`: what is known of the elements of lists that are spoken of, and what one is called.
    """

    language: Language
    vocabulary: model.Vocabulary
    explicit: bool = False
    foreign: frozenset[str] = frozenset()
    brief: bool = False
    facts: dict[str, model.FactTerm] = field(init=False)
    outcomes: dict[str, model.OutcomeTerm] = field(init=False)
    actions: dict[str, model.ActionTerm] = field(init=False)
    articles: dict[str, str] = field(init=False)
    bound: dict[str, tuple[model.Elements, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.facts = {fact.slot.path: fact for fact in self.vocabulary.facts}
        self.outcomes = {outcome.slot.key: outcome for outcome in self.vocabulary.outcomes}
        self.actions = {action.slot.key: action for action in self.vocabulary.actions}
        self.articles = dict(self.vocabulary.articles)
        self.bound = {}

    @property
    def french(self) -> bool:
        """Whether the sentences are French."""
        return self.language == "fr"

    def choose(self, french: str, english: str) -> str:
        """The words of the language."""
        return french if self.french else english

    def word(self, table: str, key: str) -> str:
        """The first way to say a meaning, as the words of the language have it."""
        return words(self.language).say(table, key)

    def declared(self, key: str) -> str:
        """The first way to say a word of declarations."""
        return self.word("declarations", key)

    # ---- names

    def agreement(self, name: str) -> Agreement:
        """The gender and number of a name."""
        if not self.french:
            return Agreement("", fold(name) not in self.foreign and _plural_in_english(name))
        return agreement_of(self.articles.get(fold(name), ""))

    def noun(self, name: str) -> str:
        """A name with its article: « la commande », « l'avoir »."""
        if not self.french:
            return f"the {name}" if not self.vocabulary.inferred or fold(name) == name else name
        article = self.articles.get(fold(name), "")
        if agreement_of(article).plural:
            return f"les {name}"
        if elides(name):
            return f"l'{name}" if article or not self.vocabulary.inferred else name
        definite = _DEFINITE.get((agreement_of(article).gender, False), "")
        return f"{definite} {name}" if definite else name

    def of(self, said: str) -> str:
        """« du montant », « de la commande », « d'articles » | "of the order"."""
        if not self.french:
            return f"of {said}"
        return _contracted(said, "de ", "du ", "des ", "d'")

    def to(self, said: str) -> str:
        """« au montant », « à la commande »."""
        if not self.french:
            return f"to {said}"
        return _contracted(said, "à ", "au ", "aux ", "à ")

    def fact(self, path: str) -> str:
        """A fact with what it belongs to: « le montant HT de la commande » | "the order's net amount"."""
        *owners, own = self.facts[path].slot.names
        return self.noun(own) if self.brief and self.alone(own) else self._owned(own, owners)

    # ---- elements of lists

    def term(self, item: model.FactOf) -> model.FactTerm:
        """The fact, or the attribute of an element."""
        if item.of is None:
            return self.facts[item.path]
        found = next((fact for fact in self.elements(item.of).facts if fact.slot.path == item.path), None)
        if found is None:
            raise UnsaidError
        return found

    def elements(self, item: model.Value) -> model.Elements:
        """What is known of an element, or of each element of a list."""
        match item:
            case model.ItemOf(name):
                return self.bound[name][0]
            case model.FactOf():
                return elements_of(self.term(item))
            case model.OutcomeOf(key):
                return elements_of(self.outcomes[key])
            case model.Filtered(source) | model.SortedBy(source) | model.Aggregated(_, source):
                return self.elements(source)
            case model.Taken(_, source) | model.Distinct(source) | model.Collected(source):
                return self.elements(source)
            case _:
                raise UnsaidError

    def enter(self, name: str, source: model.Value) -> dict[str, model.FactTerm]:
        """Speak of the elements of a list, under the name that they are bound to: their attributes, by path."""
        known = self.elements(source)
        self.bound[name] = known, self.element_name(source)
        return {fact.slot.path: fact for fact in known.facts}

    def element_name(self, source: model.Value) -> str:
        """What one element of a list is called: « article »."""
        match source:
            case model.FactOf():
                kind, name = source.type, self.term(source).slot.names[-1]
                named = self.term(source).slot.type
            case model.OutcomeOf(key):
                return self.outcomes[key].slot.name
            case model.Filtered(inner) | model.SortedBy(inner) | model.Taken(_, inner):
                return self.element_name(inner)
            case _:
                raise UnsaidError
        entity = named.item.name if isinstance(named, t.ListOf) and isinstance(named.item, t.Record) else ""
        return entity or (name.removesuffix("s") if isinstance(kind, t.ListOf) else name)

    def shown(self, item: model.FactOf) -> str:
        """A fact, or an attribute of the element that is spoken of."""
        if item.of is None:
            return self.fact(item.path)
        *owners, own = self.term(item).slot.names
        return self._owned(own, owners)

    def owner_of(self, item: model.FactOf) -> str:
        """What a fact belongs to; of an attribute of an element, the element."""
        if item.of is None:
            return self.owner(item.path)
        *owners, _ = self.term(item).slot.names
        if owners:
            return self._owned(owners[-1], owners[:-1])
        return self.spoken_of(item.of)

    def spoken_of(self, item: model.Value) -> str:
        """The element that is spoken of: « l'article »."""
        if not isinstance(item, model.ItemOf):
            raise UnsaidError
        return self.noun(self.bound[item.name][1])

    def alone(self, name: str) -> bool:
        """Whether a name stands for one thing."""
        names = [fact.slot.names[-1] for fact in self.facts.values()]
        names += [outcome.slot.name for outcome in self.outcomes.values()]
        return [fold(each) for each in names].count(fold(name)) == 1

    def owner(self, path: str) -> str:
        """What a fact belongs to, "" nothing: « le client »."""
        *owners, _ = self.facts[path].slot.names
        return self._owned(owners[-1], owners[:-1]) if owners else ""

    def _owned(self, own: str, owners: list[str]) -> str:
        if not self.french and len(owners) == 1 and not owners[0].endswith("s") and not self.vocabulary.inferred:
            return f"{self.noun(owners[0])}'s {own}"
        said = self.noun(own)
        for owner in reversed(owners):
            said = f"{said} {self.of(self.noun(owner))}"
        return said

    def shortens(self, path: str, kind: t.Type) -> bool:
        """Whether « la commande » says its main amount: no other could be meant."""
        fact = self.facts[path]
        bare = t.Amount(kind.currency) if isinstance(kind, t.Amount) else kind
        mains = [
            other for other in self.facts.values()
            if other.main and other.slot.names[:-1] == fact.slot.names[:-1] and comparable(other.slot.type, bare)
        ]  # fmt: skip
        named = any(fold(outcome.slot.name) == fold(fact.slot.names[0]) for outcome in self.vocabulary.outcomes)
        return mains == [fact] and len(fact.slot.names) == 2 and not named and not isinstance(kind, t.Number)

    def named_set(self, path: str, keys: tuple[str, ...]) -> str:
        """« les pays proches », where just these values of a fact have a name; else ""."""
        found = [each for each in self.vocabulary.sets if each.options == keys]
        fits = [fact for fact in self.vocabulary.facts if isinstance(fact.slot.type, t.Choice)
                and set(keys) <= {option.key for option in fact.slot.type.options}]  # fmt: skip
        return self.noun(found[0].name) if found and [fact.slot.path for fact in fits] == [path] else ""

    def outcome(self, key: str) -> str:
        """An outcome with its article."""
        return self.noun(self.outcomes[key].slot.name)

    def label(self, kind: t.Choice, key: str) -> str:
        """A value of a list without article, in the words of this language."""
        keys = {option.key for option in kind.options}
        own = next((known for known in self._choices() if {option.key for option in known.options} == keys), kind)
        return next((option.label for option in own.options if option.key == key), key)

    def option(self, kind: t.Choice, key: str) -> str:
        """A value of a list with its article: « la France »."""
        label = self.label(kind, key)
        article = self.articles.get(fold(label), "")
        shown = label.replace(" ", GLUE)
        return f"{article}{'' if article.endswith(chr(39)) else ' '}{shown}" if article and self.french else shown

    def _choices(self) -> list[t.Choice]:
        slots: list[t.Type] = [fact.slot.type for fact in self._every_fact()]
        slots = [kind.item if isinstance(kind, t.ListOf) else kind for kind in slots]
        slots += [outcome.slot.type for outcome in self.vocabulary.outcomes]
        slots += [kind for action in self.vocabulary.actions for _, _, kind in action.slot.parameters]
        return [kind for kind in slots if isinstance(kind, t.Choice)]

    def says_one_thing(self, label: str) -> bool:
        """Whether no two things have a value or a name of these words."""
        kinds = [fact.slot.type for fact in self._every_fact()] + [each.slot.type for each in self.outcomes.values()]
        labels = [option.label for kind in kinds if isinstance(kind, t.Choice) for option in kind.options]
        names = [fact.slot.names[-1] for fact in self._every_fact()]
        return [fold(each) for each in (*labels, *names)].count(fold(label)) == 1

    def _every_fact(self) -> Iterator[model.FactTerm]:
        """The facts and the attributes of the elements of lists."""
        left = list(self.vocabulary.facts)
        while left:
            fact = left.pop()
            yield fact
            left += fact.elements.facts if fact.elements else ()

    # ---- agreement

    def name_of(self, value: model.Value) -> str:
        """The name that a verb said of a value agrees with; "" for a calculation."""
        match value:
            case model.FactOf("", of=model.ItemOf(name)):
                return self.bound[name][1]
            case model.FactOf():
                return self.term(value).slot.names[-1]
            case model.OutcomeOf(key):
                return self.outcomes[key].slot.name
            case _:
                return ""

    def verb(self, name: str, singular: str, plural: str) -> str:
        """The verb in the number of its subject."""
        return plural if self.agreement(name).plural else singular

    def is_(self, name: str) -> str:
        """« est », « sont »."""
        return self.verb(name, *self.choose("est sont", "is are").split())

    def is_not(self, name: str) -> str:
        """« n'est pas », « ne sont pas »."""
        verb = self.is_(name)
        return self.choose("n'est pas" if verb == "est" else "ne sont pas", f"{verb} not")

    def agreed(self, word: str, name: str) -> str:
        """A French adjective with its marks: « inférieure »."""
        agreement = self.agreement(name)
        return word + ("e" if agreement.gender == "f" else "") + ("s" if agreement.plural else "")


def elides(said: str) -> bool:
    """Whether « le » or « de » loses its vowel before these words."""
    first = said[:1].casefold()
    return first in _VOWELS or (first == "h" and not said.casefold().startswith(_ASPIRATED))


def _contracted(said: str, plain: str, masculine: str, plural: str, elided: str) -> str:
    for article, contracted in (("le ", masculine), ("les ", plural)):
        if said.startswith(article):
            return contracted + said.removeprefix(article)
    return (elided if elides(said) else plain) + said


def _plural_in_english(name: str) -> bool:
    head = re.split(r" (?:of|for|in|from|to|with) ", name)[0].split(" ")[-1].lower()
    return head.endswith("s") and not head.endswith(("ss", "us", "is"))
