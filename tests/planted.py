"""Defects planted into rule sets that have none, each recorded: what is to be found, and where."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from axes import AXES, BY_KEY, Piece, Span, inside, parts
from sound import GROWING, TABLES, Block, Both, Box, Leaf, Text, box_meets, cut, sound, written

from rulec.source import Language

SPARE = "99"  # a value that nothing else gives
HIGH = 100  # above all values
FAILING = ("E601", "E602", "E611", "E629", "W620", "W621")


class Planted(NamedTuple):
    """What is to be found: a code, at whose line, with whose; `text`: the part that it is about."""

    code: str
    at: object
    other: object | None = None
    text: str = ""


@dataclass
class Garden:
    """One rule set, and what is planted into it. `facts`, `more`: facts and statements besides, in both languages."""

    random: Random
    language: Language
    blocks: list[Block]
    planted: list[Planted] = field(default_factory=list)
    facts: list[Both] = field(default_factory=list)
    more: list[Both] = field(default_factory=list)

    def note(self, code: str, at: object, other: object | None = None, text: str = "") -> None:
        """Record a defect."""
        self.planted.append(Planted(code, at, other, text))

    def text(self) -> Text:
        """The rule set as it is written."""
        return written(self.blocks, self.language, self.facts, self.more)


def grown(random: Random) -> Garden:
    """A rule set with a defect in some of its blocks."""
    language: Language = random.choice(["fr", "en"])
    garden = Garden(random, language, sound(random, language))
    for block in random.sample(garden.blocks, random.randint(1, len(garden.blocks))):
        fitting = [plant for plant, kinds in PLANTS.items() if block.kind in kinds]
        plant = next((plant for plant in random.sample(fitting, len(fitting)) if plant(garden, block)), None)
        block.example = block.example if plant is example else None  # what is missing is told of it too
    if any(each.code in FAILING for each in garden.planted):  # of which every example tells
        garden.planted = [each for each in garden.planted if each.code != "E622"]
        for block in garden.blocks:
            block.example = None
    for plant_beside in BESIDE:
        if random.random() < 0.15:
            plant_beside(garden)
    return garden


# ---- pieces of boxes


def narrowed(box: Box, random: Random) -> Box:
    """A box within it, or the same where it cannot be cut."""
    axes = [axis for axis in AXES if not axis.defined]
    found = cut(box, axes, random) if random.random() < 0.8 else None
    return random.choice(found) if found is not None else box


def outside(random: Random) -> tuple[str, Piece]:
    """A piece that no fact has."""
    return random.choice([("order", Span(low=1000, low_in=False)), ("weight", Span(low=100, low_in=False))])


def contradiction(box: Box, language: Language, random: Random) -> str:
    """A condition that nothing of the box fulfils; "" where it has no piece to contradict."""
    found = list[str]()
    for key, piece in box.items():
        axis = BY_KEY[key]
        if isinstance(piece, frozenset):
            found += parts(axis, frozenset(axis.unit) - piece, language) if axis.unit == ("yes", "no") else []
        elif piece.low is not None and axis.unit != "day":
            found += parts(axis, Span(high=piece.low, high_in=False), language)
    return random.choice(found) if found else ""


# ---- defects


def conflict(garden: Garden, block: Block) -> bool:
    """A leaf that meets others, anywhere."""
    random = garden.random
    value = random.choice("012") if block.kind == "actions" else SPARE
    leaf = random.choice(block.leaves)
    box = narrowed(narrowed(leaf.box, random), random)
    if block.kind in ("unique", "rows") and random.random() < 0.5:
        value = leaf.value
    new, place = Leaf(box, value), random.randint(0, len(block.leaves))
    met = [leaf for leaf in block.leaves if box_meets(leaf.box, box)]
    met = [leaf for leaf in met if block.kind != "actions" or leaf.value != value]
    weighed = any("weight" in leaf.box for leaf in (new, *block.leaves))
    if not met or (block.kind == "rows" and not weighed):
        return False
    if block.kind == "rows":  # where nothing is assumed of its facts, the compiler tells it
        garden.more.append(("On suppose : le poids est d'au plus 100.", "We assume: the weight is at most 100."))
    loosen(block)
    block.leaves.insert(place, new)
    code = {"rows": "E629", "actions": "E602"}.get(block.kind, "E601")
    for leaf in met:
        first = int(leaf.value) < int(value) if block.kind == "actions" else block.leaves.index(leaf) < place
        garden.note(code, *((new, leaf) if first else (leaf, new)))
    return True


def precedence(garden: Garden, block: Block) -> bool:
    """An exception that is not said to be one."""
    loosen(block)
    block.over = []
    garden.note("E601", block.leaves[1], block.leaves[0])
    return True


def loosen(block: Block) -> None:
    """Neither bounds nor promises nor examples stand against another value."""
    block.bounds = block.most = block.example = None


def gap(garden: Garden, block: Block) -> bool:
    """A leaf that is missing."""
    if block.default or len(block.leaves) < 2:
        return False
    loosen(block)
    block.leaves.remove(garden.random.choice(block.leaves))
    garden.note("W603", block)
    return True


def dead(garden: Garden, block: Block) -> bool:
    """A leaf of no facts."""
    random, new = garden.random, Leaf({}, SPARE if block.kind != "actions" else "0")
    leaf = random.choice(block.leaves)
    contrary = contradiction(leaf.box, garden.language, random)
    if contrary and block.kind not in TABLES and random.random() < 0.7:
        new.box, new.also = leaf.box, contrary
    else:
        key, piece = outside(random)
        new.box = {key: piece}
    block.leaves.insert(random.randint(0, len(block.leaves)), new)
    garden.note("W604", new)
    return True


def masked(garden: Garden, block: Block) -> bool:
    """A leaf within another that is placed before it."""
    random = garden.random
    place = random.randrange(len(block.leaves))
    new = Leaf(narrowed(block.leaves[place].box, random), SPARE)
    if block.kind == "chain" and new.box == block.leaves[place].box:
        return False  # the compiler tells it
    block.leaves.insert(random.randint(place + 1, len(block.leaves)), new)
    garden.note("W604" if block.kind == "chain" else "W605", new)
    return True


def redundant(garden: Garden, block: Block) -> bool:
    """A leaf within another that gives as much."""
    random, leaf = garden.random, garden.random.choice(block.leaves)
    new = Leaf(narrowed(leaf.box, random), leaf.value)
    if block.kind == "highest" and random.random() < 0.5:
        new.value = "0"
    place = random.randint(0, len(block.leaves))
    block.leaves.insert(place, new)
    same = new.box == leaf.box and new.value == leaf.value
    garden.note("W606", max(new, leaf, key=block.leaves.index) if same else new)
    return True


def subsumed(garden: Garden, block: Block) -> bool:
    """A condition that another says already."""
    random, found = garden.random, list[tuple[Leaf, str]]()
    for leaf in block.leaves:
        for key, piece in leaf.box.items():
            axis = BY_KEY[key]
            if isinstance(piece, frozenset) or axis.unit == "day":
                continue
            lower = [end for end in axis.cuts if piece.low is not None and end < piece.low]
            found += [(leaf, parts(axis, Span(low=end), garden.language)[0]) for end in lower]
    if not found:
        return False
    leaf, text = random.choice(found)
    leaf.also, leaf.unless = text, False
    garden.note("W614", leaf, text=text)
    return True


def always(garden: Garden, block: Block) -> bool:
    """A condition that the bounds of a fact imply."""
    leaf, language = garden.random.choice(block.leaves), garden.language
    leaf.also, leaf.unless = parts(BY_KEY["weight"], Span(low=0), language)[0], False
    leaf.reads = ("weight",)
    garden.note("W607", leaf, text=leaf.also)
    return True


def never(garden: Garden, block: Block) -> bool:
    """One of two ways in which nothing comes."""
    leaf = garden.random.choice(block.leaves)
    leaf.instead, leaf.unless = parts(BY_KEY["weight"], Span(low=100, low_in=False), garden.language)[0], False
    leaf.reads = ("weight",)
    garden.note("W615", leaf, text=leaf.instead)
    return True


def out_of_bounds(garden: Garden, block: Block) -> bool:
    """A value that the bounds do not allow."""
    leaf, total = garden.random.choice(block.leaves), sum(int(leaf.value) for leaf in block.leaves)
    loosen(block)
    if block.kind == "sum":
        block.bounds = (0, total - 1)
        garden.note("W620", block.leaves[-1], block.leaves[0])
    else:
        block.bounds, leaf.value = (0, HIGH), str(HIGH + garden.random.randint(1, 50))
        garden.note("W620", leaf)
    return True


def division(garden: Garden, block: Block) -> bool:
    """A division by what may be zero."""
    leaf = block.leaves[0] if block.kind in GROWING else block.leaves[-1]
    if any("weight" in BY_KEY[key].others for key in leaf.box):
        return False
    loosen(block)
    zero = inside(BY_KEY["weight"], leaf.box.get("weight"), garden.random)
    divisor = {"fr": f"le poids - {zero}", "en": f"the weight - {zero}"}[garden.language]
    leaf.value, leaf.reads = f"10 / ({divisor})", ("weight",)
    garden.note("W621", leaf, text=leaf.value)
    return True


def promise(garden: Garden, block: Block) -> bool:
    """A promise that is broken."""
    values = [int(leaf.value) for leaf in block.leaves]
    block.most = (sum(values) if block.kind == "sum" else max([*values, int(block.default or 0)])) - 1
    garden.note("E611", block.promised)
    return True


def example(garden: Garden, block: Block) -> bool:
    """An example that expects something else."""
    if block.example is None:
        return False
    block.expected = str(int(block.expected) + 1)
    garden.note("E622", block.told)
    return True


def mergeable(garden: Garden, block: Block) -> bool:
    """A leaf in two, one after the other."""
    leaf = garden.random.choice(block.leaves)
    found = cut(leaf.box, [axis for axis in AXES if not axis.defined], garden.random)
    if found is None or not leaf.box or leaf.unless or any(BY_KEY[key].defined for key in leaf.box):
        return False
    first, second = (Leaf(box, leaf.value) for box in found)
    place = block.leaves.index(leaf)
    block.leaves[place : place + 1] = [first, second]
    garden.note("N624", first, second)
    return True


def settling(garden: Garden, block: Block) -> bool:
    """A policy that has nothing to settle."""
    if len(block.leaves) < 2:
        return False
    block.how = "first rows"
    garden.note("N623", block)
    return True


# ---- beside the blocks


def unused(garden: Garden) -> None:
    """A fact that nothing reads."""
    fact = "un volume (en l)", "a volume (in l)"
    garden.facts.append(fact)
    garden.note("N617", fact)


def unreached(garden: Garden) -> None:
    """A definition that a rule alone reads that never applies."""
    garden.facts.append(("un prix (en €), de 0 à 9", "a price (in €), from 0 to 9"))
    definition = "La taxe vaut le prix × 2.", "The tax is the price × 2."
    rule = (
        "Si la taxe dépasse 3 € et le prix est inférieur à 1 € alors prévenir le gérant",
        "If the tax exceeds €3 and the price is below €1 then warn the manager",
    )
    garden.more += [("On peut :", "We can:"), ("  - prévenir le gérant", "  - warn the manager"), definition, rule]
    garden.note("W618", definition, rule)
    garden.note("W604", rule)


def covered(garden: Garden) -> None:
    """A case of a definition before which another always is."""
    garden.facts.append(("un âge (nombre entier), de 0 à 120", "an age (whole number), from 0 to 120"))
    definition = (
        "La classe vaut 1 si l'âge dépasse 18, 2 si l'âge est d'au plus 18, sinon 3.",
        "The class is 1 if the age exceeds 18, 2 if the age is at most 18, otherwise 3.",
    )
    garden.more += [
        ("On peut :", "We can:"), ("  - ouvrir un dossier", "  - open a file"), definition,
        ("Si la classe dépasse 1 alors ouvrir un dossier", "If the class exceeds 1 then open a file"),
    ]  # fmt: skip
    garden.note("W619", definition, text="3")


BESIDE = (unused, unreached, covered)
PARTED = ("rules", "unique", "rows", "actions")
VALUED = ("rules", "unique", "rows", "first", "first rows", "highest", "sum", "chain", "over")
RULES = ("rules", "unique", "actions", "first", "highest", "sum", "over", "chain")
PLANTS: Mapping[Callable[[Garden, Block], bool], Sequence[str]] = {
    conflict: PARTED, precedence: ("over",), gap: ("rules", "unique", "rows"),
    dead: (*PARTED, "first", "first rows", "highest", "sum", "chain"), masked: ("first", "first rows", "chain"),
    redundant: ("rules", "highest"), subsumed: RULES, always: RULES, never: RULES,
    out_of_bounds: [kind for kind in VALUED if kind != "highest"], division: VALUED, promise: VALUED, example: VALUED,
    mergeable: ("rules", "unique", "rows"), settling: ("rows",),
}  # fmt: skip
