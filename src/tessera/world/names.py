"""Given names, family names, streets and mail providers, with skewed frequencies.

Lists written for this world; a name early in its list is frequent (Zipf's law).
"""

import numpy as np


def _words(text: str, separator: str | None = None) -> list[str]:
    return [" ".join(word.replace("_", " ").split()) for word in text.split(separator)]


FEMALE_NAMES = _words("""
Marie Camille Nathalie Isabelle Léa Emma Sophie Catherine Sylvie Julie Manon Chloé
Céline Sandrine Valérie Véronique Christine Émilie Aurélie Laura Sarah Inès Jade Louise
Alice Anaïs Charlotte Pauline Lucie Mathilde Clara Zoé Élodie Mélanie Hélène Françoise
Monique Jacqueline Brigitte Martine Nicole Anne-Sophie Marie-Laure Fatima Nadia Samira
Leïla Aïcha Yasmine Amina Eva Romane Agathe Margaux Océane Lola Juliette Capucine Noémie
Ambre Gaëlle Maëlle Solène Typhaine Ségolène Bérénice Ghislaine Odile Josiane Ginette
Bernadette Mireille Colette Régine Thérèse Oriane Clémence Apolline
""")

MALE_NAMES = _words("""
Thomas Nicolas Julien Pierre Jean Michel Lucas Hugo Louis Gabriel Raphaël Alexandre
Maxime Antoine Kevin Philippe Alain Patrick Christophe Stéphane Frédéric Sébastien
Guillaume Romain Mathieu Clément Arthur Jules Adam Nathan Enzo Théo Léo Paul Baptiste
Valentin Quentin Florian Jérôme Olivier Laurent Éric Pascal Thierry Gérard Daniel
Bernard Jacques Jean-Pierre Jean-Luc Mohamed Karim Mehdi Rachid Samir Youssef Ibrahim
Moussa Rayan Noah Ethan Maël Loïc Yann Erwan Gaël Tanguy Benoît Cédric Fabien Ludovic
Rémi Damien Vincent Xavier Aurélien Côme Gaspard Augustin Anatole Célestin Zacharie
""")

LAST_NAMES = _words("""
Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel
Lefèvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine
Rousseau Vincent Muller Lefebvre Faure André Mercier Blanc Guérin Boyer Garnier
Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry
Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer
Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud
Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre
Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc
Payet Rolland Leclercq Guillaume Lecomte López Jean Dupuy Guillot Hubert Berger
Carpentier Sánchez Dupuis Moulin Louis Deschamps Huet Vasseur Pérez Boucher Fleury Royer
Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier
Ménard Nguyen Traoré Diallo Benali Haddad N'Diaye Le_Gall Le_Goff D'Angelo
""")

STREETS = _words(
    """
rue de la République | rue Victor Hugo | avenue Jean Jaurès | rue de l'Église | place de
la Mairie | rue du Général de Gaulle | rue Pasteur | avenue de la Gare | rue des Écoles
| boulevard Gambetta | rue Jules Ferry | chemin des Vignes | rue du Moulin | allée des
Tilleuls | rue de la Fontaine | impasse des Lilas | rue Émile Zola | avenue Foch | rue
du Château | rue des Acacias | rue Voltaire | quai de la Loire | route de Paris | rue
Saint-Michel | rue des Prés | rue Louis Pasteur | cours Lafayette | square des Érables |
rue de Verdun | rue du Stade | rue des Jardins | boulevard Voltaire | rue Molière | rue
de la Paix | avenue du 8 Mai 1945 | rue Anatole France | chemin du Bois | rue des
Rosiers | place du Marché | rue Aristide Briand | rue de Bretagne | rue Lamartine | rue
du Port | rue Haute | rue de la Poste | allée du Parc | rue Danton | rue Carnot | route
de Lyon | rue Neuve
""",
    "|",
)

MAIL_PROVIDERS = [
    "gmail.com", "orange.fr", "hotmail.fr", "free.fr", "yahoo.fr", "outlook.fr",
    "wanadoo.fr", "sfr.fr", "laposte.net", "icloud.com", "live.fr", "bbox.fr",
]  # fmt: skip
MAIL_WEIGHTS = [40, 14, 9, 8, 7, 6, 4, 4, 3, 3, 1, 1]

FIRST_NAMES = FEMALE_NAMES + MALE_NAMES


def zipf_weights(size: int) -> np.ndarray:
    """Give weights that fall as one over rank plus eight.

    Examples
    --------
    >>> weights = zipf_weights(3)
    >>> bool(weights[0] > weights[2])
    True
    """
    return 1.0 / (np.arange(size) + 8.0)
