"""A formula and a model in, what the formula comes to wherever its choices go as they go in the model out."""

from typing import Any

import z3


def straight(term: Any, model: Any) -> Any:
    """The formula without the branches that the model does not take; a constant where no fact is left."""
    made, waiting = dict[int, Any](), [(term, False)]
    while waiting:
        each, ready = waiting.pop()
        number = each.get_id()
        if number in made:
            continue
        taken = _taken(each, model)
        if taken is not None:
            if taken.get_id() in made:
                made[number] = made[taken.get_id()]
            else:
                waiting += [(each, False), (taken, False)]
        elif ready or not each.num_args():
            parts = [made[part.get_id()] for part in each.children()]
            made[number] = each.decl()(*parts) if parts else each
        else:
            waiting.append((each, True))
            waiting += [(part, False) for part in each.children()]
    return z3.simplify(made[term.get_id()])


def is_constant(term: Any) -> bool:
    """Whether a simplified formula is a value."""
    return bool(z3.is_rational_value(term) or z3.is_int_value(term) or z3.is_true(term) or z3.is_false(term))


def _taken(term: Any, model: Any) -> Any:
    """The branch that a choice takes; None for what is no choice."""
    if not z3.is_app_of(term, z3.Z3_OP_ITE) or not (z3.is_arith(term) or z3.is_bool(term)):
        return None
    condition, one, other = term.children()
    return one if z3.is_true(model.eval(condition, True)) else other
