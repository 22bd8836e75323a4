"""The columns of a table in, the facts that they are out; or what is wrong with the columns."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from rulec.runtime.facts import FactsError, InputProblem
from rulec.runtime.known import Entity, Known, known_facts
from rulec.runtime.refused import given_text
from rulec.runtime.types import Choice, Date, DateTime, ListOf, Record, Slot, Text, Time, YesNo

if TYPE_CHECKING:
    from rulec.ruleset import RuleSet

Path = tuple[str, ...]  # the name of a column, then those of the members of its objects
Facts = dict[Path, Slot]


def facts_of(rules: "RuleSet", schema: Any, results: Container[str]) -> Facts:
    """Which columns, or members of columns that hold objects, are which facts; what is no fact is left out.

    Raises FactsError: a column that may be several facts, one whose name is nearly that of a fact which no column is,
    binary floating-point numbers for an exact one, or a name that is that of a result.
    """
    plan = rules.plan
    finder = _Finder(known_facts(plan.facts, rules.language, tuple(each.slot for each in plan.definitions)))
    finder.enter(finder.known.entities[""], schema, ())
    taken = [InputProblem("E531", given_text(name)) for name in schema.names if name in results]
    problems = [*taken, *finder.problems, *finder.nearly()]
    if problems:
        raise FactsError(problems, rules.language)
    return finder.found


def unread(facts: Facts, schema: Any) -> list[str]:
    """The columns that are no facts and hold none."""
    known = {path[0] for path in facts}
    return [name for name in schema.names if name not in known]


def is_measured(slot: Slot) -> bool:
    """Whether the values of a fact are numbers, with a unit or without."""
    return not isinstance(slot.type, YesNo | Text | Choice | Date | DateTime | Time | ListOf | Record)


def leaf(batch: Any, path: Path) -> Any:
    """The values at a path of the columns."""
    array = batch.column(path[0])
    for name in path[1:]:
        array = pc.struct_field(array, name)
    return array


@dataclass
class _Finder:
    """Finds which columns are which facts."""

    known: Known
    found: Facts = field(default_factory=dict)
    problems: list[InputProblem] = field(default_factory=list)
    others: list[tuple[Entity, Path]] = field(default_factory=list)

    def enter(self, entity: Entity, fields: Iterable[Any], above: Path) -> None:
        """The columns, or the members of objects that stand for an entity."""
        for each in fields:
            path, has_members = (*above, each.name), pa.types.is_struct(each.type)
            meant = self.known.meanings(entity, each.name, has_members)
            slot = self.known.facts.get(meant[0]) if meant else None
            if len(meant) > 1:
                self.problems.append(InputProblem("E503", _shown(path), (("choices", ", ".join(meant)),)))
            elif slot is not None:
                self.found[path] = slot
                self.problems += _floats(each, slot, path)
            elif meant and has_members:
                self.enter(self.known.entities[meant[0]], _members(each.type), path)
            elif meant:
                self.found[path] = Slot(meant[0], Record(meant[0]), (each.name,))  # refused row by row
            else:
                self.others.append((entity, path))

    def nearly(self) -> Iterator[InputProblem]:
        """What is no fact, but may have been meant to be one that is not given."""
        given = {slot.path for slot in self.found.values()}
        for entity, path in self.others:
            closest = self.known.closest(entity, path[-1])
            if closest and not any(each == closest or each.startswith(f"{closest}.") for each in given):
                yield InputProblem("E501", _shown(path), (("closest", closest),))


def _members(type_: Any) -> Sequence[Any]:
    return [type_.field(at) for at in range(type_.num_fields)]


def _shown(path: Path) -> str:
    return given_text(".".join(path))


def _floats(given: Any, slot: Slot, path: Path) -> list[InputProblem]:
    """Numbers in binary are not the decimals that they show."""
    kind = given.type.value_type if pa.types.is_dictionary(given.type) else given.type
    if is_measured(slot) and pa.types.is_floating(kind):
        return [InputProblem("E530", _shown(path), (("given", str(kind)),))]
    return []
