"""The modules of the library: the same in both languages, used by name from files and from texts."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import rulec
from rulec import resources
from rulec.cli import main
from rulec.files import modules
from rulec.pipeline import Compiled, compile_paths, compile_text
from rulec.runtime.types import Choice, ListOf, Record, Type
from rulec.source import Language

NAMES = {  # French → English
    "commerce": "commerce", "tva": "vat", "paiement": "payment", "calendrier": "calendar", "arrondis": "rounding",
    "garde": "gate",
}  # fmt: skip
USED = {"fr": "Utiliser commerce\n", "en": "Use commerce\n"}
RULES = {
    "fr": "On décide :\n  - la remise (pourcentage) [discount]\n\nSi commande > 500 € alors remise 10 %\n",
    "en": "We decide:\n  - the discount (percentage)\n\nIf order > €500 then discount 10%\n",
}
ENDINGS = {"fr": ".regles", "en": ".rules"}


def module(name: str, language: Language) -> Compiled:
    return compile_paths([resources.folder("stdlib") / f"{name}{ENDINGS[language]}"])


def shape(type_: Type) -> object:
    """A type without the words of a language."""
    match type_:
        case Choice(options):
            return tuple(option.key for option in options)
        case ListOf(item):
            return ("list", shape(item))
        case Record(entity, attributes):
            return (entity, {slot.path: (shape(slot.type), slot.optional, slot.bounds) for slot in attributes})
        case _:
            return type_


def test_every_module_is_known_in_both_languages() -> None:
    assert modules("fr") == tuple(sorted(NAMES))
    assert modules("en") == tuple(sorted(NAMES.values()))


@pytest.mark.parametrize("name", NAMES)
def test_a_module_says_the_same_in_both_languages(name: str) -> None:
    french, english = module(name, "fr"), module(NAMES[name], "en")
    for compiled in (french, english):
        assert not list(compiled.diagnostics)
    told = [
        {
            term.slot.path: (shape(term.slot.type), term.slot.optional, term.slot.bounds, term.main)
            for term in each.facts
        }
        for each in (french.vocabulary, english.vocabulary)
    ]
    assert told[0] == told[1]
    assert french.plan is not None
    assert english.plan is not None
    values = [{each.key: each.value for each in plan.definitions} for plan in (french.plan, english.plan)]
    assert values[0] == values[1]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_module_is_used_from_a_file_and_from_a_text(tmp_path: Path, language: Language) -> None:
    text = USED[language] + RULES[language]
    (tmp_path / f"house{ENDINGS[language]}").write_text(text, encoding="utf-8")
    for compiled in (compile_paths([tmp_path / f"house{ENDINGS[language]}"]), compile_text(text, language=language)):
        assert not list(compiled.diagnostics)
        assert compiled.plan is not None
        assert compiled.plan.language == language
        assert "order.net_amount" in [slot.path for slot in compiled.plan.facts]


@pytest.mark.parametrize("file", sorted((Path(__file__).parent / "stdlib").iterdir()), ids=lambda file: file.name)
def test_examples_of_a_module_hold(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(file), "--coverage", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passed"] >= 10
    assert [told["coverage"][each]["percentage"] for each in ("rules", "definitions")] == [100, 100]


def test_a_wrong_name_offers_the_nearest_module() -> None:
    found = list(compile_text("Utiliser comerce\n" + RULES["fr"], language="fr").diagnostics)
    assert [each.code for each in found][:1] == ["E931"]
    assert dict(found[0].values)["closest"] == "commerce"


def test_a_file_beside_with_the_name_of_a_module_must_be_named_in_full(tmp_path: Path) -> None:
    own = "Une commande a :\n  - un montant (en €) [net_amount]\n"
    (tmp_path / "commerce.regles").write_text(own, encoding="utf-8")
    main = tmp_path / "house.regles"
    main.write_text(USED["fr"] + RULES["fr"], encoding="utf-8")
    found = [each for each in compile_paths([main]).diagnostics if each.code == "E933"]
    assert [fix.text for each in found for fix in each.fixes] == ["commerce.regles"]
    main.write_text("Utiliser commerce.regles\n" + RULES["fr"], encoding="utf-8")
    compiled = compile_paths([main])
    assert not list(compiled.diagnostics)
    assert [term.slot.path for term in compiled.vocabulary.facts] == ["commande.net_amount"]


def test_a_file_with_the_name_of_a_module_uses_the_module_and_not_itself(tmp_path: Path) -> None:
    for language, name in (("fr", "commerce.regles"), ("en", "commerce.rules")):
        path = tmp_path / name
        path.write_text(USED[language] + RULES[language], encoding="utf-8")
        compiled = compile_paths([path])
        assert [each.code for each in compiled.diagnostics] == []
        assert [source.library for source in compiled.sources] == [True, False]


READ = {  # what a constant of a module is, on a day: in French, in English
    "standard VAT": ("tva", "le taux normal", "vat", "the standard rate"),
    "intermediate VAT": ("tva", "le taux intermédiaire", "vat", "the intermediate rate"),
    "penalty": ("paiement", "le taux de pénalité", "payment", "the penalty rate"),
}


@pytest.mark.parametrize(
    ("what", "day", "value"),
    [
        ("standard VAT", "2013-12-31", "0.196"),
        ("standard VAT", "2014-01-01", "0.2"),
        ("intermediate VAT", "2013-12-31", "0.07"),
        ("intermediate VAT", "2026-03-01", "0.1"),
        ("penalty", "2024-06-30", "0.145"),
        ("penalty", "2024-07-01", "0.1425"),
        ("penalty", "2025-12-01", "0.1215"),
    ],
)
def test_a_rate_is_that_of_the_day(what: str, day: str, value: str) -> None:
    module_fr, name_fr, module_en, name_en = READ[what]
    texts: dict[Language, str] = {
        "fr": f"Utiliser {module_fr}\nOn décide :\n  - la part (pourcentage) [part]\nLa part est {name_fr}.\n",
        "en": f"Use {module_en}\nWe decide:\n  - the part (percentage)\nThe part is {name_en}.\n",
    }
    for language, text in texts.items():
        decided = rulec.loads(text, language=language).decide({}, at=date.fromisoformat(day))
        assert decided["part"] == Decimal(value)


def test_before_its_first_day_a_rate_has_no_value() -> None:
    text = "Use vat\nWe decide:\n  - the rate applied (percentage) [rate]\nThe rate applied is the intermediate rate.\n"
    decided = rulec.loads(text, language="en").decide({}, at=date(2011, 12, 31))
    assert decided.outcomes["rate"].status == "error"


@pytest.mark.parametrize(
    ("day", "winter", "summer"),
    [
        ("2026-01-06", False, False),
        ("2026-01-07", True, False),
        ("2026-02-03", True, False),
        ("2026-07-21", False, True),
    ],
)
def test_the_days_of_sales(day: str, winter: bool, summer: bool) -> None:
    text = "Use calendar\nWe decide:\n  - the w (yes/no), no by default\n  - the s (yes/no), no by default\n"
    text += "If winter sales then w yes\nIf summer sales then s yes\n"
    decided = rulec.loads(text, language="en").decide({}, at=date.fromisoformat(day))
    assert (decided["w"], decided["s"]) == (winter, summer)
