"""300 mails of customers in French and English, with what is right about each: unhappy or not, and the topic."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

# What a mail says, by topic and by whether who writes is unhappy.
MATTERS: dict[str, dict[tuple[str, bool], list[str]]] = {
    "en": {
        ("delivery", True): [
            "It has been {days} days and parcel {number} is still nowhere. This is the last time I order from you.",
            "The driver left my parcel in the rain and everything is ruined. I want to speak to someone in charge.",
            "You promised {day}, then {day2}, and nothing ever came. I am tired of your excuses.",
            "Wrong parcel again, second time this month. Honestly, does anybody check anything over there?",
        ],
        ("delivery", False): [
            "Could you tell me whether parcel {number} can be left with my neighbour on {day}?",
            "The parcel arrived {day}, well packed and on time. Thank you to the driver.",
            "I will be away until {day}: is it possible to hold order {number} a little longer?",
            "Do you deliver on {day}s in the countryside? We live at the end of a small road.",
        ],
        ("invoice", True): [
            "I was charged twice for order {number} and nobody answers the phone. I am contacting my bank tomorrow.",
            "Your invoice {number} is wrong for the third month in a row. Cancel my account if you cannot do better.",
            "{amount} for a repair that lasted {days} days? This is robbery and I will say so everywhere.",
        ],
        ("invoice", False): [
            "Please send invoice {number} to our accountant as well; the address is below.",
            "We paid {amount} by transfer on {day}. Could you confirm that you have received it?",
            "Is it possible to pay order {number} in three instalments?",
        ],
        ("other", True): [
            "I have asked {days} times to be taken off your list. The next letter goes to the regulator.",
            "Your shop assistant laughed at my question. I have been a customer for years and never felt so small.",
        ],
        ("other", False): [
            "What are your opening hours on {day}? I would like to come with my daughter.",
            "Do you still sell the blue one? I saw it at a friend's place and loved it.",
            "GREAT OFFER: your site on the first page of every search engine, from {amount} a month!!!",
            "Just a note to say that the new catalogue is lovely.",
        ],
    },
    "fr": {
        ("delivery", True): [
            "Cela fait {days} jours que j'attends le colis {number}. C'est la dernière fois que je commande chez vous.",
            "Le livreur a jeté mon colis par-dessus le portail, tout est cassé. C'est inadmissible.",
            "On me promet {day}, puis {day2}, et toujours rien. Vous vous moquez du monde ?",
        ],
        ("delivery", False): [
            "Bonjour, le colis {number} peut-il être déposé chez ma voisine {day} ?",
            "Colis bien reçu {day}, parfaitement emballé. Merci à toute l'équipe.",
            "Je serai absente jusqu'à {day} : pouvez-vous garder la commande {number} quelques jours ?",
        ],
        ("invoice", True): [
            "J'ai été débité deux fois pour la commande {number} et personne ne répond. Je saisis ma banque demain.",
            "La facture {number} est fausse pour la troisième fois. Si cela continue, je ferme mon compte.",
        ],
        ("invoice", False): [
            "Pourriez-vous envoyer la facture {number} à notre comptable ? Son adresse est ci-dessous.",
            "Nous avons réglé {amount} par virement {day} ; pouvez-vous confirmer la réception ?",
        ],
        ("other", True): [
            "Votre vendeur m'a ri au nez devant mes enfants. Vingt ans de fidélité pour en arriver là.",
            "Quatrième appel publicitaire cette semaine malgré mes demandes. J'en ai assez.",
        ],
        ("other", False): [
            "Quels sont vos horaires {day} ? Je viendrais avec ma fille.",
            "Vendez-vous encore le modèle bleu que j'ai vu chez une amie ?",
            "Le nouveau catalogue est une merveille, bravo.",
        ],
    },
}
OPENINGS = {"en": ["Hello,", "Dear Sir or Madam,", "Hi there,", "Good morning,", ""],
            "fr": ["Bonjour,", "Madame, Monsieur,", "Bonsoir,", "", "Bonjour à vous,"]}  # fmt: skip
CLOSINGS = {"en": ["Kind regards, {name}", "{name}", "Sent from my phone", "Thanks in advance. {name}", ""],
            "fr": ["Cordialement, {name}", "{name}", "Envoyé de mon téléphone", "Bien à vous, {name}", ""]}  # fmt: skip
DAYS = {"en": ["Monday", "Tuesday", "Friday", "Saturday"], "fr": ["lundi", "mardi", "vendredi", "samedi"]}
NAMES = ["Ada Lowe", "J. Martin", "Chloé Petit", "Tom O'Brien", "Mme Girard", "R. Singh", "Lucie B.", "The Carters"]
QUOTED = ["> On Friday you wrote:\n> we are looking into it", "> Le 3 mars, vous écriviez :\n> nous regardons", ""]


@dataclass(frozen=True)
class Mail:
    """A mail and what is right about it; `told`: the sentence that tells."""

    text: str
    told: str
    topic: str
    unhappy: bool


def mails(count: int = 300, seed: int = 11) -> list[Mail]:
    """The mails, the same for a seed, none twice."""
    random, found = Random(seed), dict[str, Mail]()
    while len(found) < count:
        mail = next(_mails(random))
        found.setdefault(mail.text, mail)
    return list(found.values())


def _mails(random: Random) -> Iterator[Mail]:
    language = random.choice(["en", "fr"])
    (topic, unhappy), said = random.choice(list(MATTERS[language].items()))
    days = random.sample(DAYS[language], 2)
    told = random.choice(said).format(
        days=random.randint(3, 25), number=random.randint(10_000, 99_999), day=days[0], day2=days[1],
        amount=f"€{random.randint(20, 900)}" if language == "en" else f"{random.randint(20, 900)} €",
    )  # fmt: skip
    closing = random.choice(CLOSINGS[language]).format(name=random.choice(NAMES))
    parts = [random.choice(OPENINGS[language]), told, closing, random.choice(QUOTED)]
    yield Mail("\n\n".join(filter(None, parts)), told, topic, unhappy)
