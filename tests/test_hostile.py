"""Hostile files and names, through real processes: a clear error or a result, never a traceback, a hang, code run."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import warm

LINE = "Si commande > 500 € et client fidèle alors remise 10 %"
DECLARED = """\
Un client a :
  - il peut être fidèle [loyal]
Une commande a :
  - un montant (en €) [amount]
On connaît :
  - un code (texte) [code]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte [discount]
On peut :
  - transmettre au gérant [refer], avec un motif (texte) [reason]
"""
SECONDS = 60.0  # the wall clock of one process on a busy machine


def rulec(
    folder: Path, *args: str | Path, given: bytes = b"", seconds: float = SECONDS
) -> subprocess.CompletedProcess[str]:
    """A process that must end in time, with a status of the contract and without a traceback."""
    command = [*warm.rulec(), *map(str, args)]
    start = time.monotonic()
    done = subprocess.run(
        command, input=given, capture_output=True, cwd=folder, env=environment(), timeout=seconds, check=False
    )
    said = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    told = subprocess.CompletedProcess(command, done.returncode, *said)
    print(f"{time.monotonic() - start:.2f} s, status {done.returncode}: rulec {' '.join(map(str, args))[:80]}")
    assert done.returncode in (0, 1, 2), said
    assert "Traceback" not in "".join(said)
    assert done.returncode == 0 or re.search(r'(ERREUR|Erreur|"code":) "?E\d{3}\b', "".join(said)), said
    return told


def environment() -> dict[str, str]:
    """French, and this checkout."""
    root = str(Path(__file__).parent.parent)
    return {**os.environ, "LC_ALL": "fr_FR.UTF-8", "PYTHONPATH": root, "NO_COLOR": "1"}


def codes(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The codes of a report."""
    return re.findall(r"\b(?:ERREUR|Erreur|AVERTISSEMENT) ([EW]\d{3})", done.stdout + done.stderr)


def checked(folder: Path, data: bytes | str, seconds: float = SECONDS) -> list[str]:
    """The codes that `rulec check` reports for a file with these bytes; `[]`: none, and the file is fine."""
    path = folder / "x.regles"
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    done = rulec(folder, "check", path, seconds=seconds)
    found = codes(done)
    assert (done.returncode == 0) == (not any(code.startswith("E") for code in found))
    return found


# ---- bytes


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (f"{LINE}\n\0\n".encode(), "E906"),
        (b"Si com\0mande > 5 alors remise 10 %", "E906"),
        (b"Si \xed\xa0\x80 > 5 alors remise 10 %", "E903"),
        (LINE.encode("latin-1", "replace"), "E903"),
        (LINE.encode("cp1252"), "E903"),
        (LINE.encode("utf-16"), "E903"),
        (LINE.encode("utf-16-be"), "E903"),
        (LINE.encode("utf-32"), "E903"),
        (b"PK\x03\x04\x14\0\x06\0\x08\0!\0\xdf\xa4\xd2lZ\x01", "E903"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "E903"),
        ((LINE + "\n").encode() * 200_000, "E904"),
        ((LINE + " et client fidèle" * 60_000).encode(), "E909"),
        (b"a" * 1_000_000, "E909"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)
def test_bytes_that_cannot_be_rules(tmp_path: Path, data: bytes, code: str) -> None:
    assert checked(tmp_path, data) == [code]


@pytest.mark.parametrize("text", ["\ufeff" + LINE, "\ufeff\ufeff\n\n" + LINE, LINE + "\u00a0\u202f \t\r\n\r\r\n"])
def test_marks_and_spaces_are_harmless(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path, text) == []


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "# rien\n", "\ufeff", "\n" * 100_000])
def test_a_file_without_rules_does_no_harm(tmp_path: Path, text: str) -> None:
    assert not any(code.startswith("E9") for code in checked(tmp_path, text))


def test_lines_end_with_lf_crlf_or_cr(tmp_path: Path) -> None:
    ends = ("\n", "\r\n", "\r")
    path = tmp_path / "x.regles"
    path.write_bytes("".join(f"Si zut{number} > > alors{end}" for number, end in enumerate(ends)).encode())
    found = json.loads(rulec(tmp_path, "check", path, "--format", "json").stdout)["diagnostics"]
    assert [each["start"]["line"] for each in found] == [1, 2, 3]


def test_other_line_ends_are_no_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "x.regles"
    path.write_text(f"{LINE}\u2028Si zut > >\x85Si zut > >\x0bSi > >", encoding="utf-8")
    found = json.loads(rulec(tmp_path, "check", path, "--format", "json").stdout)["diagnostics"]
    assert found
    assert {each["start"]["line"] for each in found} == {1}


# ---- places


def test_places_that_hold_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.regles").mkdir()
    (tmp_path / "broken.regles").symlink_to("nowhere")
    (tmp_path / "loop.regles").symlink_to("loop.regles")
    (tmp_path / "device.regles").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.regles")
    wanted = {
        "folder.regles": "E907", "broken.regles": "E901", "loop.regles": "E901", "device.regles": "E908",
        "pipe.regles": "E908", "/dev/null": "E908", "none\n\x1b.regles": "E901", "é" * 200 + ".regles": "E901",
        "x" * 5000: "E901",
    }  # fmt: skip
    for path, code in wanted.items():
        assert codes(rulec(tmp_path, "check", path)) == [code], path
    for command in (["run"], ["vocabulary", "--write"], ["build", "--target", "python", "-o", "-"]):
        assert codes(rulec(tmp_path, command[0], "pipe.regles", *command[1:])) == ["E908"]


def test_a_folder_with_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "broken.regles").symlink_to("nowhere")
    (tmp_path / "around").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.regles")
    (tmp_path / "fine.regles").write_text(LINE, encoding="utf-8")
    assert rulec(tmp_path, "check", ".").returncode == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "x.regles"
    path.write_text(LINE, encoding="utf-8")
    path.chmod(0)
    assert codes(rulec(tmp_path, "check", path)) == ["E902"]


@pytest.mark.parametrize("given", [b"\xff", b"\0", (LINE + "\n").encode() * 200_000, b"", b"\xef\xbb\xbf"])
def test_standard_input(tmp_path: Path, given: bytes) -> None:
    rulec(tmp_path, "check", "-", given=given)


# ---- imports


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "..", ".", ".env", "..\\x", "~", "*", "x" * 5000, "é" * 200, "%s{0}", "sub"],
)
def test_only_files_beside_are_imported(tmp_path: Path, name: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".env").write_text("SECRET=1", encoding="utf-8")
    (tmp_path.parent / "outside.regles").write_text(LINE, encoding="utf-8")
    said = rulec_of(tmp_path, f"Utiliser {name}\n{LINE}\n")
    assert "E931" in codes(said)
    assert "root:" not in said.stdout
    assert "SECRET" not in said.stdout


def rulec_of(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """`rulec check` of a text."""
    (folder / "x.regles").write_text(text, encoding="utf-8")
    return rulec(folder, "check", "x.regles")


def test_import_cycles(tmp_path: Path) -> None:
    for one, other in ("ab", "bc", "ca"):
        (tmp_path / f"{one}.regles").write_text(f"Utiliser {other}\n", encoding="utf-8")
    done = rulec(tmp_path, "check", "a.regles")
    assert codes(done) == ["E932"]
    assert "a.regles → b.regles → c.regles → a.regles" in done.stdout.replace("\n", " ")
    (tmp_path / "b.regles").write_text("Utiliser b\n", encoding="utf-8")
    assert codes(rulec(tmp_path, "check", "a.regles")) == ["E932"]


def test_a_long_chain_of_imports(tmp_path: Path) -> None:
    for number in range(1500):
        (tmp_path / f"f{number}.regles").write_text(f"Utiliser f{number + 1}\n", encoding="utf-8")
    (tmp_path / "f1500.regles").write_text(LINE, encoding="utf-8")
    assert rulec(tmp_path, "check", "f0.regles").returncode == 0


def test_an_import_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bytes.regles").write_bytes(b"\xff\xfe\0")
    assert "E903" in codes(rulec_of(tmp_path, f"Utiliser bytes\n{LINE}\n"))


def test_prose_imports_nothing(tmp_path: Path) -> None:
    text = f"# Remises\n\nUse the tables below.\nUtiliser ceci\n\n```regles\n{LINE}\n```\n"
    (tmp_path / "x.md").write_text(text, encoding="utf-8")
    assert rulec(tmp_path, "check", "x.md").returncode == 0
    (tmp_path / "x.md").write_text(f"Prose.\n\n```regles\nUtiliser ailleurs\n{LINE}\n```\n", encoding="utf-8")
    done = rulec(tmp_path, "check", "x.md")
    assert codes(done) == ["E931"]
    assert "x.md:4:10" in done.stdout


def test_a_page_without_rules_is_said_to_hold_none(tmp_path: Path) -> None:
    for text, code, place in (("Prose.\n", "W901", "x.md:1:1"), ("Prose.\n\0```regles\n```\n", "E906", "x.md:2:1")):
        (tmp_path / "x.md").write_text(text, encoding="utf-8")
        done = rulec(tmp_path, "check", "x.md")
        assert codes(done) == [code]
        assert place in done.stdout


# ---- depth and size

DEEP = 1000
TEXTS = {
    "parentheses": "Si " + "(" * DEEP + "client fidèle" + ")" * DEEP + " alors remise 10 %",
    "open parentheses": "Si " + "(" * DEEP + "client fidèle alors remise 10 %",
    "closed parentheses": "Si client fidèle" + ")" * DEEP + " alors remise 10 %",
    "pas": "Si client " + "pas " * DEEP + "fidèle alors remise 10 %",
    "non": "Si " + "non (" * DEEP + "client fidèle" + ")" * DEEP + " alors remise 10 %",
    "et": "Si " + "client fidèle et\n  " * DEEP + "client fidèle alors remise 10 %",
    "sinon si": LINE + "".join(f"\n  sinon si commande > {number} € alors remise 5 %" for number in range(DEEP)),
    "sum": "Si commande > 1 €" + " + 1 €" * DEEP + " alors remise 10 %",
    "nested sum": "Si commande > " + "(1 € + " * DEEP + "1 €" + ")" * DEEP + " alors remise 10 %",
    "lists": "Si toutes les conditions suivantes :\n"
    + "".join("  " * depth + "- toutes les conditions suivantes :\n" for depth in range(1, 500))
    + "  " * 500 + "- client fidèle\nalors remise 10 %",
    "items": "Si toutes les conditions suivantes :\n" + "  - client fidèle\n" * DEEP + "alors remise 10 %",
    "attributes": "Si " + "montant de " * DEEP + "commande > 5 € alors remise 10 %",
    "name": "Si " + "mot " * DEEP + "> 5 € alors remise 10 %",
    "word": "Si " + "m" * 50_000 + " > 5 € alors remise 10 %",
    "quote": DECLARED + "Si le code est « " + "x" * 50_000 + " » alors remise 10 %",
    "digits": "Si commande > " + "1" * 50_000 + " € alors remise 10 %",
    "exponent": "Si commande > 1e999999999 € alors remise 10 %",
    "groups": "Si commande > " + "1 000 " * DEEP + "€ alors remise 10 %",
    "open quotes": "Si le code est " + "« x " * DEEP,
    "open quote a line": "Si le code est « x\n" * 200,
    "closed quotes": "Si le code est " + "» " * DEEP,
    "bidi": "Si com\u202emande\u2066 > 500 € alors remise 10 %",
    "zero width": "Si com\u200bmande > 500 € alors re\u200dmise 10 %",
    "combining": "Si comm" + "\u0301" * DEEP + " > 500 € alors remise 10 %",
    "dots": LINE + "." * DEEP,
    "bullets": "- a\n" * 500,
    "titles": "Règle « a » :\n" * 500,
    "tables": "| a || b |\n" * DEEP,
    "comments": "# x\n" * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_depth(tmp_path: Path, name: str) -> None:
    found = checked(tmp_path, TEXTS[name])
    assert len(found) < 3000


def test_bidi_and_zero_width_are_shown(tmp_path: Path) -> None:
    for name in ("bidi", "zero width"):
        done = rulec_of(tmp_path, TEXTS[name] + "\nSi > >\n")
        assert not set(done.stdout) & set("\u202e\u2066\u200b\u200d")


# ---- a text is never code

HOSTILE = [
    "'); __import__('os').system('touch PWNED'); ('",
    "''' + __import__('os').system('touch PWNED') + '''",
    "__import__",
    "{0.__class__.__init__.__globals__}",
    "{__import__('os').system('touch PWNED')}",
    "f'{1/0}'",
    "%s %(x)s %n %d",
    "\\",
    "\\'",
    "\\x41 \\N{BULLET} \\u0041 \\",
    "{}{{}}{",
    "}",
    "${HOME} $(touch PWNED) `touch PWNED`",
    "<script>alert(1)</script>",
    "'; DROP TABLE remises; --",
    "None",
    "lambda: 0",
    "# pas un commentaire",
    "\x1b[31mrouge",
    "\u202egnp",
    "é\u0301 \ufeff 🐍",
    "[x](y) **z** | a |",
]


def hostile_rules() -> str:
    """A rule whose title, text, reason and parameter are each of the hostile texts."""
    return DECLARED + "".join(
        f"Règle « {number} {text} » :\n  si le code est exactement « {text} »\n"
        f"  alors la remise est de {number} % et transmettre au gérant avec le motif « {text} »\n"
        f"  parce que « {text} »\n"
        for number, text in enumerate(HOSTILE)
    )


def python(folder: Path, *args: str, given: str = "") -> subprocess.CompletedProcess[bytes]:
    """Python without the environment's paths."""
    command = [sys.executable, "-I", "-X", "utf8", "-W", "error", *args]
    return subprocess.run(command, input=given.encode(), capture_output=True, cwd=folder, timeout=60, check=False)


def meant(text: str) -> str:
    """A text as rules hold it: spaces around it do not count."""
    return text.strip()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the hostile rules and all that is built from them."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "x.regles").write_text(hostile_rules(), encoding="utf-8")
    assert rulec(folder, "check", "x.regles").returncode == 0
    for target, name in (("python", "decide.py"), ("pydantic", "facts.py"), ("json-schema", "facts.json")):
        assert rulec(folder, "build", "x.regles", "--target", target, "-o", name).returncode == 0
    return folder


def test_hostile_texts_stay_texts_in_the_built_module(hostile: Path) -> None:
    before = sorted(path.name for path in hostile.iterdir())
    for number, text in enumerate(HOSTILE):
        done = python(hostile, "-S", "decide.py", given=json.dumps({"code": text}))
        assert (done.returncode, done.stderr) == (0, b"")
        decision = json.loads(done.stdout)
        assert decision["outcomes"]["discount"]["fired"][0]["title"] == f"{number} {text}".strip()
        assert [action["parameters"] for action in decision["actions"]] == [{"reason": meant(text)}]
    assert sorted(path.name for path in hostile.iterdir()) == before


def test_hostile_texts_stay_texts_in_decisions(hostile: Path) -> None:
    lines = "".join(json.dumps({"code": text}) + "\n" for text in HOSTILE)
    (hostile / "facts.jsonl").write_text(lines, encoding="utf-8")
    done = rulec(hostile, "run", "x.regles", "--facts", "facts.jsonl", "--format", "json")
    decisions = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["actions"][0]["parameters"]["reason"] for each in decisions] == [meant(text) for text in HOSTILE]
    shown = rulec(hostile, "run", "x.regles", "--facts", "facts.jsonl", "--why").stdout
    assert not set(shown) & set("\x1b\u202e\ufeff")
    assert not (hostile / "PWNED").exists()


def test_hostile_texts_as_facts(hostile: Path) -> None:
    given = [argument for text in HOSTILE for argument in ("--fact", f"{text}={text}")]
    done = rulec(hostile, "run", "x.regles", *given)
    assert done.returncode == 1
    assert not set(done.stdout + done.stderr) & set("\x1b\u202e\ufeff")
    done = rulec(hostile, "run", "x.regles", "--fact", f"code={HOSTILE[0]}")
    assert "0 %" in done.stdout
    assert not (hostile / "PWNED").exists()


def test_hostile_texts_in_schema_and_model(hostile: Path) -> None:
    assert json.loads((hostile / "facts.json").read_text(encoding="utf-8"))["type"] == "object"
    done = python(hostile, "facts.py")
    assert (done.returncode, done.stderr) == (0, b"")
    assert not (hostile / "PWNED").exists()


# ---- names and keys that mean something to Python

WORDS = [
    "class", "import", "None", "True", "def", "lambda", "self", "print", "eval", "json", "dict",
    "field", "type", "id", "fast", "full", "outline", "decide", "main", "decimal", "date", "facts", "at", "s",
    "model_config", "copy",
    "validate", "schema", "BaseModel", "Annotated", "Literal",
]  # fmt: skip


def names_as_python(named: Sequence[str]) -> str:
    """Every word as a key of a fact, of an entity, of an option, of an outcome."""
    return (
        "Un gadget [class] a :\n"
        + "".join(f"  - un chiffre {letters(number)} (nombre) [{word}]\n" for number, word in enumerate(named))
        + "On connaît :\n"
        + "".join(f"  - un relevé {letters(number)} (nombre) [{word}_]\n" for number, word in enumerate(named))
        + "  - un canal parmi boutique [None], web [__import__], salon [lambda] [canal]\n"
        + "On décide :\n  - la remise (pourcentage), la plus élevée l'emporte [discount]\n"
        + "  - le score (nombre) [exec_]\n"
        + "".join(f"Si chiffre {letters(number)} > 5 alors remise 10 %\n" for number, _ in enumerate(named))
        + "Si le canal est salon et relevé zoaabk > 3 alors le score est de 4\n"
    )


def letters(number: int) -> str:
    """A word for a number; it is no word of the language, and no form of another one."""
    return "zo" + "".join(chr(97 + number // power % 26) for power in (676, 26, 1)) + "k"


def test_keys_that_are_words_of_python(tmp_path: Path) -> None:
    (tmp_path / "x.regles").write_text(names_as_python(WORDS), encoding="utf-8")
    done = rulec(tmp_path, "check", "x.regles")
    assert done.returncode == 0, done.stdout
    for target, name in (("python", "decide.py"), ("pydantic", "facts.py"), ("json-schema", "facts.json")):
        assert rulec(tmp_path, "build", "x.regles", "--target", target, "-o", name).returncode == 0
    given = json.dumps({"class": dict.fromkeys(WORDS, 6), "canal": "lambda", "import_": 7})
    built = python(tmp_path, "-S", "decide.py", given=given)
    assert (built.returncode, built.stderr) == (0, b"")
    decided = json.loads(built.stdout)["outcomes"]
    assert (decided["discount"]["value"], decided["exec_"]["value"]) == ("0.1", "4")
    done = rulec(tmp_path, "run", "x.regles", "--facts", "-", "--format", "json", given=given.encode())
    assert json.loads(done.stdout)["outcomes"] == decided
    model = python(tmp_path, "facts.py")
    assert (model.returncode, model.stderr) == (0, b"")


@pytest.mark.parametrize(
    "key", ["'); x", "a b", "é", "{0}", "a'b", "a\\b", "1a", "", "a.b", "a\nb", '"', "a]b", "\u202e", "a-b", "a+b"]
)
def test_keys_are_plain_identifiers(tmp_path: Path, key: str) -> None:
    head = f"On connaît :\n  - un code (texte) [{key}]\nOn décide :\n  - la remise (pourcentage)\n"
    assert rulec_of(tmp_path, head + "Si code est « a » alors remise 1 %\n").returncode == 1


# ---- size


def test_ten_thousand_rules(tmp_path: Path) -> None:
    declared = DECLARED.replace("l'emporte [discount]", "l'emporte, 0 % par défaut [discount]")
    rules = (f"Si commande > {n} € et client fidèle alors remise {n % 99} %\n" for n in range(10_000))
    assert checked(tmp_path, declared + "".join(rules), seconds=300) == []


def test_two_hundred_thousand_short_lines(tmp_path: Path) -> None:
    assert checked(tmp_path, "(\n" * 200_000, seconds=600)


def test_five_thousand_terms(tmp_path: Path) -> None:
    names = [letters(number) for number in range(5000)]
    facts = "".join(f"  - un relevé {name} (nombre)\n" for name in names)
    rules = "".join(f"Si relevé {name} > 5 alors remise 10 %\n" for name in names[:500])
    decided = "  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut\n"
    text = f"On connaît :\n{facts}On décide :\n{decided}{rules}"
    assert checked(tmp_path, text, seconds=300) == []


def test_five_hundred_options(tmp_path: Path) -> None:
    names = [f"ville {letters(n)}" for n in range(500)]
    rules = "".join(f"Si le lieu est {name} alors remise 10 %\n" for name in names)
    text = f"On connaît :\n  - un lieu parmi {', '.join(names)}\nOn décide :\n  - la remise (pourcentage)\n{rules}"
    assert checked(tmp_path, text, seconds=60) == []
