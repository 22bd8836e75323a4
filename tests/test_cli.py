"""The command line on real files: what it prints, where, and with which exit status."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO

import pytest

import rulec
from rulec.cli import entry, main
from rulec.cli.group import COMMANDS
from rulec.cli.new import FILES
from rulec.cli.tongue import tongue_of

LINE = "Si commande > 500€ ET client fidèle ALORS remise 10%\n"
ENGLISH = "If order > €500 and loyal customer then discount 10%\n"
LOYAL = ["--fact", "commande=620 €", "--fact", "client fidèle=oui"]

Captured = pytest.CaptureFixture[str]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    """A French environment without colours."""
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    monkeypatch.delenv("RULEC_DEBUG", raising=False)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The one-line file."""
    path = tmp_path / "r.regles"
    path.write_text(LINE, encoding="utf-8")
    return path


@pytest.fixture
def run(capsys: Captured) -> Run:
    """Run a command line in this process: status, output, errors."""

    def run(*args: str | Path) -> tuple[int, str, str]:
        status = main([str(arg) for arg in args])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def process(*args: str | Path, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line as a process of its own."""
    command = [sys.executable, "-m", "rulec", *map(str, args)]
    return subprocess.run(command, input=given, capture_output=True, env={**os.environ, **environment}, check=False)


# ---- check


def test_check_says_what_it_understood(run: Run, rules: Path) -> None:
    status, out, err = run("check", rules)
    assert (status, err) == (0, "")
    assert out.startswith("aucune erreur\n")
    assert "  commande        montant en €   [commande]\n  client fidèle   oui ou non     [client_fidele]" in out
    assert "  remise          pourcentage    [remise]" in out


def test_check_as_json(run: Run, rules: Path) -> None:
    status, out, _ = run("check", rules, "--format", "json")
    report = json.loads(out)
    assert (status, report["errors"], report["diagnostics"]) == (0, 0, [])
    assert report["inferred"]["facts"][0] == {"key": "commande", "name": "commande", "type": "montant en €"}


def test_errors_go_out_with_status_1(run: Run, rules: Path) -> None:
    rules.write_text("Si commande > 500€ ALORS\n", encoding="utf-8")
    status, out, _ = run("check", rules)
    assert status == 1
    assert "-- ERREUR E" in out
    assert "r.regles:1" in out
    status, out, _ = run("check", rules, "--format", "json")
    report = json.loads(out)
    assert (status, report["inferred"]) == (1, None)
    assert report["errors"] == len(report["diagnostics"]) > 0
    assert report["diagnostics"][0]["start"]["line"] == 1


def test_lang_overrides_the_language_of_the_file(run: Run, rules: Path) -> None:
    assert run("check", rules, "--lang", "en")[1].startswith("no errors")
    assert run("--lang", "en", "check", rules)[1].startswith("no errors")
    assert run("check", rules, "--lang=en")[1].startswith("no errors")


def test_check_reads_folders_and_standard_input(rules: Path, tmp_path: Path) -> None:
    assert process("check", tmp_path).returncode == 0
    assert process("check", "-", given=LINE.encode()).returncode == 0
    assert process("check", "-", "--lang", "en", given=ENGLISH.encode()).returncode == 0
    assert process("check", "-", rules).returncode == 2
    latin = process("check", "-", given=LINE.encode("latin-1", "replace"))
    assert latin.returncode == 1
    assert b"E903" in latin.stderr


def test_paths_that_lead_nowhere_are_wrong_use(run: Run, rules: Path, tmp_path: Path) -> None:
    status, _, err = run("check", tmp_path / "s.regles")
    assert status == 2
    assert "E901" in err
    assert "r.regles" in err
    (tmp_path / "empty").mkdir()
    status, _, err = run("check", tmp_path / "empty")
    assert (status, "E907" in err) == (2, True)
    assert run("check", tmp_path / "nowhere" / "s.regles")[0] == 2
    (tmp_path / "notes.txt").write_text(LINE, encoding="utf-8")
    status, _, err = run("check", tmp_path / "notes.txt")
    assert (status, "E905" in err) == (2, True)


# ---- run


def test_run_says_the_outcome_and_why(run: Run, rules: Path) -> None:
    status, out, _ = run("run", rules, *LOYAL)
    assert status == 0
    assert out == f"remise : 10 %\n  règle de r.regles, ligne 1\n    {LINE}"


def test_run_says_what_is_missing_and_when_nothing_applies(run: Run, rules: Path) -> None:
    assert run("run", rules, "--fact", "commande=620 €")[1] == "remise : il manque client fidèle\n"
    status, out, _ = run("run", rules, "--fact", "commande=20 €")
    assert (status, out) == (0, "remise : sans objet (aucune règle ne s'applique)\n")
    assert run("run", rules)[1] == "remise : il manque commande, client fidèle\n"


def test_run_in_english(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "d.rules"
    path.write_text(ENGLISH, encoding="utf-8")
    out = run("run", path, "--fact", "order=€620", "--fact", "loyal customer=yes")[1]
    assert out == f"discount: 10%\n  rule of d.rules, line 1\n    {ENGLISH}"
    assert run("run", path, "--fact", "order=€620", "--lang", "fr")[1].startswith("discount : il manque")


def test_run_explains_every_condition(run: Run, rules: Path) -> None:
    out = run("run", rules, *LOYAL, "--why")[1]
    assert "✓ commande > 500€   [commande = 620 €]" in out
    decision = json.loads(run("run", rules, *LOYAL, "--why", "--format", "json")[1])
    assert decision["why"]["outcomes"]["remise"]["rules"][0]["applies"] is True


def test_run_as_json_gives_the_decision(run: Run, rules: Path) -> None:
    out = run("run", rules, *LOYAL, "--format", "json", "--at", "2026-03-01")[1]
    decision = json.loads(out)
    assert decision == rulec.load(rules).decide({"commande": 620, "client fidèle": True}, "2026-03-01").to_json()
    assert decision["outcomes"]["remise"]["value"] == "0.1"


def test_only_keeps_what_is_asked_for(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "r.regles"
    path.write_text(LINE + "Si commande > 100 € alors port 0 €\n", encoding="utf-8")
    assert "remise" not in run("run", path, *LOYAL, "--only", "Port")[1].splitlines()[0]
    decision = json.loads(run("run", path, *LOYAL, "--only", "port", "--format", "json", "--why")[1])
    assert list(decision["outcomes"]) == list(decision["why"]["outcomes"]) == ["port"]
    status, _, err = run("run", path, *LOYAL, "--only", "rabais")
    assert (status, "remise, port" in err) == (2, True)


def test_actions_are_told_with_their_parameters(run: Run, tmp_path: Path) -> None:
    assert run("new", tmp_path / "p")[0] == 0
    given = ["--fact", "montant=90 €", "--fact", "nombre d'articles=51", "--fact", "client fidèle=non"]
    out = run("run", tmp_path / "p" / "remises.regles", *given)[1]
    assert "remise : 0 % (par défaut)\n" in out
    assert "  règle « Frais de port », cas n° 2 (remises.regles, ligne " in out
    assert "à faire : demander l'accord du gérant (motif : quantité inhabituelle)\n" in out
    out = run("run", tmp_path / "p" / "remises.regles", "--fact", "montant=90 €")[1]
    assert "peut-être à faire : demander l'accord du gérant" in out


def test_titles_steer_no_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "r.regles"
    path.write_text(f"Règle « a\x1b[31mb\u202e » : {LINE}", encoding="utf-8")
    status, out, err = run("run", path, *LOYAL)
    assert status in (0, 1)
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err


# ---- facts


def test_facts_of_a_document(run: Run, rules: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('\ufeff{\n  "commande": 620.00,\n  "client fidèle": true\n}', encoding="utf-8")
    assert run("run", rules, "--facts", facts)[1].startswith("remise : 10 %\n")
    facts.write_text('[{"commande": 620, "client fidèle": true}, {"commande": 1}, 3]', encoding="utf-8")
    status, out, err = run("run", rules, "--facts", facts)
    assert status == 1
    assert out.startswith("élément 1\nremise : 10 %")
    assert "élément 2\nremise : sans objet" in out
    assert "élément 3: Erreur E520" in err


def test_facts_of_json_lines_go_on_after_a_bad_line(rules: Path, tmp_path: Path) -> None:
    lines = [
        b'{"commande": 620, "client fid\xc3\xa8le": true}',
        b"",
        b"{commande: 620}",
        b'{"commande": NaN}',
        b'{"commande": 1, "commande": 2}',
        b'{"commande": ' + b"9" * 10_000 + b"}",
        b"[" * 100_000,
        b"[1]",
        b'{"comande": 1}',
        b'{"commande": 1}',
    ]
    done = process("run", rules, "--facts", "-", "--format", "json", given=b"\n".join(lines))
    assert done.returncode == 1
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == ["decided", "not_applicable"]
    errors = done.stderr.decode().splitlines()
    assert [line.partition(" :")[0].split(": Erreur ") for line in errors] == [
        ["<stdin>, ligne 3", "E525"],
        ["<stdin>, ligne 4", "E507"],
        ["<stdin>, ligne 5", "E526"],
        ["<stdin>, ligne 6", "E515"],
        ["<stdin>, ligne 7", "E527"],
        ["<stdin>, ligne 8", "E520"],
        ["<stdin>, ligne 9", "E501"],
    ]
    assert "ligne 3, colonne 2" in errors[0]


def test_facts_given_twice_must_agree(run: Run, rules: Path, tmp_path: Path) -> None:
    assert run("run", rules, *LOYAL, "--fact", "Commande=620,00 €")[0] == 0
    status, out, err = run("run", rules, *LOYAL, "--fact", "commande=100 €")
    assert (status, out, "E504" in err) == (1, "", True)
    facts = tmp_path / "facts.json"
    facts.write_text('{"commande": 700}', encoding="utf-8")
    status, _, err = run("run", rules, *LOYAL, "--facts", facts)
    assert status == 1
    assert "« 700 € » (sous « --facts »)" in err.replace("\u00a0", " ")


def test_all_that_is_wrong_with_facts_is_said(run: Run, rules: Path) -> None:
    status, _, err = run("run", rules, "--fact", "comande=620 €", "--fact", "client fidèle=peut-être")
    assert status == 1
    assert "E501" in err
    assert "« commande »" in err
    assert "E505" in err


def test_facts_that_cannot_be_read(run: Run, rules: Path, tmp_path: Path) -> None:
    assert "E901" in run("run", rules, "--facts", tmp_path / "none.json")[2]
    assert "E902" in run("run", rules, "--facts", tmp_path)[2]
    (tmp_path / "latin.json").write_bytes('{\n"été": 1}'.encode("latin-1"))
    status, _, err = run("run", rules, "--facts", tmp_path / "latin.json")
    assert (status, "(ligne 2)" in err) == (1, True)
    (tmp_path / "empty.json").write_bytes(b"")
    assert "E525" in run("run", rules, "--facts", tmp_path / "empty.json")[2]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--fact", "commande"], "E915"),
        (["--fact", "=3"], "E915"),
        (["--at", "demain"], "E923"),
        (["--at", "2026-01-01T09:00"], "E924"),
        (["--format", "xml"], "E913"),
        (["--facts"], "E914"),
        (["--fait", "x=1"], "E911"),
    ],
)
def test_wrong_use_of_run(run: Run, rules: Path, args: list[str], code: str) -> None:
    status, out, err = run("run", rules, *args)
    assert (status, out) == (2, "")
    assert f"Erreur {code} :" in err
    assert "Aide : rulec run --help" in err


def test_rules_and_facts_cannot_both_be_standard_input() -> None:
    assert process("run", "-", "--facts", "-").returncode == 2


def test_rules_with_errors_decide_nothing(run: Run, rules: Path) -> None:
    rules.write_text("Si commande > 500€ ALORS\n", encoding="utf-8")
    for command in (["run"], ["vocabulary"], ["build", "--target", "python", "-o", "-"]):
        status, out, err = run(*command, rules)
        assert (status, out, "-- ERREUR E" in err) == (1, "", True)


# ---- the same rules in two languages


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """A folder with the same rules in French and in English; in French, the example is wrong."""
    folder = tmp_path / "remises"
    folder.mkdir()
    (folder / "remises.regles").write_text(
        "On connaît :\n  - les soldes (oui/non) [sale]\n"
        "On décide :\n  - la remise (pourcentage), facultative [discount]\n"
        "Si soldes alors remise 5 %\nExemple « a » : étant donné les soldes alors la remise est de 6 %\n",
        encoding="utf-8",
    )
    (folder / "discounts.rules").write_text(
        "We know:\n  - the sale (yes/no)\nWe decide:\n  - the discount (percentage), optional\n"
        'If sale then discount 5%\nExample "a": given the sale then the discount is 5%\n',
        encoding="utf-8",
    )
    return folder


def corrected(folder: Path) -> None:
    """The French example says what the rules decide."""
    path = folder / "remises.regles"
    path.write_text(path.read_text("utf-8").replace("6 %", "5 %"), "utf-8")


def test_each_language_of_a_folder_is_checked(run: Run, both: Path) -> None:
    status, out, _ = run("check", both)
    assert (status, "E622" in out, "no errors" in out) == (1, True, True)
    corrected(both)
    status, out, _ = run("check", both)
    assert status == 0
    assert out.splitlines()[::2] == [
        "Règles en français (remises.regles) :", "aucune erreur", "Rules in English (discounts.rules):", "no errors",
    ]  # fmt: skip
    (both / "discounts.rules").write_text((both / "discounts.rules").read_text("utf-8") + "If sale then\n", "utf-8")
    assert run("check", both)[0] == 1
    report = json.loads(run("check", both, "--format", "json")[1])
    assert (report["errors"], [each["errors"] for each in report["sets"]]) == (1, [0, 1])
    assert [each["code"] for each in report["diagnostics"]] == ["E122"]


def test_each_language_of_a_folder_is_tested(run: Run, both: Path) -> None:
    status, out, _ = run("test", both)
    assert (status, "1 exemple, en échec" in out, "1 example, passed" in out) == (1, True, True)
    status, out, _ = run("test", both, "--format", "json")
    report = json.loads(out)
    assert (status, report["passed"], report["failed"], len(report["sets"])) == (1, 1, 1, 2)
    status, out, _ = run("test", both, "--format", "junit")
    assert (status, out.count("<testsuite "), out.count("<failure ")) == (1, 2, 1)


def test_each_of_several_folders_is_a_rule_set(run: Run, both: Path, rules: Path) -> None:
    other = rules.parent / "autres"
    other.mkdir()
    rules.rename(other / "r.regles")
    assert run("test", both, other)[0] == 1
    corrected(both)
    status, out, _ = run("check", both, other)
    assert status == 0
    assert [line for line in out.splitlines() if line.endswith((") :", "):"))] == [
        "Règles en français (remises.regles) :", "Rules in English (discounts.rules):",
        "Règles en français (r.regles) :",
    ]  # fmt: skip
    assert len(json.loads(run("check", both, other, "--format", "json")[1])["sets"]) == 3
    assert run("check", other, other, "--format", "json") == run("check", other, "--format", "json")
    assert run("test", both, other)[0] == 0


def test_one_language_of_a_folder_decides(run: Run, both: Path) -> None:
    status, out, err = run("run", both, "--fact", "sale=yes")
    assert (status, out, "E937" in err, "remises.regles" in err) == (2, "", True, True)
    assert run("run", both, "--lang", "en", "--fact", "sale=yes")[1].startswith("discount: 5%")
    assert rulec.load(both, language="fr").decide({"sale": True})["discount"] == Decimal("0.05")
    with pytest.raises(rulec.CompileError, match="E937"):
        rulec.load(both)


def test_both_languages_of_a_folder_are_formatted(run: Run, both: Path) -> None:
    """A page of prose beside them is no rule set, and a file that declares nothing goes with those of its language."""
    (both / "README.md").write_text("# Remises\n", encoding="utf-8")
    (both / "plus.regles").write_text("Si soldes alors la remise est de 6%\n", encoding="utf-8")
    status, out, err = run("format", both)
    assert (status, err, out.count("Réécrit"), out.count("Rewritten")) == (0, "", 2, 1)
    assert (both / "plus.regles").read_text("utf-8").endswith("la remise est de 6 %\n")
    assert run("format", both, "--check")[0] == 0


def test_files_of_two_languages_that_use_each_other_are_one_set(run: Run, both: Path) -> None:
    (both / "remises.regles").write_text("Utiliser discounts\n" + (both / "remises.regles").read_text("utf-8"), "utf-8")
    status, out, _ = run("check", both)
    assert (status, "E205" in out) == (1, True)


# ---- vocabulary


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.regles", LINE),
        ("r.regles", "\ufeff# remises\r\n" + LINE.replace("\n", "\r\n") + "Si commande > 10 € alors port 5 €\r\n"),
        ("d.rules", ENGLISH + "If order > €9,000 then refer to the manager\n"),
        ("r.regles", "Language: English\n" + ENGLISH),
        ("r.regles", "Si pays est la France et client fidèle alors remise 5 %"),
    ],
)
def test_vocabulary_is_written_and_changes_nothing(run: Run, tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    path.chmod(0o640)
    before = rulec.load(path)
    assert run("vocabulary", path, "--write")[0] == 0
    after, written = rulec.load(path), path.read_bytes().decode()
    assert (after.plan.facts, after.plan.outcomes) == (before.plan.facts, before.plan.outcomes)
    assert not after.vocabulary.inferred
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert written.startswith("\ufeff") == text.startswith("\ufeff")
    assert written.count("\r\n") in (0, written.count("\n"))
    assert list(tmp_path.iterdir()) == [path]
    status, out, _ = run("vocabulary", path, "--write")
    assert (status, path.read_bytes().decode()) == (0, written)
    assert str(path) in out


def test_vocabulary_shows_the_declared_terms(run: Run, tmp_path: Path) -> None:
    run("new", tmp_path / "p")
    lines = [" ".join(line.split()) for line in run("vocabulary", tmp_path / "p")[1].splitlines()]
    assert "fidèle (client) oui ou non [client.fidele]" in lines
    assert "remise pourcentage [remise] la plus élevée l'emporte, 0 % par défaut" in lines
    assert "demander l'accord du gérant avec motif (texte) [demander_l_accord_du_gerant]" in lines


def test_vocabulary_shows_the_terms_of_each_language_of_a_folder(run: Run, both: Path) -> None:
    status, out, err = run("vocabulary", both)
    assert (status, err) == (0, "")
    heads = [line for line in out.splitlines() if line.endswith((" :", ":"))]
    assert heads == [
        "Règles en français (remises.regles) :", "On connaît :", "On décide :",
        "Rules in English (discounts.rules):", "We know:", "We decide:",
    ]  # fmt: skip


def test_why_cuts_conditions_from_their_article_on(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "r.regles"
    text = "Si (le client est fidèle ou le canal est web) et commande > 5 € alors remise 10 %"
    path.write_text(text, encoding="utf-8")
    facts = ("--fact", "client fidèle=oui", "--fact", "canal web=non", "--fact", "commande=6 €")
    lines = [line.strip() for line in run("run", path, *facts, "--why")[1].splitlines()]
    assert "✓ le client est fidèle ou le canal est web" in lines
    assert "✓ le client est fidèle   [client fidèle = oui]" in lines


def test_what_failed_is_told_in_the_language_asked_for(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "r.regles"
    text = "Si client fidèle alors remise 10 %\nExemple « a » : étant donné un client fidèle alors la remise est de 5 %"
    path.write_text(text, encoding="utf-8")
    out = run("test", path, "--lang", "en")[1]
    assert "given: client fidèle = yes" in out
    assert "[client fidèle = yes]" in out
    assert "[client fidèle = yes]" in run("run", path, "--fact", "client fidèle=oui", "--why", "--lang", "en")[1]


def test_vocabulary_is_written_into_one_rule_file_only(run: Run, rules: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(LINE, encoding="utf-8")
    for paths in ([rules, rules], [tmp_path / "notes.txt"], [tmp_path]):
        status, _, err = run("vocabulary", *paths, "--write")
        assert (status, "E928" in err or "E905" in err) == (2, True)
    assert rules.read_text(encoding="utf-8") == LINE


# ---- explain


@pytest.mark.parametrize(("lang", "words"), [("fr", ("erreur", "Préférez")), ("en", ("error", "Prefer"))])
def test_explain_prints_the_page(run: Run, lang: str, words: tuple[str, str]) -> None:
    status, out, _ = run("explain", "e501", "--lang", lang)
    assert status == 0
    assert out.startswith("E501")
    assert all(word in out for word in words)


def test_explain_lists_and_offers_the_nearest(run: Run) -> None:
    assert "E501  " in run("explain")[1]
    status, _, err = run("explain", "E50l")
    assert status == 2
    assert "E501, E502" in err
    assert "E501, " in run("explain", "501")[2]


# ---- build


def test_build_python_decides_alone(run: Run, rules: Path, tmp_path: Path) -> None:
    target = tmp_path / "decider.py"
    assert run("build", rules, "--target", "python", "-o", target) == (0, "", "")
    given = json.dumps({"commande": "620 €", "client_fidele": "oui"})
    alone = [sys.executable, "-I", "-S", str(target)]
    out = subprocess.run(alone, input=given, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert json.loads(out)["outcomes"]["remise"]["value"] == "0.1"


def test_build_schema_and_pydantic(run: Run, rules: Path, tmp_path: Path) -> None:
    status, out, _ = run("build", rules, "--target", "json-schema", "-o", "-")
    assert (status, json.loads(out)) == (0, rulec.load(rules).schema())
    assert run("build", rules, "--target", "pydantic", "--output", tmp_path / "facts.py")[0] == 0
    assert "class Facts" in (tmp_path / "facts.py").read_text(encoding="utf-8")


def test_build_keeps_what_it_cannot_replace(run: Run, rules: Path, tmp_path: Path) -> None:
    status, _, err = run("build", rules, "--target", "python", "-o", tmp_path / "no" / "file.py")
    assert (status, "E927" in err) == (1, True)
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.touch(mode=0o600)
    link.symlink_to(target)
    assert run("build", rules, "--target", "json-schema", "-o", link)[0] == 0
    assert link.is_symlink()
    assert json.loads(target.read_text(encoding="utf-8"))["type"] == "object"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert run("build", rules, "--target", "json-schema", "-o", "/dev/null")[0] == 0
    assert not Path("/dev/null").is_file()
    assert run("build", rules, "--target", "json-schema", "-o", tmp_path)[0] == 1


# ---- new


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_new_makes_a_project_that_works(run: Run, tmp_path: Path, lang: str) -> None:
    folder = tmp_path / "deep" / "project"
    assert run("new", folder, "--lang", lang)[0] == 0
    names = FILES["fr" if lang == "fr" else "en"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert run("check", folder)[0] == 0
    status, out, _ = run("run", folder / names[0], "--facts", folder / names[1])
    assert status == 0
    assert out.splitlines()[0] == ("remise : 10 %" if lang == "fr" else "discount: 10%")
    assert names[0] in (folder / "README.md").read_text(encoding="utf-8")


def test_new_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text("mine", encoding="utf-8")
    status, _, err = run("new", tmp_path)
    assert (status, "E926" in err) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["facts.json"]
    assert run("new", tmp_path / "facts.json")[0] == 1
    assert run("new", tmp_path / "facts.json" / "x")[0] == 1
    assert (tmp_path / "facts.json").read_text(encoding="utf-8") == "mine"


# ---- the whole


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_the_language_asked_for(run: Run, command: str, lang: str) -> None:
    status, out, err = run(*filter(None, [command]), "--help", "--lang", lang)
    assert (status, err) == (0, "")
    assert out.startswith("Utilisation : rulec" if lang == "fr" else "Usage: rulec")
    assert f"  rulec {command or 'check'}" in out
    assert all(len(line) <= 100 for line in out.splitlines())
    assert out == run(*filter(None, [command]), "-h", "--lang", lang)[1]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ([], "E912", "commande"),
        (["chekc"], "E910", "« check »"),
        (["check"], "E912", "CHEMIN"),
        (["check", "--fromat", "json", "x"], "E911", "« --format »"),
        (["check", "x", "--lang", "de"], "E913", "fr, en"),
        (["explain", "E501", "E502"], "E914", "E502"),
        (["build", "x"], "E912", "--target"),
        (["--nothing"], "E911", "--nothing"),
    ],
)
def test_wrong_use_is_said_in_both_languages(run: Run, args: list[str], code: str, said: str) -> None:
    status, out, err = run(*args)
    assert (status, out) == (2, "")
    assert f"Erreur {code} :" in err
    assert said in err
    assert f"Error {code}:" in run("--lang", "en", *args)[2]


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"rulec {rulec.__version__}\n", "")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "fr_CA"}, "fr"),
        ({"LC_ALL": "", "LANG": "fr"}, "fr"),
        ({"LANG": "de_DE"}, "en"),
    ],
)
def test_the_environment_chooses_the_language(environment: dict[str, str], language: str) -> None:
    assert tongue_of([], environment).own == language
    assert tongue_of(["--lang", "fr"], environment).own == "fr"
    assert tongue_of(["--lang"], environment).own == language


@pytest.mark.parametrize("locale", ["C", "POSIX", "fr_FR.ISO-8859-1"])
def test_output_is_utf8_in_every_locale(rules: Path, locale: str) -> None:
    done = process("check", rules, LC_ALL=locale, PYTHONIOENCODING="", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0
    assert "montant en €" in done.stdout.decode("utf-8")


def test_half_characters_are_escaped(rules: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rulec", "explain", b"E\xff01"], capture_output=True, env=os.environ, check=False
    )
    assert done.returncode == 2
    assert done.stderr.decode("utf-8")


@contextmanager
def deciding(rules: Path) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes], IO[bytes]]]:
    """A process that has decided the first of many lines and waits for more: itself and its three streams."""
    command = [sys.executable, "-m", "rulec", "run", str(rules), "--facts", "-", "--format", "json"]
    command = ["env", "--default-signal=INT", *command]  # where tests run in the background it would be ignored
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        streams = [stream for stream in (running.stdin, running.stdout, running.stderr) if stream]
        given, out, err = streams
        given.write(b'{"commande": 1}\n' * 2000)
        given.flush()
        assert json.loads(out.readline())["status"] == "not_applicable"
        yield running, given, out, err


def test_a_closed_pipe_ends_quietly(rules: Path) -> None:
    with deciding(rules) as (running, given, out, err):
        out.close()
        given.close()
        assert err.read() == b""
    assert running.returncode == 141


def test_an_interruption_ends_quietly(rules: Path) -> None:
    with deciding(rules) as (running, _, _, err):
        running.send_signal(signal.SIGINT)
        assert err.read() == b""
    assert running.returncode == 130


def test_json_lines_are_decided_as_they_come(rules: Path) -> None:
    """In constant memory: a hundred times the lines take no more."""

    def most(lines: int) -> int:
        script = (
            "import sys, tracemalloc, gc; from rulec.cli import main; sys.stdout = open('/dev/null', 'w')\n"
            f"main(['run', {str(rules)!r}, *{LOYAL!r}]); tracemalloc.start()\n"
            f"main(['run', {str(rules)!r}, '--facts', '-', '--format', 'json'])\n"
            "print(tracemalloc.get_traced_memory()[1], file=sys.stderr)"
        )
        given = b'{"commande": 620, "client_fidele": true}\n' * lines
        done = subprocess.run([sys.executable, "-c", script], input=given, capture_output=True, check=True)
        return int(done.stderr)

    assert most(3000) < 1.5 * most(30) + 500_000


def test_a_defect_shows_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(args: list[str], tongue: object) -> int:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(entry, "_run", broken)
    status, out, err = run("check", "x")
    assert (status, out) == (70, "")
    assert "ZeroDivisionError" in err
    assert "Traceback" not in err
    monkeypatch.setenv("RULEC_DEBUG", "1")
    assert "Traceback" in run("check", "x")[2]


def test_colours_are_for_terminals_alone(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rulec.cli.output import paint_for

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal: object = Terminal()
    assert paint_for(terminal)("x", "error") == "\x1b[1;31mx\x1b[0m"  # type: ignore[arg-type]  # all that is asked
    monkeypatch.setenv("NO_COLOR", "1")
    assert paint_for(terminal)("x", "error") == "x"  # type: ignore[arg-type]  # all that is asked
    assert b"\x1b" not in process("check", rules).stdout


@pytest.mark.parametrize(
    ("words", "found"), [("rulec che", "check"), ("rulec run --fac", "--facts"), ("rulec explain E50", "E501")]
)
def test_the_shell_completes(words: str, found: str) -> None:
    position = str(len(words.split()) - 1)
    done = process(_RULEC_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=position)
    assert f"plain,{found}" in done.stdout.decode().splitlines()


def test_commands_import_no_slow_library(rules: Path) -> None:
    slow = ("pydantic", "holidays", "rapidfuzz", "hypothesis", "difflib")
    script = (
        "import sys; from rulec.cli import main\n"
        f"main(['check', {str(rules)!r}])\n"
        f"print([name for name in {slow!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stderr.decode().strip() == "[]"
