"""What is asked of a text, what came back, and why a judgement stays in doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rulec.plan.tree import Judgement, Plan
from rulec.runtime.types import Slot

# Why a judgement stays in doubt; those that another attempt may mend are not kept as answers.
REASONS: Mapping[str, Mapping[str, str]] = {
    "unsure": {"fr": "le texte ne permet pas de trancher", "en": "the text does not settle it"},
    "quote": {"fr": "la réponse ne cite pas le texte", "en": "the answer does not quote the text"},
    "value": {"fr": "la réponse n'est pas une valeur attendue", "en": "the answer is no value that is expected"},
    "refusal": {"fr": "le modèle a refusé de répondre", "en": "the model refused to answer"},
    "long": {"fr": "le texte est trop long", "en": "the text is too long"},
    "empty": {"fr": "le texte est vide", "en": "the text is empty"},
    "malformed": {"fr": "la réponse est illisible ou incomplète", "en": "the answer is unreadable or incomplete"},
    "late": {"fr": "la réponse est venue trop tard", "en": "the answer came too late"},
    "busy": {"fr": "le modèle est surchargé", "en": "the model is overloaded"},
    "server": {"fr": "le service du modèle est en panne", "en": "the service of the model has failed"},
    "offline": {"fr": "le modèle est injoignable", "en": "the model cannot be reached"},
    "key": {"fr": "il n'y a pas de clé valable pour le modèle", "en": "there is no valid key for the model"},
    "rate": {"fr": "trop de questions en une minute", "en": "too many questions in a minute"},
    "disagree": {"fr": "les réponses ne s'accordent pas", "en": "the answers do not agree"},
    "budget": {"fr": "le budget est épuisé", "en": "the budget is spent"},
    "no_judge": {"fr": "aucun modèle n'est configuré", "en": "no model is configured"},
    "not_kept": {"fr": "aucune réponse n'est gardée", "en": "no answer is kept"},
    "failed": {"fr": "la question n'a pas pu être posée", "en": "the question could not be asked"},
}
SETTLED = frozenset({"", "unsure", "quote", "value", "refusal", "long", "empty", "disagree"})


@dataclass(frozen=True, slots=True)
class Question:
    """A judgement that is open: the fact that it answers, and what its author wrote."""

    slot: Slot
    said: Judgement
    language: str

    @property
    def path(self) -> str:
        """The path of the fact."""
        return self.slot.path

    @property
    def title(self) -> str:
        """What is judged, in the author's words."""
        return " ".join(self.slot.names)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question.

    `value`: as `runtime.types` holds it; None where it is in doubt, for a `reason` of REASONS. `quote`: the words of
    the text that it rests on. `cached`: it was kept from before. `seconds`, `cost` (in US dollars): of the call, shared
    by its questions.
    """

    path: str
    value: object = None
    quote: str = ""
    reason: str = ""
    model: str = ""
    cached: bool = False
    seconds: float = field(default=0.0, compare=False)
    cost: float = field(default=0.0, compare=False)


class Judge(Protocol):
    """Answers questions about one text, one answer a question; it never raises."""

    async def answers(self, text: str, questions: Sequence[Question]) -> Sequence[Answer]:
        """The answers, in the order of the questions."""
        ...


class NoJudge:
    """Stands for a judge where none is configured."""

    async def answers(self, text: str, questions: Sequence[Question]) -> Sequence[Answer]:
        """All in doubt."""
        return [Answer(question.path, reason="no_judge") for question in questions]


def questions_of(plan: Plan) -> list[Question]:
    """The judgements of a plan, in the order of the text."""
    slots = {slot.path: slot for slot in plan.facts}
    return [Question(slots[said.path], said, plan.language) for said in plan.judgements]
