"""Mails in, what they say out; answers written, each with an identity of its own that does not change."""

import email
import imaplib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import parseaddr
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LONGEST = 20_000  # characters of a mail that are read
_PARTS = re.compile(r"[\n;.!?:•]|,\s|\s(?:et|and|plus|ainsi que|as well as)\s")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")


@dataclass(frozen=True)
class Letter:
    """A mail. `id`: what tells it from all others, whoever sent it. `thread`: its Message-ID, for the answer.

    `answers`: the Message-ID of the mail that it answers ("" none).
    """

    id: str
    sender: str
    subject: str
    text: str
    thread: str
    answers: str = ""


def letters_in(source: str) -> Iterator[Letter]:
    """The mails of a Maildir, or of `imap://user:password@host:port/INBOX`, which stay as they are."""
    raws = _from_imap(source) if source.startswith(("imap://", "imaps://")) else _from_maildir(Path(source))
    seen = set[str]()
    for raw in raws:
        letter = letter_of(raw)
        if letter.id not in seen:
            seen.add(letter.id)
            yield letter


def mail_ids(source: str) -> Iterator[str]:
    """The Message-IDs of the mails of a place."""
    raws = _from_imap(source) if source.startswith(("imap://", "imaps://")) else _from_maildir(Path(source))
    return (_header(email.message_from_bytes(raw, policy=policy.default), "message-id").strip() for raw in raws)


def letter_of(raw: bytes) -> Letter:
    """What a mail says. Two copies of one mail are one: its identity is made of what its author wrote."""
    message = email.message_from_bytes(raw, policy=policy.default)
    sender = parseaddr(_header(message, "from"))[1].lower()
    thread = _header(message, "message-id").strip()
    text = _text_of(message)[:LONGEST].strip()
    subject = " ".join(_header(message, "subject").split())[:200]
    told = "\x00".join((thread, sender, subject, text)).encode("utf-8", "replace")
    answers = _header(message, "in-reply-to").strip()
    return Letter(sha256(told).hexdigest()[:32], sender, subject, text, thread, answers)


def passages(text: str) -> list[str]:
    """The parts of a mail that may each ask for a product: its lines, its sentences, what commas and « et » part."""
    return [part for part in (each.strip(" -*\t") for each in _PARTS.split(text)) if part]


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except Exception:  # the library fails in many ways on headers that are none
        return ""


def _text_of(message: EmailMessage) -> str:
    """The plain text, else what the HTML shows; "" where neither can be read. Attachments are left alone."""
    for kind in ("plain", "html"):
        try:
            part = message.get_body((kind,))
            content = part.get_content() if part is not None else ""
        except (LookupError, ValueError, KeyError, UnicodeError):
            content = ""
        if isinstance(content, str) and content.strip():
            shown = _shown(content) if kind == "html" else content
            return "\n".join(_SPACES.sub(" ", line).strip() for line in shown.splitlines())
    return ""


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts, self.hidden = list[str](), 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in ("script", "style", "head")
        if tag in ("br", "p", "div", "tr", "li"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style", "head") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def _shown(html: str) -> str:
    parser = _Shown()
    parser.feed(html)
    return "".join(parser.parts)


def _from_maildir(folder: Path) -> Iterator[bytes]:
    if not folder.is_dir():
        raise FileNotFoundError(f"Maildir ? {folder}")
    for path in sorted([*(folder / "new").glob("*"), *(folder / "cur").glob("*")]):
        yield path.read_bytes()


def _from_imap(source: str) -> Iterator[bytes]:
    """All the mails of a folder, read without being marked as read."""
    place = urlsplit(source)
    kind = imaplib.IMAP4_SSL if place.scheme == "imaps" else imaplib.IMAP4
    port = place.port or (993 if place.scheme == "imaps" else 143)
    with kind(place.hostname or "", port) as server:
        server.login(unquote(place.username or ""), unquote(place.password or ""))
        server.select(unquote(place.path.lstrip("/")) or "INBOX", readonly=True)
        for number in server.search(None, "ALL")[1][0].split():
            yield server.fetch(number.decode(), "(BODY.PEEK[])")[1][0][1]  # type: ignore[index,misc]  # as RFC 3501 has it
