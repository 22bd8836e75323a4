"""What is said of an element beside the one spoken of in, words out: « autre », « du même produit », what is left."""

from rulec.printing.names import Speech
from rulec.runtime.plain import Plain, plain
from rulec.semantics import model


@plain
class Beside(Plain):
    """`adjective`: « autre » or nothing. `same`: « du même produit », each after a space. `left`: what else is said."""

    adjective: str
    same: str
    left: tuple[model.Condition, ...]


def beside(speech: Speech, said: model.Condition, name: str) -> Beside:
    """What is said of the element bound to a name: beside which one it stands, and the rest."""
    adjective, same, left = "", "", list[model.Condition]()
    for test in said.items if isinstance(said, model.All) else (said,):
        match test:
            case model.Always():
                pass
            case model.Another(model.ItemOf(own)) if own == name and not left:
                adjective = speech.word("picks", "other")
            case model.Compare("eq", model.FactOf() as one, model.FactOf() as other) if (
                not left and _is_shared(one, other, name)
            ):  # fmt: skip
                same += f" {_of_the_same(speech, speech.term(one).slot.names[-1])}"
            case _:
                left.append(test)
    return Beside(adjective, same, tuple(left))


def _is_shared(one: model.FactOf, other: model.FactOf, name: str) -> bool:
    """Whether both are the same attribute, of the element bound to a name and of another one."""
    of, around = one.of, other.of
    both = isinstance(of, model.ItemOf) and isinstance(around, model.ItemOf) and of.name == name != around.name
    return both and one.path == other.path


def _of_the_same(speech: Speech, own: str) -> str:
    """« du même produit », « de la même catégorie » | "of the same product"."""
    agreement, same = speech.agreement(own), speech.word("picks", "same")
    if not speech.french:
        return f"of the {same} {own}"
    if agreement.plural:
        return f"des {same}s {own}"
    return f"{'de la' if agreement.gender == 'f' else 'du'} {same} {own}"
