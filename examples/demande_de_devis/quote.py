"""What the rules decided and the database holds in, the quote out: as figures, as HTML, as PDF.

No figure here comes from a model or from a mail but quantities, whose words the mail writes.
"""

from dataclasses import dataclass
from decimal import Decimal
from html import escape

from fpdf import FPDF
from shop import Customer, Product

WORDS = {
    "fr": {
        "title": "Devis {number}", "for": "Pour", "article": "Article", "quantity": "Quantité",
        "price": "Prix unitaire", "discount": "Remise", "amount": "Montant", "total": "Total", "delay": "Délai",
        "days": "{days} jours",
        "valid": "Valable 30 jours. Atelier des Quais, 12 quai des Potiers, Rennes.",
    },
    "en": {
        "title": "Quote {number}", "for": "For", "article": "Article", "quantity": "Quantity",
        "price": "Unit price", "discount": "Discount", "amount": "Amount", "total": "Total", "delay": "Delivery",
        "days": "{days} days",
        "valid": "Valid for 30 days. Atelier des Quais, 12 quai des Potiers, Rennes.",
    },
}  # fmt: skip


_STYLE = "body{font:16px/1.5 system-ui;margin:2em auto;max-width:40em}th{text-align:left;padding-right:2em}"


@dataclass(frozen=True)
class Line:
    """A line of a quote: `discount` as a fraction, `amount` in €."""

    product: Product
    quantity: int
    discount: Decimal
    amount: Decimal

    def rows(self, language: str) -> list[tuple[str, str]]:
        """What it says, but for its amount."""
        said = WORDS[language]
        return [
            (said["article"], self.product.name_fr if language == "fr" else self.product.name_en),
            (said["quantity"], str(self.quantity)), (said["price"], money(self.product.price, language)),
            (said["discount"], percent(self.discount, language)),
        ]  # fmt: skip


@dataclass(frozen=True)
class Quote:
    """A quote: `total` in €, `days` until delivery, `language` "fr" or "en"."""

    number: str
    customer: Customer
    lines: tuple[Line, ...]
    total: Decimal
    days: int
    language: str

    def rows(self) -> list[tuple[str, str]]:
        """What it says, line by line; the amount of a line where there are several."""
        said, lines = WORDS[self.language], list[tuple[str, str]]()
        for each in self.lines:
            lines += each.rows(self.language)
            lines += [(said["amount"], money(each.amount, self.language))] if len(self.lines) > 1 else []
        return [
            (said["for"], self.customer.name or self.customer.address), *lines,
            (said["total"], money(self.total, self.language)),
            (said["delay"], said["days"].format(days=self.days)),
        ]  # fmt: skip

    @property
    def title(self) -> str:
        """« Devis D-1a2b3c4d »."""
        return WORDS[self.language]["title"].format(number=self.number)


def money(amount: Decimal, language: str) -> str:
    """« 1 234,50 € » | "€1,234.50"."""
    said = f"{amount:,.2f}"
    return f"{said.replace(',', ' ').replace('.', ',')} €" if language == "fr" else f"€{said}"


def percent(rate: Decimal, language: str) -> str:
    """« 5 % » | "5%"."""
    said = f"{(rate * 100).normalize():f}"
    return f"{said.replace('.', ',')} %" if language == "fr" else f"{said}%"


def as_html(quote: Quote) -> str:
    """One page that needs nothing else."""
    rows = "\n".join(f"<tr><th>{escape(name)}</th><td>{escape(told)}</td></tr>" for name, told in quote.rows())
    title = escape(quote.title)
    return (
        f'<!doctype html>\n<html lang="{quote.language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>\n<table>\n{rows}\n</table>\n"
        f"<p>{escape(WORDS[quote.language]['valid'])}</p></body></html>\n"
    )


def as_pdf(quote: Quote) -> bytes:
    """The same on an A4 page."""
    page = FPDF(format="A4")
    page.add_page()
    page.set_font("Helvetica", "B", 18)
    page.cell(0, 14, _latin(quote.title), new_x="LMARGIN", new_y="NEXT")
    for name, told in quote.rows():
        page.set_font("Helvetica", "B", 12)
        page.cell(60, 9, _latin(name))
        page.set_font("Helvetica", "", 12)
        page.cell(0, 9, _latin(told), new_x="LMARGIN", new_y="NEXT")
    page.set_font("Helvetica", "", 10)
    page.cell(0, 14, _latin(WORDS[quote.language]["valid"]))
    return bytes(page.output())


def _latin(text: str) -> str:
    """Text in the letters that every PDF reader has."""
    return text.replace("€", "EUR").encode("latin-1", "replace").decode("latin-1")
