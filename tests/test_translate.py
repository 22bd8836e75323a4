"""`rulec translate` on files: the other language, the same plan, names translated where their declaration says how."""

from pathlib import Path

import pytest
from sampling import one_in
from test_cli import Run, french, run
from test_format import SET_OUT
from test_pairs import ENDINGS, vocabulary

from rulec.formatting import file_of
from rulec.pipeline import compile_paths, compile_text
from rulec.plan.alike import cases_without_words, comparable, without_words
from rulec.source import Language
from rulec.translation import translated

__all__ = ["french", "run"]
ROOT = Path(__file__).parents[1]

WRITTEN = """\
# La maison
Un client [customer] (en anglais « customer ») a :
  - il peut être fidèle [loyal] (en anglais « loyal »)  # depuis 2020
  - il paie par carte [pays_by_card] (en anglais « pays by card »)
  - un segment [segment] (en anglais « segment ») parmi pro [pro] (en anglais « business »), particulier [private]
  - une date d'inscription (date), facultative [signup] (en anglais « signup date »)
Une commande (en anglais « order ») a :
  - un montant HT (en € HT), principal [net_amount] (en anglais « net amount »)
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut (en anglais « discount »)
  - le colis offert (oui/non), non par défaut
On peut :
  - prévenir le gérant [warn] (en anglais « warn the manager »), avec un motif (texte) [reason]

Règle « Fidélité » :
  si le client est fidèle et la commande dépasse 1 500,50 €
  alors remise 10 % et prévenir le gérant avec le motif « gros »
  parce que « article 3 »
# une autre
« Fidélité » l'emporte sur « Pro »
Règle « Pro » : si le client ne paie pas par carte et segment particulier alors colis offert
"""
ENGLISH = """\
# La maison
A customer [customer] (in French "un client") has:
  - can be loyal [loyal] (in French "fidèle")  # depuis 2020
  - it pays by card [pays_by_card] (in French "paie par carte")
  - a segment [segment] (in French "un segment") among business [pro] (in French "pro"),
    particulier [private]
  - a signup date (date), optional [signup] (in French "une date d'inscription")
An order [commande] (in French "une commande") has:
  - a net amount (in € excl. VAT), main [net_amount] (in French "un montant HT")
We decide:
  - the discount (percentage), the highest wins, 0% by default [remise] (in French "la remise")
  - the colis offert (yes/no), no by default [colis_offert]
We can:
  - warn the manager [warn] (in French "prévenir le gérant"), with a motif [reason] (text)

Rule "Fidélité":
  if the customer is loyal and the order exceeds €1,500.50
  then the discount is 10% and warn the manager with the motif "gros"
  because "article 3"
# une autre
"Fidélité" takes precedence over "Pro"
Rule "Pro":
  if the customer does not pay by card and the customer's segment is particulier
  then the colis offert is yes
"""


def test_terms_are_translated_and_the_others_named(tmp_path: Path, run: Run) -> None:
    path, output = tmp_path / "a.regles", tmp_path / "a.rules"
    path.write_text(WRITTEN, encoding="utf-8")
    status, out, err = run("translate", path, "--to", "en", "-o", output)
    assert (status, out) == (0, "")
    assert output.read_text(encoding="utf-8") == ENGLISH
    assert err == "Restés tels quels, faute de terme déclaré en anglais : particulier, colis offert, motif\n"


def test_there_and_back_decides_the_same(tmp_path: Path, run: Run) -> None:
    path, there, back = tmp_path / "a.regles", tmp_path / "a.rules", tmp_path / "b.regles"
    path.write_text(WRITTEN, encoding="utf-8")
    assert run("translate", path, "--to", "en", "-o", there)[0] == 0
    assert run("translate", there, "--to", "fr", "-o", back)[0] == 0
    plans = [compile_paths([each]).plan for each in (path, there, back)]
    assert None not in plans
    assert len({without_words(plan) for plan in plans if plan is not None}) == 1
    assert "  si le client est fidèle et la commande dépasse 1 500,50 €\n" in back.read_text(encoding="utf-8")
    assert "  if the customer is loyal and the order exceeds €1,500.50\n" in there.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_shared_declarations_are_said_in_the_other_language(language: Language) -> None:
    rule = {"fr": "Si client fidèle alors remise 10 %\n", "en": "If loyal customer then discount 10%\n"}[language]
    target: Language = "en" if language == "fr" else "fr"
    text = vocabulary(language) + rule
    rules = compile_text(text, f"a.{ENDINGS[language]}")
    made = translated(file_of(text, (f"a.{ENDINGS[language]}",), rules), rules, target)
    again = compile_text(made.text, f"a.{ENDINGS[target]}")
    assert rules.plan is not None
    assert again.plan is not None
    assert without_words(again.plan) == without_words(rules.plan)


def test_modules_of_the_library_are_those_of_the_other_language(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    text = "Langue : français\nUtiliser commerce\nOn décide :\n  - la remise (pourcentage)\n"
    text += "Si commande > 5 € alors remise 1 %\n"
    path.write_text(text, encoding="utf-8")
    status, out, _ = run("translate", path, "--to", "en")
    assert status == 0
    assert out.startswith("Language: English\nUse commerce\nWe decide:\n")
    assert out.endswith("If the order exceeds €5 then the remise is 1%\n")


def test_without_vocabulary_the_names_are_declared_and_stay(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    path.write_text("Si commande > 500€ et client fidèle alors remise 10 %\n", encoding="utf-8")
    status, out, _ = run("translate", path, "--to", "en")
    assert (status, out.splitlines()[0]) == (0, "We know:")
    assert out.endswith("If the commande exceeds €500 and the client fidèle is yes then the remise is 10%\n")


def test_literate_files_keep_their_prose(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"# Les règles\n\n```regles\n{WRITTEN}```\n\nFin.\n", encoding="utf-8")
    status, out, _ = run("translate", path, "--to", "en")
    assert (status, out) == (0, f"# Les règles\n\n```rules\n{ENGLISH}```\n\nFin.\n")


def test_what_cannot_be_said_again_is_refused_at_its_line(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.regles"
    declared = "Une carte a :\n  - un rang parmi or [gold], argent [silver]\n"  # in English, "or" is another word
    rule = "Si le client est fidèle ou le rang est or alors remise 1 %\n"
    path.write_text(declared + WRITTEN + rule, encoding="utf-8")
    status, out, err = run("translate", path, "--to", "en")
    assert (status, out) == (1, "")
    assert f"ligne {(declared + WRITTEN).count(chr(10)) + 1}" in err
    status, _, err = run("translate", path, "--to", "fr")
    assert (status, "E935" in err) == (1, True)


def test_a_file_of_the_other_name_says_its_language(tmp_path: Path, run: Run) -> None:
    path, output = tmp_path / "a.regles", tmp_path / "b.regles"
    path.write_text(WRITTEN, encoding="utf-8")
    assert run("translate", path, "--to", "en", "-o", output)[0] == 0
    assert output.read_text(encoding="utf-8").startswith("Language: English\n# La maison\n")
    assert compile_paths([output]).plan is not None


DRAWN = """\
Une commande [order] (en anglais « order ») a :
  - un pays [country] (en anglais « country ») parmi France [france], Belgique [belgium] (en anglais « Belgium »)
  - un poids (en kg) [weight] (en anglais « weight »)
  - elle peut être urgente [urgent] (en anglais « urgent »)
  - un code (texte), facultatif [code] (en anglais « code »)
On décide :
  - le port (en €) [fee] (en anglais « fee »)
  - le délai (en jours) [term] (en anglais « term »)

# les tarifs
Table « Port » (une seule ligne s'applique) :
  | pays     | poids        || port   | délai   |
  | France   | jusqu'à 5 kg || 4,90 € | 2 jours |  # la poste
  | Belgique | -            || 9,90 € | -       |
  | sinon    | -            || 20 €   | 9 jours |
  sauf si la commande est urgente
Exemples « tarifs » :
  | date        | pays   | poids | urgente | code   || port        | délai  | actions |
  | 3 mars 2026 | France | 5 kg  | non     | manque || 4,90 €      | -      | aucune  |
  | -           | France | -     | oui     | « A »  || sans objet  | aucune | -       |
Exemple « un seul » :
  étant donné, le 3 mars 2026, le pays est la Belgique, un poids de 1,5 kg et la commande n'est pas urgente
  alors le port est de 9,90 € et le délai ne s'applique pas
"""
IN_ENGLISH = """\
# les tarifs
Table "Port" (only one row applies):
  | country | weight     || fee   | term   |
  | France  | up to 5 kg || €4.90 | 2 days |  # la poste
  | Belgium | -          || €9.90 | -      |
  | else    | -          || €20   | 9 days |
  unless the order is urgent
Examples "tarifs":
  | date         | country | weight | urgent | code    || fee            | term | actions |
  | 3 March 2026 | France  | 5 kg   | no     | missing || €4.90          | -    | none    |
  | -            | France  | -      | yes    | "A"     || not applicable | none | -       |
Example "un seul":
  given, on 3 March 2026, the country is Belgium, a weight of 1.5 kg and the order is not urgent
  then the fee is €9.90 and the term does not apply
"""


def test_tables_and_examples_are_said_in_the_other_language(tmp_path: Path, run: Run) -> None:
    path, there, back = tmp_path / "a.regles", tmp_path / "a.rules", tmp_path / "b.regles"
    path.write_text(DRAWN, encoding="utf-8")
    assert run("translate", path, "--to", "en", "-o", there)[0] == 0
    assert there.read_text(encoding="utf-8").endswith(IN_ENGLISH)
    assert run("translate", there, "--to", "fr", "-o", back)[0] == 0
    compiled = [compile_paths([each]) for each in (path, there, back)]
    assert len({without_words(each.plan) for each in compiled if each.plan is not None}) == 1
    assert len({cases_without_words(each.examples) for each in compiled}) == 1
    assert [run("test", each)[0] for each in (path, there, back)] == [0, 0, 0]


def test_the_rows_of_a_file_are_said_again_beside_the_rules(tmp_path: Path, run: Run) -> None:
    path, output = tmp_path / "a.regles", tmp_path / "new" / "a.rules"
    output.parent.mkdir()
    declared = DRAWN.partition("\n#")[0]
    path.write_text(
        f"{declared}\nTable « Port » depuis « ports.csv » (la première ligne l'emporte)\n", encoding="utf-8"
    )
    (tmp_path / "ports.csv").write_text(
        'code;poids;||;port\n"commence par « A;B »";> 5 kg;;4 €\n-;moins de 2,5 kg;;9,5 €\nsinon;-;;5 €\n',
        encoding="utf-8",
    )
    status, out, err = run("translate", path, "--to", "en")
    assert (status, out.splitlines()[-1]) == (0, 'Table "Port" from "ports.en.csv" (the first row wins)')
    assert "ports.en.csv" in err
    assert run("translate", path, "--to", "en", "-o", output)[0] == 0
    assert (output.parent / "ports.en.csv").read_text(encoding="utf-8").splitlines() == [
        "code;weight;||;fee", '"starts with ""A;B""";more than 5 kg;;€4', "-;less than 2.5 kg;;€9.50", "else;-;;€5",
    ]  # fmt: skip
    again, before = compile_paths([output]).plan, compile_paths([path]).plan
    assert again is not None
    assert before is not None
    assert without_words(again) == without_words(before)


def test_a_folder_is_said_again_with_the_files_that_use_each_other(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "regles"
    (folder / "b").mkdir(parents=True)
    declared, _, rest = DRAWN.partition("\n#")
    (folder / "base.regles").write_text(declared, encoding="utf-8")
    (folder / "a.regles").write_text("Utiliser base\n#" + rest.partition("Exemple ")[0], encoding="utf-8")
    (folder / "page.md").write_text("# Rien que de la prose\n", encoding="utf-8")
    (folder / "b" / "c.regles").write_text("On décide :\n  - un prix (en €)\nSi x alors prix 3 €", encoding="utf-8")
    status, out, err = run("translate", folder, "--to", "en", "-o", tmp_path / "new")
    assert (status, sorted(out.splitlines())) == (
        1, [f"Écrit : {tmp_path / 'new' / 'a.rules'}", f"Écrit : {tmp_path / 'new' / 'base.rules'}"],
    )  # fmt: skip
    assert "E202" in err
    new, old = compile_paths([tmp_path / "new" / "a.rules"]).plan, compile_paths([folder / "a.regles"]).plan
    assert new is not None
    assert old is not None
    assert without_words(new) == without_words(old)
    assert new.facts[0].names == ("order", "country")
    status, _, err = run("translate", folder / "a.regles", "--to", "en", "-o", tmp_path / "alone.rules")
    assert (status, err) == (0, "Utilise des fichiers qui restent dans leur langue : base.regles\n")


def test_what_holds_for_all_the_rules_is_said_in_the_other_language(tmp_path: Path, run: Run) -> None:
    path, there, back = tmp_path / "a.regles", tmp_path / "a.rules", tmp_path / "b.regles"
    path.write_text(SET_OUT, encoding="utf-8")
    assert run("translate", path, "--to", "en", "-o", there)[0] == 0
    assert there.read_text(encoding="utf-8").splitlines()[:3] == [
        "Calendar: Alsace-Moselle",
        "The company is closed from 1 August 2026 to 15 August 2026 and on 24 December 2026  # Noël",
        "Time zone: Europe/Paris",
    ]
    assert run("translate", there, "--to", "fr", "-o", back)[0] == 0
    plans = [compile_paths([each]).plan for each in (path, there, back)]
    assert len({without_words(plan) for plan in plans if plan is not None}) == 1


SAID = [
    path
    for folder in (ROOT / "examples").iterdir()
    for path in sorted(folder.iterdir())
    if path.suffix in (".regles", ".rules", ".md") and path.name != "README.md"
    and path.name not in ("devis.regles", "quotes.rules")  # conditions on lists
]  # fmt: skip


@pytest.mark.parametrize("path", one_in(2, SAID), ids=lambda path: path.name)
def test_every_policy_is_said_in_the_other_language_and_back(path: Path, tmp_path: Path, run: Run) -> None:
    rules = compile_paths([path])
    own: Language = rules.language
    target: Language = "en" if own == "fr" else "fr"
    there, back = (tmp_path / f"x.{'md' if path.suffix == '.md' else ENDINGS[each]}" for each in (target, own))
    back = back.with_stem("y")
    assert run("translate", path, "--to", target, "-o", there)[0] == 0
    assert run("test", there)[0] == 0
    assert run("translate", there, "--to", own, "-o", back)[0] == 0
    plans = [each.plan for each in (rules, compile_paths([there]), compile_paths([back])) if each.plan is not None]
    assert len(plans) == 3
    assert without_words(plans[1]) == without_words(plans[0])
    assert comparable(plans[2]) == comparable(plans[0])


DEFINED = """\
Un client [customer] (en anglais « customer ») a :
  - un nombre de commandes (nombre entier) [orders] (en anglais « number of orders »)
Une commande [order] (en anglais « order ») a :
  - un montant HT (en € HT), principal [net_amount] (en anglais « net amount »)
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount] (en anglais « discount »)
Constante : le seuil   vaut 3
Un client est assidu [regular] si son nombre de commandes est d'au moins le seuil
Une grosse commande [large] est une commande dont le montant HT dépasse 5 000 €.
Le prix public [list_price] d'une commande est son montant HT plus la TVA à 20 %, arrondi au centime
Le palier vaut 1 % si le client est assidu, 2 % si la commande est grosse, sinon 3 %
Si le client est assidu et que la commande est grosse alors la remise est le palier
Si le prix public de la commande dépasse 900 € alors la remise est de 5 %
"""


def test_definitions_are_said_in_one_form_and_in_the_other_language(tmp_path: Path, run: Run) -> None:
    path, there, back = tmp_path / "a.regles", tmp_path / "a.rules", tmp_path / "b.regles"
    path.write_text(DEFINED, encoding="utf-8")
    before = compile_paths([path]).plan
    assert before is not None
    assert run("translate", path, "--to", "en", "-o", there)[0] == 0
    assert there.read_text(encoding="utf-8").splitlines()[6:12] == [
        "Constant: the seuil [seuil] is 3",
        "A customer is assidu [regular] if the customer's number of orders is at least the seuil",
        "An order is grosse [large] if the order exceeds €5,000",
        "The prix public [list_price] of an order is the order's net amount plus VAT at 20%, rounded to the",
        "    cent",
        "The palier [palier] is 1% if the customer is assidu, 2% if the order is grosse, else 3%",
    ]
    assert run("translate", there, "--to", "fr", "-o", back)[0] == 0
    assert run("format", path)[0] == 0
    assert path.read_text(encoding="utf-8").splitlines()[-8:] == [
        "Constante : le seuil vaut 3",
        "Un client est assidu [regular] si le nombre de commandes du client est d'au moins le seuil",
        "Une commande est grosse [large] si la commande dépasse 5 000 €",
        "Le prix public [list_price] d'une commande vaut le montant HT de la commande plus la TVA à 20 %,",
        "    arrondi au centime",
        "Le palier vaut 1 % si le client est assidu, 2 % si la commande est grosse, sinon 3 %",
        "Si le client est assidu et la commande est grosse alors la remise est le palier",
        "Si le prix public de la commande dépasse 900 € alors la remise est de 5 %",
    ]
    plans = [compile_paths([each]).plan for each in (path, there, back)]
    assert len({without_words(plan) for plan in plans if plan is not None} | {without_words(before)}) == 1


def test_a_folder_may_hold_the_same_rules_in_both_languages(tmp_path: Path, run: Run) -> None:
    status, out, _ = run("translate", ROOT / "examples" / "port", "--to", "en", "-o", tmp_path / "new")
    assert (status, out) == (0, f"Écrit : {tmp_path / 'new' / 'port.rules'}\n")
    (tmp_path / "empty").mkdir()
    status, _, err = run("translate", tmp_path / "empty", "--to", "en")
    assert (status, "E907" in err) == (2, True)


def test_values_that_are_words_of_the_other_language_stand_between_quotes(tmp_path: Path, run: Run) -> None:
    path, there = tmp_path / "a.regles", tmp_path / "a.rules"
    path.write_text(
        "On décide :\n  - le statut parmi Or [gold], Argent [silver], Bronze [bronze], "
        "selon l'ordre Argent, Or, Bronze [status]\n",
        encoding="utf-8",
    )
    assert run("translate", path, "--to", "en", "-o", there)[0] == 0
    assert '"Or" [gold], Argent [silver], Bronze [bronze], in the order Argent,' in there.read_text(encoding="utf-8")
    one, other = compile_paths([path]).plan, compile_paths([there]).plan
    assert one is not None
    assert other is not None
    assert other.outcomes[0].order == one.outcomes[0].order == ("silver", "gold", "bronze")
    assert run("format", there)[0] == 0
    assert compile_paths([there]).plan is not None


def test_values_over_time_are_said_day_by_day(tmp_path: Path, run: Run) -> None:
    path, there, back = (tmp_path / name for name in ("a.regles", "a.rules", "b.regles"))
    rule = "Constante : le forfait [flat] vaut 11,88 € à partir du 1er mars 2024, 12 € à partir du 1er janvier 2026\n"
    path.write_text(f"On décide :\n  - les frais (en €) [fee]\n{rule}Les frais sont le forfait\n", encoding="utf-8")
    assert run("translate", path, "--to", "en", "-o", there)[0] == 0
    text = there.read_text(encoding="utf-8")
    assert "Constant: the forfait [flat] is €11.88 from 1 March 2024, €12 from 1 January 2026\n" in text
    assert run("translate", there, "--to", "fr", "-o", back)[0] == 0
    assert "vaut 11,88 € à partir du 1er mars 2024, 12 € à partir du 1er janvier 2026\n" in back.read_text("utf-8")


LANGUAGES: tuple[Language, ...] = ("fr", "en")
PARAMETER: dict[Language, str] = {
    "fr": (
        "Un client [customer] a :\n  - un code facultatif (texte) [code]\n  - une référence facultative (texte) [ref]\n"
        "  - il peut être fidèle [loyal]\nOn peut :\n"
        "  - écrire [write], avec un ton [tone] parmi ferme [firm], aimable [kind]\n"
        "Si le client est fidèle et que le code n'est pas renseigné alors écrire avec le ton aimable\n"
        "Si la référence est renseignée alors écrire avec le ton ferme\n"
    ),
    "en": (
        "A customer has:\n  - an optional code (text)\n  - an optional ref (text)\n  - can be loyal\nWe can:\n"
        "  - write, with a tone among firm, kind\n"
        "If the customer is loyal and the code is missing then write with the tone kind\n"
        "If the ref is given then write with the tone firm\n"
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_values_of_a_parameter_and_optional_names_are_said_again(language: Language) -> None:
    target: Language = "en" if language == "fr" else "fr"
    both = [compile_text(PARAMETER[each], f"a.{ENDINGS[each]}", each) for each in LANGUAGES]
    assert all(each.plan is not None for each in both)
    assert [slot.optional for each in both if each.plan for slot in each.plan.facts] == [True, True, False] * 2
    rules = both[language == "en"]
    text = translated(file_of(PARAMETER[language], (f"a.{ENDINGS[language]}",), rules), rules, target).text
    said = {"en": "with a ton [tone] among ferme [firm], aimable [kind]", "fr": "avec tone [tone] parmi firm [firm]"}
    assert said[target] in text
    assert {"en": "a code (text), optional", "fr": "code (texte), facultatif"}[target] in text


ELEMENTS: dict[Language, str] = {
    "en": """\
A line (in French "une ligne") has:
  - a price (in €), main (in French "un prix")
  - a quantity (whole number) (in French "une quantité")
An order (in French "une commande") has:
  - lines (list of line) (in French "des lignes")
We decide:
  - the fee (in €) (in French "les frais")
For each line we decide:
  - the bonus (in €) (in French "la prime")
The total of a line is its price × its quantity.
A line is heavy if its quantity exceeds 30.
For each heavy line: the bonus is 2% of its total, rounded to the cent.
The fee is the sum of the totals of the heavy lines.
""",
    "fr": """\
Une ligne (en anglais « a line ») a :
  - un prix (en €), principal (en anglais « a price »)
  - une quantité (nombre entier) (en anglais « a quantity »)
Une commande (en anglais « an order ») a :
  - des lignes (liste de lignes) (en anglais « lines »)
On décide :
  - les frais (en €) (en anglais « the fee »)
On décide pour chaque ligne :
  - la prime (en €) (en anglais « the bonus »)
Le total d'une ligne est son prix × sa quantité.
Une ligne est lourde si sa quantité dépasse 30.
Pour chaque ligne lourde : la prime est de 2 % de son total, arrondie au centime.
Les frais sont la somme des totaux des lignes lourdes.
""",
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_defined_of_elements_is_said_in_the_other_language(language: Language) -> None:
    target: Language = "en" if language == "fr" else "fr"
    text, name = ELEMENTS[language], f"x.{ENDINGS[language]}"
    of = compile_text(text, name, language)
    made = translated(file_of(text, (name,), of), of, target)
    assert made.unsaid == 0
    again = compile_text(made.text, f"x.{ENDINGS[target]}", target)
    assert of.plan is not None
    assert again.plan is not None
    assert without_words(again.plan) == without_words(of.plan)
