"""A wrong name in, the nearest right ones out."""

from collections.abc import Iterable

from rulec.syntax.fold import fold

_CLOSE = 78  # of 100: « comande » for « commande » is 93, « articles » for « particulier » is 74
_AS_GOOD = 5  # points below the best that still count as its equal


def nearest(written: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """At most `limit` known names that start with what was written, else those close to it, the closest first."""
    from rapidfuzz import fuzz, process  # slow to import, and only what is wrong needs it

    known = list(known)
    found = process.extract(
        fold(written), {name: fold(name) for name in known}, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=limit
    )
    wanted = f"{fold(written)} "
    longer = list[str]()  # « salaire » for « salaire mensuel »; not « salaire est mensuel » too
    for name in sorted((each for each in known if len(written) > 3 and fold(each).startswith(wanted)), key=len):
        if not any(set(fold(other).split()) <= set(fold(name).split()) for other in longer):
            longer.append(name)
    if longer:
        return tuple(longer[:limit])
    best = found[0][1] if found else 0
    return tuple(name for _, score, name in found if score >= best - _AS_GOOD)
