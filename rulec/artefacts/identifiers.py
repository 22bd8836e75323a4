"""Names from the rules in, Python identifiers out: letters, digits and `_` only, no keyword, none twice."""

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable

# What a field must not hide: members of a pydantic model, and names that the annotations of later fields use.
_TAKEN = frozenset({
    "construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw", "schema", "schema_json",
    "update_forward_refs", "validate", "bool", "datetime", "decimal", "int", "pydantic", "str", "tuple", "typing",
})  # fmt: skip


def identifiers(names: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """An identifier for each name, in order, all different from each other and from `taken`."""
    used, found = set(taken), []
    for name in names:
        base = field_name(name)
        each, number = base, 2
        while each in used:
            each, number = f"{base}_{number}", number + 1
        used.add(each)
        found.append(each)
    return found


def field_name(name: str) -> str:
    """« montant HT » → "montant_ht"."""
    plain = _ascii(name).lower()
    if not plain or plain[0].isdigit():
        plain = f"f_{plain}"
    reserved = keyword.iskeyword(plain) or plain in _TAKEN or plain.startswith("model_")
    return f"{plain}_" if reserved else plain


def class_name(name: str) -> str:
    """« adresse de livraison » → "AdresseDeLivraison"; never a Python keyword."""
    plain = "".join(word[:1].upper() + word[1:] for word in _ascii(name).split("_"))
    safe = plain if plain and not plain[0].isdigit() else f"Entity{plain}"
    return f"{safe}_" if keyword.iskeyword(safe) else safe


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub("[^A-Za-z0-9]+", "_", plain).strip("_")
