"""Survey answers, which reflect the planted psychographics."""

import numpy as np
import pyarrow as pa

from tessera.world import mix
from tessera.world.columns import coded, constant, joined, numbered, times
from tessera.world.day import Day
from tessera.world.identifiers import emails, sha256, spelled
from tessera.world.persons import Persons
from tessera.world.segments import TRAITS, Segment
from tessera.world.spelling import fill

QUESTIONS = [
    "Je compare les prix avant d'acheter.",
    "J'aime essayer ce qui est nouveau.",
    "Je fais mes achats surtout pour ma famille.",
    "La qualité compte plus que le prix.",
    "Je regarde ce que portent les autres.",
    "J'aime aménager mon intérieur.",
    "Je suis l'actualité des jeux et du high-tech.",
    "Je fais attention à l'origine des produits.",
    "Où préférez-vous acheter ?",
]
_PLACES = ["En ligne", "En magasin", "Les deux"]
TRAIT_SPREAD = 0.55
ANSWER_SPREAD = 0.45


def traits(persons: Persons, who: np.ndarray, segments: tuple[Segment, ...]):
    """Give the planted psychographics of each person.

    Returns
    -------
    ndarray of float64, shape (n, 8)
        1 to 5, around the mean of the first planted segment; see `TRAITS`.
    """
    means = np.array([one.traits for one in segments])[persons.segment[who]]
    noise = np.stack(
        [mix.normal(mix.stream(persons.seed, "trait", name), who) for name in TRAITS],
        axis=1,
    )
    return np.clip(means + TRAIT_SPREAD * noise, 1.0, 5.0)


def respondent_ids(persons: Persons, who: np.ndarray) -> pa.Array:
    """Give the survey tool's number of each person."""
    return numbered("R", mix.scramble(who, mix.stream(persons.seed, "respondent_id")))


def response_rows(day: Day, who: np.ndarray) -> pa.Table:
    """Give the rows of `survey.responses` of a day, one an answer.

    Parameters
    ----------
    day : Day
    who : ndarray of int64, shape (responses,)
        Who answers.

    Returns
    -------
    pyarrow.Table
        The odd weeks ask on a scale of 1 to 5, the others of 0 to 10.
    """
    persons, size = day.persons, len(who)
    scored = len(TRAITS)
    felt = traits(persons, who, day.segments)
    noise = [mix.normal(mix.stream(persons.seed, "answer", day.number, at), size)
             for at in range(scored)]  # fmt: skip
    felt = felt + ANSWER_SPREAD * np.stack(noise, axis=1).reshape(size, scored)
    wide = day.date.isocalendar().week % 2 == 0
    low, high = (0, 10) if wide else (1, 5)
    value = np.clip(np.round((felt - 1) / 4 * (high - low) + low), low, high)
    web = day.trait("web_share", persons.segment_on(who, day.number))
    where = np.where(web > 0.7, 0, np.where(web < 0.3, 1, 2))
    where = np.where(day.draw("survey_place", size) < 0.2, 2, where)

    questions = len(QUESTIONS)
    response = np.repeat(np.arange(size), questions)
    question = np.tile(np.arange(questions), size)
    is_choice = question == scored
    figures = np.concatenate([value, np.zeros((size, 1))], axis=1).ravel()
    words = [*(str(one) for one in range(11)), *_PLACES]
    answer = np.where(is_choice, 11 + where[response], figures.astype(np.int64))
    silent = day.draw("survey_silent", len(response)) < 0.03

    luck = day.draw("survey_mail", size)
    address = emails(persons, who)
    plain = fill(spelled(address, day.draw("survey_style", size)), luck > 0.45, None)
    hashed = sha256(fill(address, (luck <= 0.45) | (luck > 0.7), None))
    segment = persons.segment_on(who, day.number)
    taken = pa.array(response)
    wave = f"S{day.date.year}Q{(day.date.month + 2) // 3}"
    return pa.table(
        {
            "response_id": joined(
                f"s{day.number + 1:04d}-", pa.array(response).cast(pa.string())
            ),
            "question_id": coded(question, [f"Q{one + 1}" for one in range(questions)]),
            "survey_id": constant(wave, len(response)),
            "respondent_id": respondent_ids(persons, who).take(taken),
            "answered_at": times(day.moments("survey", segment)[response]),
            "question_text": coded(question, QUESTIONS),
            "answer": coded(answer, words, silent),
            "scale_minimum": pa.array(
                np.full(len(response), float(low)), mask=is_choice
            ),
            "scale_maximum": pa.array(
                np.full(len(response), float(high)), mask=is_choice
            ),
            "email": plain.take(taken),
            "email_sha256": hashed.take(taken),
        }
    )
