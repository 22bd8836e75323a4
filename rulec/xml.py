"""An element and texts in, an XML document out that any reader takes."""

import re
from xml.etree.ElementTree import Element, indent, tostring

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no character of XML 1.0


def xml_text(text: str) -> str:
    """The text with a sign in place of what XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def document(root: Element) -> str:
    """The whole document, indented."""
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")
