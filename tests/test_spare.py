"""Nothing is lost: a value put anywhere into a sentence, or a « ne … pas », makes another rule of it, or an error."""

import os
from random import Random

import pytest
from test_pairs import PAIRS, compiled, told

from rulec.pipeline import compile_text
from rulec.source import LANGUAGES, Language

SPARE: dict[Language, tuple[str, str]] = {"fr": ("7", "de 3 €"), "en": ("7", "of €3")}
DENIALS = int(os.environ.get("RULEC_DENIALS", "120"))  # of all those that may be made
EACH = 5  # one sentence in so many is tried
DENIED: dict[Language, list[tuple[str, str]]] = {  # a verb, and the same denied
    "fr": [
        ("est", "n'est pas"), ("a", "n'a pas"), ("contient", "ne contient pas"), ("dépasse", "ne dépasse pas"),
        ("atteint", "n'atteint pas"), ("fait partie de", "ne fait pas partie de"), ("pèse", "ne pèse pas"),
        ("bénéficie de", "ne bénéficie pas de"), ("coûte", "ne coûte pas"), ("commence par", "ne commence pas par"),
    ],
    "en": [
        ("is", "is not"), ("has", "does not have"), ("contains", "does not contain"), ("exceeds", "does not exceed"),
        ("reaches", "does not reach"), ("is one of", "is not one of"), ("weighs", "does not weigh"),
        ("includes", "does not include"), ("costs", "does not cost"), ("starts with", "does not start with"),
    ],
}  # fmt: skip
ABOUT: dict[Language, tuple[list[str], list[str]]] = {  # of what it is said, and what
    "fr": (
        ["la commande", "le client", "le poids", "le pays", "le code promo", "la date d'inscription", "le colis"],
        ["500 €", "plus de 500 €", "au moins 3 articles", "3 kg", "plus de 3 kg", "« A »", "la France", "fidèle",
         "un code promo", "avant le 1er mars 2026", "entre 10 € et 500 €", "un lundi", ""],
    ),
    "en": (
        ["the order", "the customer", "the weight", "the country", "the promo code", "the signup date", "the parcel"],
        ["€500", "more than €500", "at least 3 items", "3 kg", "more than 3 kg", '"A"', "France", "loyal",
         "a promo code", "before 1 March 2026", "between €10 and €500", "a Monday", ""],
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_too_many_is_never_dropped(language: Language) -> None:
    random = Random(language)
    kept = [sentences for verdict, *sentences in PAIRS if verdict in ("clear", "stated")]
    dropped = []
    for sentences in kept[::EACH]:
        sentence = sentences[LANGUAGES.index(language)]
        plan = compiled(sentence, language).plan
        assert plan is not None
        words = sentence.split(" ")
        at, spare = random.randint(1, len(words)), random.choice(SPARE[language])
        if any(mark in sentence for mark in ("«", '"', "parce que", "because")):  # a text may hold anything
            continue
        text = " ".join([*words[:at], spare, *words[at:]])
        found = compiled(text, language).plan
        if found is not None and told(found) == told(plan):
            dropped.append(text)
    assert dropped == []


def test_each_of_many_rules_alike_is_looked_at() -> None:
    """Rules of one form, of which only some are read word by word."""
    lines = [f"Si la commande de {n} € dépasse {n}00 € alors remise {n} %" for n in range(2, 9)]
    declared = "On connaît :\n  - une commande (en €)\nOn décide :\n  - la remise (pourcentage)\n"
    found = [each.code for each in compile_text(declared + "\n".join(lines)).diagnostics]
    assert found == ["E326"] * len(lines)


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "undeclared"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_and_its_denial_never_say_the_same(language: Language, declared: bool) -> None:
    when, then = ("Si", "alors la remise est de 5 %") if language == "fr" else ("If", "then the discount is 5%")
    read, lost = 0, []
    of, what = ABOUT[language]
    cases = [(*verbs, one, other) for verbs in DENIED[language] for one in of for other in what]
    for said, denied, one, other in Random(language).sample(cases, DENIALS):
        plans = []
        for verb in (denied, said):
            text = f"{when} {one} {verb} {other}".strip() + f" {then}"
            plans.append((compiled(text, language) if declared else compile_text(text, language=language)).plan)
        if plans[0] is not None:
            read += 1
            if plans[1] is not None and told(plans[0]) == told(plans[1]):
                lost.append((one, denied, other))
    assert lost == []
    assert read > DENIALS // 40
