"""The carrier's prices in, `tarifs.csv` and `rates.csv` out: 25 countries by 8 weights, the same in both languages.

Each country has the price of the lightest parcel and what every further weight adds, in cents.
"""

from pathlib import Path

WEIGHTS = ("0.5", "1", "2", "5", "10", "15", "20", "30")  # kg, the bound included
COUNTRIES = {
    "France": ("France", 490, 150), "Monaco": ("Monaco", 490, 170), "Corse": ("Corsica", 690, 190),
    "Belgique": ("Belgium", 790, 210), "Luxembourg": ("Luxembourg", 790, 220), "Pays-Bas": ("Netherlands", 890, 230),
    "Allemagne": ("Germany", 890, 240), "Suisse": ("Switzerland", 1290, 390), "Italie": ("Italy", 990, 260),
    "Espagne": ("Spain", 990, 270), "Portugal": ("Portugal", 1090, 290), "Autriche": ("Austria", 1090, 280),
    "Irlande": ("Ireland", 1190, 310), "Danemark": ("Denmark", 1190, 320), "Suède": ("Sweden", 1290, 340),
    "Finlande": ("Finland", 1390, 360), "Norvège": ("Norway", 1690, 450), "Pologne": ("Poland", 1190, 300),
    "Tchéquie": ("Czechia", 1190, 305), "Hongrie": ("Hungary", 1290, 330), "Grèce": ("Greece", 1490, 410),
    "Royaume-Uni": ("United Kingdom", 1390, 420), "Canada": ("Canada", 2490, 890),
    "États-Unis": ("United States", 2490, 910), "Japon": ("Japan", 2690, 990),
}  # fmt: skip


def write(folder: Path) -> None:
    """Write both files beside the rules."""
    french, english = ["pays;poids;tarif de base"], ["country;weight;base rate"]
    for country, (name, first, further) in COUNTRIES.items():
        for at, weight in enumerate(WEIGHTS):
            price = f"{(first + at * further) / 100:.2f}"
            french.append(f"{country};jusqu'à {weight.replace('.', ',')} kg;{price.replace('.', ',')} €")
            english.append(f"{name};up to {weight} kg;€{price}")
    (folder / "tarifs.csv").write_text("\n".join(french) + "\n", encoding="utf-8")
    (folder / "rates.csv").write_text("\n".join(english) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).parent)
