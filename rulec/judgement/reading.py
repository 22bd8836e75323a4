"""What a model answered in, an answer that the text bears out, or in doubt with the reason, out."""

from rulec.judgement.answers import Answer, Question
from rulec.judgement.prompt import IN_DOUBT, answers_to
from rulec.judgement.texts import stands_in, unescaped
from rulec.runtime.bounds import inside
from rulec.runtime.refused import ValueProblem
from rulec.runtime.types import YesNo
from rulec.runtime.values import read_value


def read_answer(question: Question, answer: str, quote: str, text: str) -> Answer:
    """The answer to a question about a text (as the model was shown it, unescaped)."""
    if answer == IN_DOUBT:
        return Answer(question.path, reason="unsure")
    words = quote if stands_in(quote, text) else unescaped(quote)
    if not stands_in(words, text):
        return Answer(question.path, reason="quote")
    listed = answers_to(question)
    if listed:
        value: object = answer == "yes" if isinstance(question.slot.type, YesNo) else answer
        return Answer(question.path, value if answer in listed else None, words, "" if answer in listed else "value")
    return _value(question, unescaped(answer), words)


def _value(question: Question, said: str, quote: str) -> Answer:
    """A value that the text writes: read as rulec reads values, from words that stand in the quote."""
    if not stands_in(said, quote):
        return Answer(question.path, reason="quote")
    try:
        value = read_value(question.slot.type, said, question.language)
    except ValueProblem:
        return Answer(question.path, reason="value")
    if question.slot.bounds is not None and not inside(question.slot.bounds, value):
        return Answer(question.path, reason="value")
    return Answer(question.path, value, quote)
