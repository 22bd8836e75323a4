"""Random rule sets built so that nothing can be found about them: the pieces of their conditions part all facts.

A rule set is a list of blocks, each of which decides an outcome of its own, in French or in English.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from axes import AXES, BY_KEY, SAID, Axis, Piece, cell, holds, inside, meets, parts, shown, split

from rulec.source import Language

Both = tuple[str, str]  # in French and in English
Box = Mapping[str, Piece]  # for each axis that counts, a piece of it
TABLES = ("rows", "first rows")
PARTED = ("rules", "unique", "rows", "actions")  # no two leaves meet
GROWING = ("first", "first rows", "chain")  # each leaf holds those before it
POLICY: Mapping[str, tuple[str, str]] = {
    "unique": (", une seule règle s'applique", ", only one rule applies"),
    "first": (", la première règle l'emporte", ", the first rule wins"),
    "highest": (", la plus élevée l'emporte", ", the highest wins"),
    "sum": (", s'additionnent", ", add up"),
}
ROWS: Mapping[str, tuple[str, str]] = {
    "rows": ("une seule ligne s'applique", "only one row applies"),
    "first rows": ("la première ligne l'emporte", "the first row wins"),
}
ACTIONS: Mapping[Language, tuple[str, ...]] = {
    "fr": ("accepter", "refuser", "relancer"), "en": ("accept", "decline", "remind"),
}  # fmt: skip
NAMES: Sequence[tuple[str, str]] = (
    ("le score", "the score"), ("la note", "the grade"), ("le rang", "the rank"), ("le tarif", "the rate"),
    ("le bonus", "the bonus"), ("la cote", "the rating"),
)  # fmt: skip


@dataclass(eq=False)
class Leaf:
    """Facts for which a value is given. `also`: a condition more, said with « et »; `instead`: with « ou ».

    `reads`: the axes of these and of the value; `unless`: « sauf si » says the last of its conditions.
    """

    box: Box
    value: str
    also: str = ""
    instead: str = ""
    reads: tuple[str, ...] = ()
    unless: bool = False


@dataclass(eq=False)
class Block:
    """All that decides one outcome. `default`: "" for none; `bounds`, `most`: what is declared, what is promised.

    `over`: each leaf that takes precedence, and over which. `example`: facts, of which `expected` is said.
    `how`: the kind of which a table has the policy, where it is not its own.
    """

    kind: str
    name: tuple[str, str]
    leaves: list[Leaf]
    default: str = ""
    bounds: tuple[int, int] | None = None
    most: int | None = None
    over: list[tuple[Leaf, Leaf]] = field(default_factory=list)
    example: Mapping[str, Any] | None = None
    expected: str = ""
    how: str = ""
    promised: object = field(default_factory=object)
    told: object = field(default_factory=object)

    def called(self, language: Language) -> str:
        """The outcome."""
        return self.name[language == "en"]


class Text:
    """The lines of a rule set, and where its leaves, blocks and the rest stand."""

    def __init__(self, language: Language) -> None:
        self.language, self.lines, self.places = language, list[str](), dict[int, int]()

    def add(self, line: str, *owners: object) -> None:
        """A line more, the first at which these stand."""
        self.lines.append(line)
        for owner in owners:
            self.places.setdefault(id(owner), len(self.lines))

    def say(self, french: str, english: str, *owners: object) -> None:
        """A line in the language of the text."""
        self.add((french, english)[self.language == "en"], *owners)


# ---- boxes


def box_meets(one: Box, other: Box) -> bool:
    """Whether two boxes have facts in common."""
    return all(meets(BY_KEY[key], piece, other.get(key)) for key, piece in one.items())


def cut(box: Box, axes: Sequence[Axis], random: Random) -> tuple[Box, Box] | None:
    """A box in two."""
    free = [axis for axis in axes if not any(axis.key in BY_KEY[key].others or key in axis.others for key in box)]
    for axis in random.sample(free, len(free)):
        found = split(axis, box.get(axis.key), random)
        if found is not None:
            return {**box, axis.key: found[0]}, {**box, axis.key: found[1]}
    return None


def parted(axes: Sequence[Axis], count: int, random: Random) -> list[Box]:
    """All facts, in that many boxes or a few less."""
    boxes: list[Box] = [{}]
    for _ in range(count - 1):
        box = random.choice(boxes)
        found = cut(box, axes, random)
        if found is not None:
            boxes.remove(box)
            boxes += found
    return boxes


def growing(axes: Sequence[Axis], count: int, random: Random) -> list[Box]:
    """Boxes each of which holds the one before, the last not everything."""
    boxes: list[Box] = [random.choice(cut({}, axes, random) or ({},))]
    for _ in range(count - 1):
        found = cut(boxes[-1], axes, random)
        boxes += [random.choice(found)] if found is not None else []
    return boxes[::-1]


# ---- blocks


def sound(random: Random, language: Language) -> list[Block]:
    """Some blocks."""
    kinds = random.sample([*PARTED, *GROWING, "highest", "sum", "over"], random.randint(2, 4))
    names = random.sample(NAMES, len(kinds))
    return [made(kind, name, random) for kind, name in zip(kinds, names, strict=True)]


def made(kind: str, name: tuple[str, str], random: Random) -> Block:
    """One block."""
    axes = [axis for axis in AXES if kind not in TABLES or not axis.defined]
    count, values = 3 if kind == "actions" else random.randint(2, 6), iter(random.sample(range(1, 100), 10))
    if kind == "sum":
        free = [axis for axis in axes if not axis.defined]
        boxes = [random.choice(cut({}, [axis], random) or ({},)) for axis in random.sample(free, random.randint(2, 4))]
    elif kind in PARTED:
        boxes = parted(axes, count, random)
    else:
        boxes = growing(axes, 2 if kind == "over" else count, random)
        boxes = boxes[::-1] if kind == "over" else boxes
    leaves = [Leaf(box, str(next(values))) for box in boxes]
    block = Block(kind, name, leaves, str(next(values)))
    if kind == "highest":  # the smaller the box, the more
        ranked = sorted((int(leaf.value) for leaf in leaves), reverse=True)
        for leaf, value in zip(leaves, ranked, strict=True):
            leaf.value = str(value)
        block.default = "0"
    if kind == "actions":
        for leaf, action in zip(leaves, random.sample("012", len(leaves)), strict=True):
            leaf.value = action
        block.default = ""
    if kind == "sum":
        block.default = "0"
    if kind in PARTED and kind != "actions":
        block.default = "" if random.random() < 0.5 else block.leaves.pop().value
    if kind == "over":
        block.over = [(leaves[1], leaves[0])]
    if kind != "actions":
        _told(block, random)
    if kind not in (*TABLES, "chain") and random.random() < 0.5:
        leaf = random.choice(block.leaves)
        leaf.unless = len(leaf.box) > 1 and [*leaf.box][-1] == "loyal"
    return block


def _told(block: Block, random: Random) -> None:
    """What is declared and promised of it."""
    values = [int(leaf.value) for leaf in block.leaves]
    highest = sum(values) if block.kind == "sum" else max(values)
    highest = max(highest, int(block.default or 0))
    block.bounds = (0, highest) if random.random() < 0.4 else None
    block.most = highest if random.random() < 0.4 else None
    keys = {key for leaf in block.leaves for key in leaf.box}
    if random.random() < 0.4 and not any(BY_KEY[key].defined for key in keys):
        leaf = random.choice(block.leaves)
        block.example = {key: inside(BY_KEY[key], leaf.box.get(key), random) for key in sorted(keys)}
        block.expected = value_at(block, block.example)


# ---- as text


def written(blocks: Sequence[Block], language: Language, facts: Sequence[Both] = (), more: Sequence[Both] = ()) -> Text:
    """The rule set. `facts`, `more`: declared facts and statements besides, in both languages."""
    text = Text(language)
    used = {key for block in blocks for leaf in block.leaves for key in leaf.box}
    used |= {key for block in blocks for leaf in block.leaves for key in leaf.reads}
    used |= {other for key in used for other in BY_KEY[key].others}
    text.say("On connaît :", "We know:")
    for axis in AXES:
        if axis.key in used and not axis.defined:
            text.add(f"  - {axis.declared[language]}", axis)
    for fact in facts:
        text.say(*(f"  - {said}" for said in fact), fact)
    _declared(text, [block for block in blocks if block.kind != "actions"])
    if any(block.kind == "actions" for block in blocks):
        text.say("On peut :", "We can:")
        text.say("  - accepter, refuser ou relancer (un seul)", "  - accept, decline or remind (one only)")
    for axis in AXES:
        if axis.key in used and axis.defined:
            text.add(axis.declared[language], axis)
    for block in blocks:
        _block(text, block)
    for statement in more:
        text.say(*statement, statement)
    return text


def _declared(text: Text, blocks: Sequence[Block]) -> None:
    if blocks:
        text.say("On décide :", "We decide:")
    for block in blocks:
        french, english = POLICY.get(block.kind, ("", ""))
        low, high = block.bounds or (0, 0)
        bounds = (f", de {low} à {high}", f", from {low} to {high}") if block.bounds is not None else ("", "")
        given = block.default if block.kind != "chain" else ""
        default = (f", {given} par défaut", f", {given} by default") if given else ("", "")
        text.say(
            f"  - {block.name[0]} (nombre){bounds[0]}{french}{default[0]}",
            f"  - {block.name[1]} (number){bounds[1]}{english}{default[1]}",
        )


def _block(text: Text, block: Block) -> None:
    if block.kind in TABLES:
        _table(text, block)
    elif block.kind == "chain":
        _chain(text, block)
    else:
        for leaf in block.leaves:
            _rule(text, block, leaf)
    for one, other in block.over:
        first, second = title(block, one), title(block, other)
        text.say(f"« {first} » l'emporte sur « {second} »", f'"{first}" takes precedence over "{second}"')
    name, most = block.called(text.language), block.most
    if most is not None:
        text.say(f"Toujours : {name} est d'au plus {most}", f"Always: {name} is at most {most}", block.promised)
    if block.example is not None:
        _example(text, block)


def title(block: Block, leaf: Leaf) -> str:
    """What a rule is called."""
    return f"{block.name[1].split()[1]} {block.leaves.index(leaf) + 1}"


def conditions(leaf: Leaf, language: Language) -> list[str]:
    """Its box, said."""
    return [said for key, piece in leaf.box.items() for said in parts(BY_KEY[key], piece, language)]


def _said(leaf: Leaf, language: Language) -> str:
    words = SAID[language]
    said = [*conditions(leaf, language), *([leaf.also] if leaf.also else [])]
    joined = words["and"].join(said[:-1] if leaf.unless else said)
    return f"({joined}){words['or']}{leaf.instead}" if leaf.instead else joined


def _given(block: Block, value: str, language: Language) -> str:
    if block.kind == "actions":
        return ACTIONS[language][int(value)]
    return f"{block.called(language)} {'est de' if language == 'fr' else 'is'} {value}"


def _rule(text: Text, block: Block, leaf: Leaf) -> None:
    language, given = text.language, _given(block, leaf.value, text.language)
    said = _said(leaf, language)
    loyal = leaf.box.get("loyal") if leaf.unless else None
    denied = frozenset(BY_KEY["loyal"].unit) - loyal if isinstance(loyal, frozenset) else frozenset[str]()
    other = parts(BY_KEY["loyal"], denied, language)[0] if denied else ""
    called = (f"Règle « {title(block, leaf)} » : ", f'Rule "{title(block, leaf)}": ') if block.over else ("", "")
    text.say(
        f"{called[0]}si {said} alors {given}{f' sauf si {other}' if other else ''}",
        f"{called[1]}if {said} then {given}{f' unless {other}' if other else ''}",
        leaf, block,
    )  # fmt: skip


def _chain(text: Text, block: Block) -> None:
    for at, leaf in enumerate(block.leaves):
        said, given = _said(leaf, text.language), _given(block, leaf.value, text.language)
        if at:
            text.say(f"sinon si {said} alors {given},", f"else if {said} then {given},", leaf)
        else:
            text.say(f"Si {said} alors {given},", f"If {said} then {given},", leaf, block)
    text.say(f"sinon {_given(block, block.default, 'fr')}", f"else {_given(block, block.default, 'en')}")


def column(axis: Axis, language: Language) -> str:
    """What a column is called."""
    if axis.key == "loyal":
        return "client fidèle" if language == "fr" else "loyal customer"
    return axis.named[language].split()[1]


def axes_of(block: Block) -> list[Axis]:
    """Those that its leaves read."""
    return [axis for axis in AXES if any(axis.key in leaf.box for leaf in block.leaves)]


def _table(text: Text, block: Block) -> None:
    language, axes, how = text.language, axes_of(block), ROWS[block.how or block.kind]
    called = block.name[1].split()[1]
    text.say(f"Table « {called} » ({how[0]}) :", f'Table "{called}" ({how[1]}):', block)
    text.add(f"| {' | '.join(column(axis, language) for axis in axes)} || {block.called(language).split()[1]} |")
    for leaf in block.leaves:
        cells = " | ".join(cell(axis, leaf.box.get(axis.key), language) for axis in axes)
        text.add(f"| {cells} || {leaf.value} |", leaf)


def _example(text: Text, block: Block) -> None:
    assert block.example is not None
    axes, language = [BY_KEY[key] for key in block.example], text.language
    text.say(f"Exemples « {block.name[1]} » :", f'Examples "{block.name[1]}":')
    text.add(f"| {' | '.join(column(axis, language) for axis in axes)} || {block.called(language).split()[1]} |")
    cells = " | ".join(shown(axis, block.example[axis.key], language) for axis in axes)
    text.add(f"| {cells} || {block.expected} |", block.told)


def value_at(block: Block, facts: Mapping[str, Any]) -> str:
    """What its leaves give together."""
    held = [leaf for leaf in block.leaves if all(holds(piece, facts[key]) for key, piece in leaf.box.items())]
    if not held:
        return block.default
    if block.kind == "highest":
        return str(max(int(leaf.value) for leaf in held))
    if block.kind == "sum":
        return str(sum(int(leaf.value) for leaf in held))
    return held[-1 if block.kind == "over" else 0].value
