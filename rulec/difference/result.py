"""What comparing two plans finds: changes of vocabulary, and for each outcome and action where its decisions change."""

from datetime import date

from rulec.difference.cone import Test
from rulec.runtime.decision import ActionResult, OutcomeResult
from rulec.runtime.plain import Plain, plain
from rulec.runtime.types import Slot

Became = OutcomeResult | tuple[ActionResult, ...]  # of an outcome; or every request for an action


@plain
class Axis(Plain):
    """A fact that regions are told by. `path`: « lines[].price » for that of an element of the list `each`.

    `values`: those that rules compare it with; of what has an order, sorted.
    """

    path: str
    slot: Slot
    each: str = ""
    ordered: bool = False
    values: tuple[object, ...] = ()


@plain
class Between(Plain):
    """A fact from one value to another, each included or not; None leaves an end open."""

    axis: Axis
    low: object = None
    high: object = None
    low_included: bool = True
    high_included: bool = True


@plain
class Among(Plain):
    """A fact that is one of some values; `negated`: none of them."""

    axis: Axis
    values: tuple[object, ...]
    negated: bool = False


@plain
class Given(Plain):
    """Whether an optional fact is given."""

    axis: Axis
    given: bool


@plain
class Says(Plain):
    """Whether a test holds that reads more than one fact. `new`: of the new rules, else of the old ones."""

    test: Test
    holds: bool
    new: bool


Condition = Between | Among | Given | Says


@plain
class Case(Plain):
    """Facts by path, as `runtime.types` holds them, and the date of the decision."""

    facts: tuple[tuple[str, object], ...]
    at: date


@plain
class Change(Plain):
    """Facts for which a decision changes. `region`: None where only the case is known.

    `before`, `after`: what is decided in the case; `same`: whether it is the same in all of the region, before and
    after. `dated`: whether the date of the decision counts.
    """

    region: tuple[Condition, ...] | None
    case: Case
    before: Became
    after: Became
    same: tuple[bool, bool] = (True, True)
    dated: bool = False


@plain
class Compared(Plain):
    """One outcome or action. `more`: there are changes beside those; `unproven`: why it is not known whether there are.

    "time", "lists", "digits", "types" or "solver"; "" where it is known.
    """

    key: str
    changes: tuple[Change, ...] = ()
    more: bool = False
    unproven: str = ""


@plain
class Term(Plain):
    """A change of vocabulary. `what`: a word of `tell`; `key`: of what; `before`, `after`: as declared, None if not."""

    what: str
    key: str
    before: object = None
    after: object = None


@plain
class Difference(Plain):
    """All of it: changes of vocabulary first, then each outcome and each action that both plans have."""

    vocabulary: tuple[Term, ...]
    compared: tuple[Compared, ...]

    @property
    def changed(self) -> bool:
        """Whether some decision is known to change."""
        return any(each.changes for each in self.compared)

    @property
    def proven(self) -> bool:
        """Whether it is known of all decisions whether they change."""
        return not any(each.unproven for each in self.compared)
