"""The catalogue: departments, categories and products with their prices."""

import numpy as np

from tessera.world.mix import normal, stream

# department: category and typical price in euros
DEPARTMENTS = {
    "Femme": {"Robes": 49, "Hauts": 25, "Pantalons": 39, "Chaussures": 65, "Sacs": 79},
    "Homme": {"Chemises": 39, "Costumes": 149, "Baskets": 79},
    "Enfant": {"Bébé": 19, "Vêtements enfant": 17, "Jouets": 24, "Puériculture": 59},
    "Maison": {"Meubles": 180, "Linge": 35, "Décoration": 29, "Cuisine": 55,
               "Jardin": 69},
    "Beauté": {"Parfums": 69, "Maquillage": 22, "Soins": 28},
    "Sport": {"Course": 59, "Fitness": 35, "Randonnée": 75},
    "High-tech": {"Audio": 99, "Consoles": 129, "Figurines": 35, "Mangas": 9},
    "Épicerie fine": {"Vins": 18, "Thés": 12, "Chocolats": 14},
}  # fmt: skip
CATEGORIES = [
    (department, category, price)
    for department, categories in DEPARTMENTS.items()
    for category, price in categories.items()
]
CATEGORY_NAMES = [category for _, category, _ in CATEGORIES]
PER_CATEGORY = 40
PRODUCT_COUNT = len(CATEGORIES) * PER_CATEGORY
TIERS = ("entry", "core", "premium")
# Products of a category stand in order of price: 16 entry, 16 core, 8 premium.
TIER_START = np.array([0, 16, 32])
TIER_SIZE = np.array([16, 16, 8])
TIER_PRICE = np.array([0.6, 1.0, 2.1])
_BRANDS = [
    "Lilas & Co", "Atelier Nord", "Maison Tessier", "Bleu Canard", "Petit Pas",
    "Éphémère", "Grand Large", "Verveine", "Kumo", "Pixelle", "Belle Saison",
    "Tessera",
]  # fmt: skip


def product_ids() -> list[str]:
    """Give the shop's number of every product.

    Examples
    --------
    >>> product_ids()[0], len(product_ids()) == PRODUCT_COUNT
    ('P10000', True)
    """
    return [f"P{10_000 + at}" for at in range(PRODUCT_COUNT)]


def product_rows() -> dict[str, list[str]]:
    """Give the products as columns of the contract of `shop.products`.

    Examples
    --------
    >>> sorted(product_rows())
    ['brand', 'category', 'department', 'product_id', 'product_name']
    """
    names, departments, categories, brands = [], [], [], []
    for at in range(PRODUCT_COUNT):
        department, category, _ = CATEGORIES[at // PER_CATEGORY]
        place = at % PER_CATEGORY
        tier = int(np.searchsorted(TIER_START, place, side="right")) - 1
        brand = _BRANDS[(at * 7 + tier) % len(_BRANDS)]
        names.append(f"{category} {brand} {place + 1}")
        departments.append(department)
        categories.append(category)
        brands.append(f"{brand} ({TIERS[tier]})")
    return {
        "product_id": product_ids(),
        "product_name": names,
        "department": departments,
        "category": categories,
        "brand": brands,
    }


def product_prices(seed: int) -> np.ndarray:
    """Give the full price of every product.

    Returns
    -------
    ndarray of int64, shape (products,)
        Cents.

    Examples
    --------
    >>> bool((product_prices(1) > 0).all())
    True
    """
    typical = np.repeat([price for _, _, price in CATEGORIES], PER_CATEGORY)
    tiers = np.tile(np.repeat(TIER_PRICE, TIER_SIZE), len(CATEGORIES))
    spread = np.exp(0.12 * normal(stream(seed, "prices"), PRODUCT_COUNT))
    return np.maximum(np.round(typical * tiers * spread), 2).astype(np.int64) * 100 - 1
