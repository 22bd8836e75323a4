"""What went wrong with a request in, an answer of `application/problem+json` (RFC 9457) out."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from rulec.agent.wrong import Problem, RequestError, problems_of, said
from rulec.diagnostics.as_json import text_of
from rulec.source import LANGUAGES, Language

RETRY_AFTER = "1"  # seconds
TYPE = "urn:rulec:problem:{}"
# The status of each code; facts and requests that do not fit are 422.
STATUSES: Mapping[str, int] = {
    "E525": 400, "E526": 400, "E527": 400, "E988": 404, "E990": 401, "E991": 404, "E992": 405, "E993": 413, "E994": 415,
    "E995": 408, "E996": 503, "E997": 503, "E998": 503, "E930": 500,
    "E730": 404, "E731": 409, "E732": 409, "E733": 410,
    "E738": 403, "E739": 403, "E744": 409, "E745": 403, "E980": 501, "E999": 421, "E989": 400,
}  # fmt: skip
UNFIT = 422


class ServiceError(RequestError):
    """A request that the service does not answer, whatever it asks."""


def refusal(error: Exception, language: Language) -> Response:
    """The answer that says why there is none; `error` is one of `wrong.REFUSED`."""
    found = problems_of(error, language)
    return problem(STATUSES.get(found[0]["code"], UNFIT), found, language)


def failure(code: str, language: Language, **values: str) -> Response:
    """The answer for a code of the service."""
    return problem(STATUSES[code], [{"code": code, "key": "", "message": said(code, language, values)}], language)


def problem(status: int, found: Sequence[Problem], language: Language) -> Response:
    """The answer that tells these problems."""
    first = found[0]
    body = {
        "type": TYPE.format(first["code"]), "title": first["message"], "status": status,
        "detail": " ".join(each["message"] for each in found), "problems": list(found),
    }  # fmt: skip
    headers: dict[str, str] = {"content-language": language}
    if status == STATUSES["E996"]:
        headers["retry-after"] = RETRY_AFTER
    if status == STATUSES["E990"]:
        headers["www-authenticate"] = "Bearer"
    text = f"{text_of(body)}\n".encode()
    return Response(text, status, headers, "application/problem+json")


def language_of(accepted: str) -> Language | None:
    """The language that an `Accept-Language` ranks highest, the first of equals; None: it names none of ours."""
    found: list[tuple[float, int, Language]] = []
    for at, part in enumerate(accepted[:200].split(",")):
        name, _, weight = part.partition(";")
        language = next((each for each in LANGUAGES if name.strip().lower().split("-")[0] == each), None)
        if language is not None and (rank := _weight(weight)) > 0:
            found.append((-rank, at, language))
    return min(found)[2] if found else None


def _weight(text: str) -> float:
    """« q=0.8 »; 1 where nothing is said, 0 where it cannot be read."""
    if not text.strip():
        return 1.0
    key, _, value = text.strip().partition("=")
    digits = value.strip()
    is_number = digits.replace(".", "", 1).isdecimal() and digits.isascii()
    return float(digits) if key.strip() == "q" and is_number else 0.0
