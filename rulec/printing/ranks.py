"""Ranks of elements in, their words out: « le deuxième article », « les 2 articles dont le prix est le plus élevé »."""

from rulec.printing.names import Speech, UnsaidError
from rulec.runtime import types as t
from rulec.semantics import model
from rulec.syntax.words import words

_PICKS = {(False, True): "max", (False, False): "min", (True, True): "newest", (True, False): "oldest"}


def ranked_source(taken: model.Taken) -> model.Value:
    """The elements among which some are taken."""
    return taken.source.source if isinstance(taken.source, model.SortedBy) else taken.source


def many(speech: Speech, taken: model.Taken, names: str) -> str:
    """« les 2 articles dont le prix est le plus élevé », « les 3 derniers articles »; `names`: « les articles »."""
    count, bare = _count(taken), names.removeprefix(speech.choose("les ", "the "))
    if taken.skip or (taken.last and isinstance(taken.source, model.SortedBy)):
        raise UnsaidError
    if isinstance(taken.source, model.SortedBy):
        return f"{speech.choose('les', 'the')} {count} {bare} {_whose_is(speech, taken.source)}"
    return f"{speech.choose('les', 'the')} {count} {_ends(speech, taken)} {bare}"


def _ends(speech: Speech, taken: model.Taken) -> str:
    """« premiers », « dernières »."""
    place = speech.word("picks", "last" if taken.last else "first")
    feminine = speech.agreement(speech.element_name(taken)).gender == "f"
    return _agreed(place, plural=True, feminine=feminine) if speech.french else place


def own_rank(source: model.Value) -> model.Taken | None:
    """The elements taken of a list of values, or by the value that is asked of them: « les 2 prix les plus élevés »."""
    taken = source.source if isinstance(source, model.Collected) else source
    if not isinstance(taken, model.Taken) or taken.skip:
        return None
    asked = source.value if isinstance(source, model.Collected) else None
    if not isinstance(taken.source, model.SortedBy):
        return taken if asked is None or isinstance(asked, model.FactOf | model.OutcomeOf) else None
    return taken if not taken.last and _is_same(taken.source.key, asked) else None


def _is_same(key: model.Value, asked: model.Value | None) -> bool:
    """Whether elements are ranked by what is asked of them."""
    match key, asked:
        case model.FactOf(""), None:
            return True
        case model.FactOf(one), model.FactOf(other):
            return one == other
        case model.OutcomeOf(one), model.OutcomeOf(other):
            return one == other
        case _:
            return False


def highest(speech: Speech, taken: model.Taken, own: str, names: str) -> str:
    """« les 2 prix les plus élevés des articles », « les 3 premiers montants ». `own`: what is asked, "" of values."""
    count, bare = _count(taken), own or names.removeprefix(speech.choose("les ", "the "))
    whole = f" {speech.of(names)}" if own else ""
    if not isinstance(taken.source, model.SortedBy):
        return f"{speech.choose('les', 'the')} {count} {_ends(speech, taken)} {bare}{whole}"
    pick = _pick(speech, taken.source)
    if not speech.french:
        return f"the {count} {pick} {bare}{whole}"
    return f"les {count} {bare} les {_agreed(pick, plural=True)}{whole}"


def one(speech: Speech, name: str, place: str, ranked: model.SortedBy | None) -> tuple[str, str]:
    """« le deuxième article », and after its filters « dont le prix est le plus élevé »."""
    if ranked is not None and place == "first":
        return speech.noun(name), f" {_whose_is(speech, ranked)}"
    said = _numbered(speech, place)
    feminine = speech.agreement(name).gender == "f"
    head = f"{'la' if feminine else 'le'} {_agreed(said, feminine=feminine)}" if speech.french else f"the {said}"
    if ranked is None:
        return f"{head} {name}", ""
    if place == "last":
        return f"{head} {name}", f" {sorted_by(speech, ranked)}"
    return f"{head} {name}", f" {_whose_is(speech, ranked)}"


def place_of(how: str, taken: model.Taken | None) -> str:
    """Which one is meant: first, last, nth_2, last_2."""
    if taken is None:
        return how
    if not taken.skip:
        return "last" if taken.last else "first"
    return f"{'last' if taken.last else 'nth'}_{taken.skip + 1}"


def _numbered(speech: Speech, place: str) -> str:
    """« deuxième », « 12e »."""
    if place in words(speech.language).tables["picks"]:
        return speech.word("picks", place)
    kind, _, number = place.partition("_")
    if kind == "last":
        raise UnsaidError
    return f"{number}{speech.choose('e', 'th')}"


def sorted_by(speech: Speech, said: model.SortedBy) -> str:
    """« triés par prix décroissant » | "sorted by decreasing price"."""
    own, table = _key(speech, said), "sorting"
    if speech.french:
        down = f" {speech.word('directions', 'down')}" if said.descending else ""
        return f"{speech.word(table, 'SORTED')} {own}{down}"
    return f"{speech.word(table, 'SORTED_DOWN' if said.descending else 'SORTED')} {own}"


def _whose_is(speech: Speech, said: model.SortedBy) -> str:
    """« dont la quantité est la plus élevée »."""
    own, pick = _key(speech, said), _pick(speech, said)
    if not speech.french:
        return f"whose {own} is the {pick}"
    feminine = speech.agreement(own).gender == "f"
    return f"dont {speech.noun(own)} est {'la' if feminine else 'le'} {_agreed(pick, feminine=feminine)}"


def _key(speech: Speech, said: model.SortedBy) -> str:
    """What elements are ranked by."""
    if not isinstance(said.key, model.FactOf | model.OutcomeOf) or said.key == model.FactOf("", said.key.type):
        raise UnsaidError
    speech.enter(said.name, said.source)
    return speech.name_of(said.key)


def _pick(speech: Speech, said: model.SortedBy) -> str:
    """« plus élevé », « plus ancien »."""
    by_date = isinstance(said.key.type, t.Date | t.DateTime)
    return speech.word("picks", _PICKS[by_date, said.descending])


def _count(taken: model.Taken) -> object:
    if not isinstance(taken.count, model.Literal):
        raise UnsaidError
    return taken.count.value


def _agreed(pick: str, *, plural: bool = False, feminine: bool = False) -> str:
    """« plus élevée », « première », « plus anciens »."""
    if feminine:
        pick = pick.replace("ier", "ière") if pick.endswith("ier") else pick + ("ne" if pick.endswith("ien") else "e")
        pick = pick.removesuffix("e") if pick.endswith("ee") else pick
    return f"{pick}s" if plural else pick
