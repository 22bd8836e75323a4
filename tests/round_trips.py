"""Random rule files in French: definitions of every form, tables, and rules that use them."""

from hypothesis import strategies as st

HEAD = """\
Un client [customer] (en anglais « customer ») a :
  - un pays [country] (en anglais « country ») parmi France [france] (en anglais « France »), Suisse [switzerland] \
(en anglais « Switzerland »), Italie [italy] (en anglais « Italy »)
  - un nombre de commandes (nombre entier) [orders] (en anglais « number of orders »)
  - une date d'inscription (date) [signup] (en anglais « signup date »)
  - il peut être fidèle [loyal] (en anglais « loyal »)
  - un code (texte), facultatif [code] (en anglais « code »)
Une commande [order] (en anglais « order ») a :
  - un montant HT (en € HT), principal [net] (en anglais « net amount »)
  - un poids (en kg) [weight] (en anglais « weight »)
  - une date de livraison (date) [delivery] (en anglais « delivery date »)
On connaît :
  - une distance (en km) [distance] (en anglais « distance »)
  - les soldes (oui/non) [sale] (en anglais « sale »)
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount] (en anglais « discount »)
  - les frais (en €), la première règle l'emporte [fee] (en anglais « fee »)
  - le score (nombre), s'additionnent [score] (en anglais « score »)
  - l'avis (texte), la première règle l'emporte [notice] (en anglais « notice »)
"""


def _choice(*ways: str) -> st.SearchStrategy[str]:
    return st.sampled_from(ways)


WHOLE = st.integers(0, 900).map(str)
AMOUNTS = st.builds(lambda euros, cents: f"{euros},{cents:02} €", st.integers(0, 900), st.integers(0, 99))
WEIGHTS = st.builds(lambda kilos, unit: f"{kilos} {unit}", st.integers(1, 90), _choice("kg", "g"))
RATES = st.builds(lambda tenths: f"{tenths // 10},{tenths % 10} %", st.integers(0, 999))
DAYS = st.builds(lambda day, month, year: f"le {day} {month} {year}", st.integers(1, 28), _choice("mars", "août"),
                 st.integers(2024, 2027)).map(lambda said: said.replace("le 1 ", "le 1er "))  # fmt: skip
TEXTS = _choice("« A »", "« é-è »", "« deux mots »")


def _compared(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """« le poids dépasse 5 kg », « le poids est entre 1 kg et 5 kg »."""
    ways = _choice("dépasse", "est d'au moins", "est inférieur à", "ne dépasse pas", "est de", "n'est pas de")
    return st.builds(lambda way, value: f"{name} {way} {value}", ways, values)


CONDITIONS = st.one_of(
    _compared("le nombre de commandes", WHOLE),
    _compared("le montant HT", AMOUNTS),
    _compared("le poids", WEIGHTS),
    _choice("le client est fidèle", "le client n'est pas fidèle", "soldes", "le pays est la France",
            "le pays est la France ou l'Italie", "le pays n'est ni la Suisse ni l'Italie", "le code est renseigné"),
    DAYS.map(lambda day: f"la date de livraison est avant {day}"),
    st.integers(1, 40).map(lambda days: f"la date de livraison est dans moins de {days} jours"),
    st.integers(1, 9).map(lambda years: f"la date d'inscription est il y a plus de {years} ans"),
    _choice("la date de livraison est le week-end", "la date de livraison est en mars", "le lundi"),
)  # fmt: skip
SEVERAL = st.one_of(
    CONDITIONS,
    st.builds(lambda one, join, other: f"{one} {join} {other}", CONDITIONS, _choice("et", "ou"), CONDITIONS),
    st.builds(lambda one, two, three: f"({one} ou {two}) et {three}", CONDITIONS, CONDITIONS, CONDITIONS),
)
ENDS = _choice("", ", arrondi au centime", ", arrondi à l'euro supérieur")


def _cases(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """« 5 € si A, 6 € si B, sinon 7 € »."""
    some = st.lists(st.tuples(values, CONDITIONS), min_size=1, max_size=2)
    return st.builds(
        lambda cases, last: ", ".join(f"{value} si {condition}" for value, condition in cases) + f", sinon {last}",
        some, values,
    )  # fmt: skip


# A definition of each form: what it defines, and the condition or the value that uses it.
DEFINITIONS = st.one_of(
    st.tuples(WHOLE.map(lambda n: f"Constante : le seuil [floor] vaut {n}."),
              st.just("le nombre de commandes dépasse le seuil")),
    st.tuples(SEVERAL.map(lambda said: f"Un client est assidu [regular] si {said}."), st.just("le client est assidu")),
    st.tuples(SEVERAL.map(lambda said: f"Une commande est lourde [heavy] si {said}."),
              st.just("la commande n'est pas lourde")),
    st.tuples(_cases(AMOUNTS).map(lambda cases: f"Le forfait [flat] vaut {cases}."),
              st.just("le forfait dépasse 10 €")),
    st.tuples(_cases(RATES).map(lambda cases: f"Le taux maison [house_rate] vaut {cases}."),
              st.just("le taux maison est d'au moins 5 %")),
    st.tuples(st.builds(lambda rate, end: f"La part [share] d'une commande est {rate} de son montant HT{end}.",
                        RATES, ENDS), AMOUNTS.map(lambda most: f"la part de la commande dépasse {most}")),
    st.tuples(st.builds(lambda one, two: f"Le prix plein [full] d'une commande est son montant HT plus {one} "
                        f"moins 10 % de son montant HT, plafonné à {two}.", AMOUNTS, AMOUNTS),
              AMOUNTS.map(lambda most: f"le prix plein ne dépasse pas {most}")),
    st.tuples(st.builds(lambda one, two: f"Le coût [cost] d'une commande est par tranche de son montant HT : {one} "
                        f"jusqu'à 1 000 €, {two} au-delà.", RATES, RATES), st.just("le coût dépasse 50 €")),
    st.tuples(st.builds(lambda one, two: f"Le barème [scale] vaut {one} à partir du 1er mars 2025, {two} à partir "
                        "du 1er avril 2026.", AMOUNTS, AMOUNTS), st.just("le barème dépasse 10 €")),
    st.tuples(st.integers(1, 60).map(lambda days: "L'échéance [due] est la date de livraison plus "
                                     f"{days} jours."), DAYS.map(lambda day: f"l'échéance est après {day}")),
    st.tuples(st.builds(lambda rate, least: f"Le trajet [trip] pour une longueur (en km) est {rate} par km × la "
                        f"longueur, avec un minimum de {least}.", AMOUNTS, AMOUNTS),
              AMOUNTS.map(lambda most: f"le trajet pour la distance dépasse {most}")),
    st.tuples(st.just("L'ancienneté [seniority] d'un client est le nombre de mois depuis sa date d'inscription."),
              st.integers(0, 90).map(lambda months: f"l'ancienneté dépasse {months}")),
)  # fmt: skip
# Columns: the head, and what its cells may be.
CELLS: dict[str, st.SearchStrategy[str]] = {
    "pays": _choice("France", "Suisse, Italie", "sauf France", "-"),
    "fidèle": _choice("oui", "non", "-"),
    "poids": st.one_of(st.just("-"), st.builds(lambda way, said: f"{way} {said}",
                                               _choice("<", "jusqu'à", "plus de", "au moins"), WEIGHTS)),
    "montant HT": st.one_of(st.just("-"), AMOUNTS.map(lambda said: f"plus de {said}")),
    "code": _choice("-", "commence par « A »", "« B »", "non renseigné", "renseigné"),
    "date de livraison": st.one_of(st.just("-"), DAYS.map(lambda day: f"avant {day}"), _choice("le lundi", "en mars")),
}  # fmt: skip
GIVEN = {"remise": RATES, "frais": AMOUNTS, "score": WHOLE, "avis": TEXTS}


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table whose first row that holds wins, so that no two rows clash."""
    heads = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=3, unique=True))
    outcomes = draw(st.lists(st.sampled_from(list(GIVEN)), min_size=1, max_size=2, unique=True))
    size = draw(st.integers(1, 4))
    lines = ["Table « T » (la première ligne l'emporte) :", f"  | {' | '.join(heads)} || {' | '.join(outcomes)} |"]
    tested = [draw(st.lists(CELLS[head], min_size=size, max_size=size)) for head in heads]
    for cells in zip(*tested, strict=True):
        given = [draw(GIVEN[outcome]) for outcome in outcomes]
        lines.append(f"  | {' | '.join(cells)} || {' | '.join(given)} |")
    if draw(st.booleans()):
        rest = [draw(GIVEN[outcome]) for outcome in outcomes]
        lines.append(f"  | {' | '.join(['sinon', *['-'] * (len(heads) - 1)])} || {' | '.join(rest)} |")
    if draw(st.booleans()):
        lines.append(f"  sauf si {draw(CONDITIONS)}")
    return "\n".join(lines)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A whole file."""
    made = {text.split("[")[1].split("]")[0]: (text, used) for text, used in draw(st.lists(DEFINITIONS, max_size=3))}
    parts = [text for text, _ in made.values()]
    parts += [f"Si {used} alors le score est de {draw(WHOLE)}" for _, used in made.values()]
    if draw(st.booleans()):
        parts.append(draw(tables()))
    if draw(st.booleans()):
        parts.append(f"Si {draw(SEVERAL)} alors la remise est de {draw(RATES)} sauf si {draw(CONDITIONS)}")
    return HEAD + "\n".join(parts or [f"Le score est de {draw(WHOLE)}"]) + "\n"
