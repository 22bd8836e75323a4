"""Answers in, sent once: to an SMTP server, or into a Maildir; what was sent already is not sent again."""

import smtplib
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from letters import Letter, mail_ids
from quote import Quote, as_html, as_pdf

SENDER = "devis@atelier-des-quais.example"
CLOSING = {"fr": "L'Atelier des Quais", "en": "Atelier des Quais"}
ATTACHED = {"fr": "Le devis est joint.", "en": "The quote is attached."}


class Post(Protocol):
    """Where answers go."""

    def has(self, id: str) -> bool:
        """Whether the answer of that Message-ID was taken."""
        ...

    def send(self, message: EmailMessage) -> None:
        """Send; it is taken when this returns."""
        ...


class Folder:
    """A Maildir: an answer is a file of its own name, so that twice is once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def has(self, id: str) -> bool:
        """Whether it is there."""
        return (self._folder / "new" / _file(id)).exists()

    def send(self, message: EmailMessage) -> None:
        """Write it, whole or not at all."""
        name = _file(message["message-id"])
        (self._folder / "tmp" / name).write_bytes(message.as_bytes(policy=policy.SMTP))
        (self._folder / "tmp" / name).replace(self._folder / "new" / name)


class Server:
    """An SMTP server, which also delivers a copy of each answer to `copies`, a Maildir or an IMAP folder.

    An answer of which the server's word was lost is looked for among these copies before it is sent again.
    """

    def __init__(self, host: str, port: int, copies_to: str, copies: str) -> None:
        self._place, self._copies_to, self._copies = (host, port), copies_to, copies

    def has(self, id: str) -> bool:
        """Whether a copy has come."""
        return id in set(mail_ids(self._copies))

    def send(self, message: EmailMessage) -> None:
        """Give it to the server, for the customer and for the copies, in one transaction: both are taken, or neither.

        Raises OSError or smtplib.SMTPException where it is not taken.
        """
        with smtplib.SMTP(*self._place, timeout=20) as server:
            server.ehlo_or_helo_if_needed()
            said = [server.mail(SENDER), server.rcpt(self._copies_to), server.rcpt(message["to"])]
            refused = [each for each in said if each[0] not in (250, 251)]
            code, why = refused[0] if refused else server.data(message.as_bytes(policy=policy.SMTP))
            if code != 250:
                raise smtplib.SMTPResponseException(code, why)


def answer_to(letter: Letter, quote: Quote, courtesy: str) -> EmailMessage:
    """The answer: a courteous sentence, the figures, the quote as HTML and PDF. Its identity is that of the mail."""
    message = EmailMessage()
    message["From"], message["To"] = SENDER, letter.sender
    message["Subject"] = quote.title
    message["Message-ID"] = message_id(letter)
    if letter.thread:
        message["In-Reply-To"] = " ".join(letter.thread.split())
    rows = "\n".join(f"{name} : {told}" if quote.language == "fr" else f"{name}: {told}" for name, told in quote.rows())
    said = ATTACHED[quote.language]
    message.set_content(f"{courtesy}\n\n{quote.title}\n{rows}\n\n{said}\n\n{CLOSING[quote.language]}\n")
    name = quote.number
    message.add_attachment(as_html(quote).encode(), maintype="text", subtype="html", filename=f"{name}.html")
    message.add_attachment(as_pdf(quote), maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return message


def answered(letter: Letter) -> str:
    """The identity of the mail whose quote this one answers; "" for any other."""
    own, _, place = letter.answers.strip("<>").partition("@")
    return own if place == "atelier-des-quais.example" else ""


def message_id(letter: Letter) -> str:
    """The Message-ID of the answer: the same whenever it is made."""
    return f"<{letter.id}@atelier-des-quais.example>"


def _file(id: str) -> str:
    return id.strip("<>").replace("/", "_")
