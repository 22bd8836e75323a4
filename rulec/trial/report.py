"""Results of examples in, plain data out."""

from collections.abc import Sequence

from rulec.trial.run import Result
from rulec.trial.tell import Teller


def as_json(results: Sequence[Result], teller: Teller) -> dict[str, object]:
    """How many passed and failed, and every example with what is not as expected."""
    failed = sum(not result.passed for result in results)
    return {
        "passed": len(results) - failed,
        "failed": failed,
        "examples": [_example(result, teller) for result in results],
    }


def _example(result: Result, teller: Teller) -> dict[str, object]:
    example = result.example
    differences = [
        {"key": failure.key or None, "message": teller.difference(failure, result.decision)}
        for failure in result.failures
    ]
    return {
        "title": example.title,
        "row": example.row or None,
        "file": example.file,
        "line": example.line,
        "at": result.at.isoformat(),
        "passed": result.passed,
        "backends_agree": result.agree,
        "differences": differences,
        "decision": result.decision.to_json(),
    }
