"""Two plans in, changes found by trying facts out: each is real, and there may be others."""

from collections.abc import Iterable

from rulec.analysis.reads import TODAY, Reads
from rulec.backends.python import compile_plan
from rulec.difference.both import Both, became_of, kind_of
from rulec.difference.facts import known_to
from rulec.difference.result import Change
from rulec.difference.samples import Samples
from rulec.moment import Moment
from rulec.runtime.facts import FactsError

TRIED = 500  # facts


def tried(both: Both, keys: Iterable[str], at: Moment | None, most: int) -> dict[str, list[Change]]:
    """Of some outcomes and actions, a case for each change of one value to another. `most`: cases of each."""
    found, wanted = dict[str, dict[object, Change]](), list(keys)
    if not wanted:
        return {}
    samples = Samples(both.old, both.new, both.facts)
    decides = [(plan, compile_plan(plan)) for plan in (both.old, both.new)]
    reads = [Reads(plan) for plan, _ in decides]
    dated = {
        key
        for key in wanted
        for (plan, _), read in zip(decides, reads, strict=True)
        if TODAY in read.of(both.stated(key, plan, read))
    }
    for _ in range(TRIED):
        facts, day = samples.draw()
        day = at or day
        try:
            one, other = (decide(known_to(plan.facts, facts), day) for plan, decide in decides)
        except FactsError:  # one side does not accept them
            continue
        for key in wanted:
            sort = kind_of(became_of(one, key)), kind_of(became_of(other, key))
            known = found.setdefault(key, {})
            if sort[0] != sort[1] and sort not in known and len(known) < most:
                known[sort] = both.change(key, facts, day, key in dated)
    return {key: list(changes.values()) for key, changes in found.items()}
