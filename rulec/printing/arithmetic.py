"""A calculation in, its words out, its values said already: signs, parts, raises, VAT, pro rata, powers."""

from rulec.printing.names import Speech
from rulec.runtime import types as t
from rulec.semantics import model

_SIGNS = {"add": "+", "sub": "-", "mul": "×", "div": "/"}
_LOOSE = frozenset({"add", "sub"})
_SCALARS = (t.Number, t.Percentage)


def parts_of(said: model.Arithmetic) -> tuple[model.Value, ...]:
    """The values that its words name, in the order of the words."""
    if _is_shared(said):
        assert isinstance(said.left, model.Arithmetic)
        return said.left.left, said.left.right, said.right
    if rate := _raise_of(said):
        return said.left, rate.right
    return said.left, said.right


def arithmetic(speech: Speech, said: model.Arithmetic, parts: list[str]) -> str:
    """The calculation, as an operand."""
    if _is_shared(said):
        return _shared(speech, said, parts)
    if rate := _raise_of(said):
        return _raised(speech, said, rate, parts)
    left, right = parts
    if is_portion(said):
        return f"{left} {speech.of(right)}"
    if said.operator == "root":
        kind = "cube" if _number(said.right) == 3 else "square"
        head = speech.word("roots", kind)
        inner = _bracketed(said.left, left)
        return f"{head.removesuffix(' de')} {speech.of(inner)}" if speech.french else f"{head} {inner}"
    if said.operator == "pow":
        base = _bracketed(said.left, left)
        return f"{base} {speech.word('structure', 'POWER')} {_bracketed(said.right, right)}"
    if said.operator == "sub" and isinstance(said.left, model.Literal) and said.left.value == 0:
        return f"-({right})"
    tight = isinstance(said.left, model.Arithmetic) and said.operator not in _LOOSE and said.left.operator in _LOOSE
    left = f"({left})" if tight and not _raise_of(said.left) else left
    right = f"({right})" if isinstance(said.right, model.Arithmetic) or right.startswith("-") else right
    return f"{left} {_SIGNS[said.operator]} {right}"


def is_portion(said: model.Arithmetic) -> bool:
    """« 10 % du montant HT »."""
    rate = isinstance(said.left, model.Literal) and isinstance(said.left.type, t.Percentage)
    whole = isinstance(said.right, model.FactOf | model.OutcomeOf | model.Literal)
    whole |= isinstance(said.right, model.Aggregated) and said.right.how in ("sum", "mean")
    return said.operator == "mul" and rate and whole


def _number(value: model.Value) -> object:
    return value.value if isinstance(value, model.Literal) else None


def _bracketed(value: model.Value, said: str) -> str:
    return f"({said})" if isinstance(value, model.Arithmetic) else said


def _raise_of(said: model.Value) -> model.Arithmetic | None:
    """The « 1 + 10 % » of « augmenté de 10 % »."""
    if not isinstance(said, model.Arithmetic) or said.operator not in ("mul", "div"):
        return None
    factor = said.right
    if not isinstance(factor, model.Arithmetic) or factor.operator not in _LOOSE or _number(factor.left) != 1:
        return None
    taxed = isinstance(said.type, t.Amount) and isinstance(said.left.type, t.Amount) and _taxes(said)
    raised = said.operator == "mul" and isinstance(factor.right, model.Literal)
    return factor if isinstance(factor.right.type, t.Percentage) and (taxed or raised) else None


def _taxes(said: model.Arithmetic) -> bool:
    """Whether it makes HT TTC, or TTC HT."""
    kind = said.type.kind if isinstance(said.type, t.Amount) else ""
    return bool(kind) and isinstance(said.left.type, t.Amount) and said.left.type.kind != kind


def _raised(speech: Speech, said: model.Arithmetic, rate: model.Arithmetic, parts: list[str]) -> str:
    item, by = parts
    item = f"({item})" if isinstance(said.left, model.Arithmetic) and said.left.operator in _LOOSE else item
    if _taxes(said):
        at = speech.to(by) if speech.french else f"at {by}"  # « à 20 % », « au taux normal »
        tax = speech.choose("la TVA", "VAT") if said.operator == "mul" else speech.choose("hors TVA", "excluding VAT")
        return f"{item} {speech.word('structure', 'PLUS_WORD') + ' ' if said.operator == 'mul' else ''}{tax} {at}"
    how = speech.word("structure", "RAISED" if rate.operator == "add" else "LOWERED")
    return f"{item} {how} {by}"


def _is_shared(said: model.Arithmetic) -> bool:
    """« le montant au prorata des jours sur 30 jours »."""
    inner = said.left
    return (
        said.operator == "div" and isinstance(inner, model.Arithmetic) and inner.operator == "mul"
        and not isinstance(inner.left.type, _SCALARS) and not isinstance(inner.right.type, _SCALARS)
    )  # fmt: skip


def _shared(speech: Speech, said: model.Arithmetic, parts: list[str]) -> str:
    item, part, whole = parts
    whole = _bracketed(said.right, whole)
    if speech.french:
        return f"{item} au prorata {speech.of(part)} sur {whole}"
    return f"{item} {speech.word('structure', 'PRO_RATA')} {part} {speech.word('structure', 'OUT_OF')} {whole}"
