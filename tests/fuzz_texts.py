"""A seed and a number in, a rule text out: sentences of pairs, examples and pages, changed here and there."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from rulec.source import LANGUAGES, Language
from rulec.syntax.fold import fold

HERE = Path(__file__).parent
ENDINGS: dict[Language, str] = {"fr": "regles", "en": "rules"}
WORLDS = {"pairs": "vocabulary", "lists": "lists", "alone": ""}  # pairs → their vocabulary; "": they are whole files
LONGEST = 10_000  # bytes of a text
THEN = {"fr": " alors ", "en": " then "}
IF = {"fr": "Si ", "en": "If "}
JOINS = {
    "fr": (" et ", " ou ", ", ou ", " sauf si ", " et (", " ou non ", ", sinon si ", " mais pas si "),
    "en": (" and ", " or ", ", or ", " unless ", " and (", " or not ", ", otherwise if ", " but not if "),
}
AROUND = {  # what a rule may stand in: a title, a period, each element of a list
    "fr": ("Règle « R » :\n  ", "À partir du 1er mars 2026 :\n  ", "Du 1er mars 2026 au 2 avril 2027 :\n  ",
           "Pour chaque ligne : ", "Pour chaque article :\n  ", "Par exception à la règle « R » : "),
    "en": ('Rule "R":\n  ', "From 1 March 2026:\n  ", "From 1 March 2026 to 2 April 2027:\n  ",
           "For each line: ", "For each item:\n  ", 'As an exception to rule "R": '),
}  # fmt: skip
EXAMPLE = {
    "fr": "Exemple « E » :\n  étant donné {}\n  alors {}",
    "en": 'Example "E":\n  given {}\n  then {}',
}
USES = {"fr": "Utiliser commerce.\n", "en": "Use commerce.\n"}
FENCES = ("```", "~~~", "````")
MAIN = {"fr": "principal", "en": "main"}
COMMON = set(re.findall(r"\w+", "nomb date numb euro oui non yes the les des une par parm amon avec with"))
NUMBERS = (
    "0", "1", "2", "3", "7", "10", "12", "28", "29", "31", "100", "2026", "9999", "1000000", "0,5", "1.5", "007", "-1",
)  # fmt: skip
UNITS = ("€", "%", "kg", "g", "km", "€ HT", "€ TTC", "$", "jours", "days", "mois", "months", "h", "points", "")
BREAKS = ("\n", "\n  ", "\r\n", "\r", " # ", "\n  - ", ".\n")
CHARS = (
    "abcé €%0123456789.,:;()«»\"'’-–+*/<>=≥≠|#\n\t\r\u00a0\u202f\ufeff[]{}\\_&!?ßİıſ٣½①\u0301\u200b𝟘\u2028\x85\x0b\x0c"
    "\x1b\u202e\u2066œŒ²³°→⇒−×÷$£¥@~`^\x7f"
)
RARE = "\0\ud800\udfff\U0010ffff"


@dataclass(frozen=True)
class Input:
    """A text of one language; `literate`: a page of Markdown with its rules in blocks."""

    language: Language
    text: str
    literate: bool = False


@dataclass(frozen=True)
class Seeds:
    """What the texts of a language are made from: sentences that are fine, statements of all kinds, declarations (each
    a head and its lines), words."""

    fine: tuple[str, ...]
    statements: tuple[str, ...]
    declarations: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]


@cache
def seeds(language: Language, world: str) -> Seeds:
    """From golden pairs and their vocabulary, the library, examples, blocks of the pages, chunks with announced errors.

    `world`: which pairs, a name of WORLDS.
    """
    ending = ENDINGS[language]
    column = 1 + LANGUAGES.index(language)
    pairs = (HERE / "golden" / f"{world}.tsv").read_text(encoding="utf-8").splitlines()
    said = [line.replace("\\n", "\n").split("\t") for line in pairs if line and line[0] != "#"]
    statements = [pair[column] for pair in said]
    fine = tuple(pair[column] for pair in said if pair[0] in ("clear", "stated"))
    folders = (f"examples/*/*.{ending}", f"stdlib/*.{ending}")
    examples = [path.read_text(encoding="utf-8") for each in folders for path in sorted(HERE.parent.glob(each))]
    for path in sorted([*HERE.parent.glob("docs/*.md"), *HERE.parent.glob("*.md")]):
        examples += re.findall(rf"^```{ending}\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for path in sorted(HERE.glob(f"errors/*.{ending}")):
        chunks = re.split(r"^---$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        examples += [re.sub(r"^#include.*\n|[ \t]*#!.*$", "", chunk, flags=re.MULTILINE).strip() for chunk in chunks]
    paragraphs = [part for text in examples for part in re.split(r"\n(?=\S)", text)]
    declared = WORLDS[world] and HERE / "golden" / f"{WORLDS[world]}.{ending}"
    vocabulary = declared.read_text(encoding="utf-8") if declared else ""
    declarations = tuple(tuple(part.splitlines()) for part in re.split(r"\n(?=\S)", vocabulary.strip()) if part)
    words = re.findall(r"\S+", " ".join([*statements, *paragraphs, vocabulary]))
    grammar = (HERE.parent / "grammar" / f"words.{language}.toml").read_text(encoding="utf-8")
    words += re.findall(r'"([^"\n]+)"', grammar)
    return Seeds(fine, tuple(statements + paragraphs), declarations, tuple(sorted(set(words))))


class Texts:
    """The texts of a seed; each depends on its number alone, so that it can be made again."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def text(self, number: int) -> Input:
        """The text of a number."""
        random = Random(f"{self.seed}:{number}")
        language = random.choice(LANGUAGES)
        made = _Text(random, language)
        text, literate = made.text(), random.random() < 0.03
        text = made.page(text) if literate else text
        data = text.encode("utf-8", "surrogatepass")
        return Input(language, text if len(data) <= LONGEST else data[:LONGEST].decode("utf-8", "ignore"), literate)


class _Text:
    def __init__(self, random: Random, language: Language) -> None:
        self.random, self.language = random, language
        self.world = random.choice(("pairs", "pairs", "pairs", "pairs", "lists", "lists", "lists", "alone"))
        self.seeds = seeds(language, self.world)

    def text(self) -> str:
        """Arbitrary characters, arbitrary words, or statements changed here and there, with or without vocabulary."""
        kind = self.random.random()
        if kind < 0.06:
            return "".join(self.char() for _ in range(self.random.randint(0, 120)))
        if kind < 0.12:
            return " ".join(self.word() for _ in range(self.random.randint(1, 40)))
        statements = "\n".join(self.statement() for _ in range(self.random.choice((1, 1, 1, 1, 2, 3))))
        if kind < 0.14:
            statements = self.long(statements)
        elif kind < 0.5:
            statements = self.varied(statements)
        elif kind > 0.75:
            statements = self.mutated(statements, self.random.choice((1, 1, 1, 1, 2, 2, 3, 6)))
        if "|" in statements and self.random.random() < 0.5:
            statements = self.celled(statements)
        vocabulary = self.vocabulary(statements)
        if self.random.random() < 0.07:
            vocabulary = self.mutated(vocabulary, self.random.randint(1, 4))
        return vocabulary + statements

    def statement(self) -> str:
        """A statement as it stands, or one made of a condition, another, and a result."""
        kind = self.random.random()
        if kind < 0.15:
            return self.random.choice(self.seeds.statements)
        one = self.random.choice(self.seeds.fine)
        if kind < 0.5:
            return one
        if kind < 0.57 and THEN[self.language] in one:
            return self.around(one)
        condition, then, result = one.partition(THEN[self.language])
        for _ in range(self.random.choice((0, 1, 1, 2))):
            other = self.random.choice(self.seeds.fine).partition(THEN[self.language])[0]
            condition += self.random.choice(JOINS[self.language]) + other.removeprefix(IF[self.language])
        condition += ")" * condition.count(" (")
        result = self.random.choice(self.seeds.fine).partition(THEN[self.language])[2] or result
        return condition + (then or THEN[self.language]) + result

    def around(self, text: str) -> str:
        """A rule within what may stand around it, or an example made of it, beside it."""
        if self.random.random() < 0.5:
            return self.random.choice(AROUND[self.language]) + text
        condition, _, result = text.partition(THEN[self.language])
        given = condition.removeprefix(IF[self.language])
        return text + "\n" + EXAMPLE[self.language].format(given, result)

    def celled(self, text: str) -> str:
        """The text with the cells and rows of its tables changed: swapped, doubled, left out, filled with others."""
        random, lines = self.random, text.split("\n")
        rows = [at for at, line in enumerate(lines) if line.lstrip().startswith("|")]
        for at in random.sample(rows, min(len(rows), random.randint(1, 2))):
            cells = lines[at].split("|")
            one, other = random.randrange(len(cells)), random.randrange(len(cells))
            match random.randint(0, 5):
                case 0:
                    cells[one], cells[other] = cells[other], cells[one]
                case 1:
                    cells.insert(one, cells[other])
                case 2:
                    del cells[one]
                case 3:
                    cells[one] = random.choice(("-", "", " – ", " > 5 ", "-5", self.word(), self.varied(cells[one])))
                case 4:
                    lines[at] += "\n" + lines[random.choice(rows)]
                    continue
                case _:
                    cells[one] = " ".join(self.word() for _ in range(random.randint(1, 4)))
            lines[at] = "|".join(cells)
        return "\n".join(lines)

    def page(self, text: str) -> str:
        """A page of Markdown with the text in a block, or in two, the second perhaps left open."""
        fence, mark = self.random.choice(FENCES), ENDINGS[self.language]
        cut = self.random.choice((0, text.find("\n") + 1, len(text)))
        blocks = [f"# {self.word()}\n\n{fence}{mark}\n{part}\n{fence}\n" for part in (text[:cut], text[cut:])]
        page = "\n".join([*blocks, " ".join(self.word() for _ in range(4))])
        return self.mutated(page, self.random.choice((0, 0, 0, 1, 2)))

    def varied(self, text: str) -> str:
        """The text with small changes that often mean something: numbers, units, operators, case, words left out."""
        random = self.random
        for _ in range(random.randint(1, 3)):
            match random.randint(0, 5):
                case 0:
                    text = re.sub(r"\d+", lambda _: random.choice(NUMBERS), text, count=random.randint(1, 3))
                case 1:
                    text = re.sub(r"€|%|kg|\bHT\b|\bTTC\b", random.choice(UNITS), text, count=1)
                case 2:
                    text = re.sub(r"[<>=≥≤≠]+", random.choice("<>=≥≤≠"), text, count=1)
                case 3:
                    text = random.choice((str.upper, str.lower, str.title))(text)
                case 4:
                    words = text.split(" ")
                    del words[random.randrange(len(words))]
                    text = " ".join(words)
                case _:
                    text = text.replace(" ", random.choice(("  ", "\u00a0", "\u202f", "\n  ", "\t")))
        return text

    def long(self, text: str) -> str:
        """A part of it repeated up to some thousands of times."""
        start = self.random.randint(0, len(text))
        part = text[start : start + self.random.choice((1, 2, 5, 20, 80))] or "("
        times = self.random.choice((10, 100, 1000, LONGEST)) // len(part)
        return text[:start] + part * times + text[start:]

    def vocabulary(self, text: str) -> str:
        """Mostly the declarations that share a word with the text; sometimes all, sometimes none."""
        kind = self.random.random()
        if kind < 0.22:
            return ""
        if kind < 0.25:
            return USES[self.language]
        if kind < 0.26:
            return "".join(line + "\n" for part in self.seeds.declarations for line in part)
        said, chosen = self.stems(text), []
        for head, *lines in self.seeds.declarations:
            meant = self.stems(head) & said
            kept = [line for line in lines if self.wanted(line, said) or (meant and MAIN[self.language] in line)]
            if kept or meant:
                chosen += [head, *(kept or lines[:1])]
        return "".join(line + "\n" for line in chosen)

    def wanted(self, line: str, said: set[str]) -> bool:
        """Whether a declaration is kept: it shares a word with the text, or luck has it."""
        return bool(self.stems(line) & said) or self.random.random() < 0.01

    def stems(self, text: str) -> set[str]:
        return {word[:4] for word in re.findall(r"\w{3,}", fold(text))} - COMMON

    def mutated(self, text: str, times: int) -> str:
        """The text with characters, words, pieces and lines added, removed, doubled, moved."""
        random = self.random
        for _ in range(times):
            start = random.randint(0, len(text))
            end = min(len(text), start + random.randint(0, 12))
            match random.randint(0, 9):
                case 0:
                    text = text[:start] + self.char() + text[start:]
                case 1:
                    text = text[:start] + text[end:]
                case 2:
                    text = text[:start] + text[start:end] * 2 + text[end:]
                case 3:
                    text = text[:start] + self.char() * random.randint(1, 5) + text[end:]
                case 4 | 5:
                    words = text.split(" ")
                    words[random.randrange(len(words))] = self.word()
                    text = " ".join(words)
                case 6:
                    words = text.split(" ")
                    words.insert(random.randint(0, len(words)), self.word())
                    text = " ".join(words)
                case 7:
                    words = text.split(" ")
                    one, other = random.randrange(len(words)), random.randrange(len(words))
                    words[one], words[other] = words[other], words[one]
                    text = " ".join(words)
                case 8:
                    text = text[:start] + random.choice(BREAKS) + text[start:]
                case _:
                    added = random.choice(self.seeds.statements)
                    cut = random.randint(0, len(added))
                    text = text[:start] + (added[cut:] if random.random() < 0.5 else added[:cut]) + text[end:]
        return text

    def char(self) -> str:
        kind = self.random.random()
        if kind < 0.9:
            return self.random.choice(CHARS)
        return self.random.choice(RARE) if kind < 0.93 else chr(self.random.randrange(0x110000))

    def word(self) -> str:
        other: Language = "en" if self.language == "fr" else "fr"
        spoken = seeds(other, self.world) if self.random.random() < 0.05 else self.seeds
        return self.random.choice(spoken.words)
