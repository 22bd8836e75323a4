"""No value is lost: one put anywhere into a sentence makes another rule of it, or an error."""

from random import Random

import pytest
from test_pairs import PAIRS, compiled, told

from rulec.pipeline import compile_text
from rulec.source import LANGUAGES, Language

SPARE: dict[Language, tuple[str, str]] = {"fr": ("7", "de 3 €"), "en": ("7", "of €3")}
EACH = 5  # one sentence in so many is tried


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
