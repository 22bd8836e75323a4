"""A doubt and the reading chosen in, the text of the file out: the original stays as a comment above."""

import re

from rulec.clarify.doubts import Doubt

ORIGINAL = {"fr": "# à l'origine : ", "en": "# originally: "}


def chosen(text: str, doubt: Doubt, reading: int) -> str:
    """The whole text of the file with the statement as it was chosen. `text`: the file, its prose included."""
    span, mark = doubt.span, ORIGINAL[doubt.source.language]
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    margin = re.match(r"[ \t]*", text[start:])
    lead, end = margin[0] if margin else "", "\r\n" if "\r\n" in text else "\n"
    lines = re.split(r"\r\n|\r|\n", text[start : span.end])
    kept = [f"{lead}{'#   ' if number else mark}{line.strip()}{end}" for number, line in enumerate(lines)]
    said = doubt.readings[reading].text.replace("\r\n", "\n").replace("\n", end)
    return "".join([text[:start], *kept, text[start : span.start], said, text[span.end :]])
