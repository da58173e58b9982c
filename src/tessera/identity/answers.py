"""Answers to the review queue, appended to the seed of decisions."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tessera.errors import TesseraError

SEED_COLUMNS = (
    "left_source", "left_profile_id", "right_source", "right_profile_id",
    "decision", "decided_on", "reason",
)  # fmt: skip
SOURCES = ("crm", "shop", "web", "email", "social", "ads", "survey")
DECISIONS = ("same", "different")
_NAMES = SEED_COLUMNS[:4]


@dataclass(frozen=True)
class Answers:
    """What became of a file of answers.

    Parameters
    ----------
    added : int
        Decisions appended to the seed.
    known : int
        Decisions that were the last word on their pair already.
    open : int
        Questions without an answer.
    """

    added: int
    known: int
    open: int


def take_answers(answers: Path, seed: Path, decided_on: date | None = None) -> Answers:
    """Append the answers of a filled-in review file to the seed of decisions.

    Parameters
    ----------
    answers : Path
        CSV that `tessera.identity.reviews.export_reviews` wrote, with `same` or
        `different` in the column `decision`, and a `reason` where there is one. Blank
        decisions stay open.
    seed : Path
        ``seeds/identity_decisions.csv``. It is replaced in one step, and only when
        every answer is sound.
    decided_on : date, optional
        Day of the decisions. Default: the night that asked, `as_of_date` in the file,
        so that the same night run again obeys them.

    Returns
    -------
    Answers
        The same file taken in twice adds nothing the second time.

    Raises
    ------
    TesseraError
        If a file cannot be read, lacks a column, or an answer does not fit; the line
        and the rule are named, values are not.
    """
    header, rows = _read(answers)
    missing = [name for name in (*_NAMES, "decision") if name not in header]
    if missing:
        raise TesseraError(
            f"{answers} lacks the columns {', '.join(missing)}: fill in a file that "
            "`tessera identity reviews` wrote."
        )
    _, decided = _read(seed)
    last_words = {}
    for row in sorted(decided, key=lambda row: row["decided_on"]):
        last_words[_pair(row)] = row["decision"]
    new, known, unanswered = [], 0, 0
    for line, row in enumerate(rows, start=2):
        decision = (row["decision"] or "").strip().lower()
        if not decision:
            unanswered += 1
            continue
        _check(answers, line, row, decision)
        pair = _pair(row)
        if last_words.get(pair) == decision:
            known += 1
            continue
        last_words[pair] = decision
        new.append(
            {
                **{name: row[name].strip() for name in _NAMES},
                "decision": decision,
                "decided_on": _day(answers, line, row, decided_on).isoformat(),
                "reason": (row.get("reason") or "").strip(),
            }
        )
    _refuse_two_words_on_one_day(answers, decided, new)
    if new:
        _append(seed, decided, new)
    return Answers(len(new), known, unanswered)


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
    except FileNotFoundError as error:
        raise TesseraError(f"{path}: there is no such file.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise TesseraError(f"{path}: save it as CSV in UTF-8.") from error
    return list(reader.fieldnames or []), rows


def _pair(row: dict[str, str]) -> frozenset[tuple[str, str]]:
    left_source, left_id, right_source, right_id = (
        row[name].strip() for name in _NAMES
    )
    return frozenset({(left_source, left_id), (right_source, right_id)})


def _check(path: Path, line: int, row: dict[str, str], decision: str) -> None:
    """Refuse an answer that names no two profiles, or says neither word."""
    fault = None
    if decision not in DECISIONS:
        fault = "decision should be `same` or `different`, or blank"
    elif not all((row[name] or "").strip() for name in _NAMES):
        fault = "an alarm names no two profiles and cannot be decided; leave it blank"
    elif not {row["left_source"].strip(), row["right_source"].strip()} <= set(SOURCES):
        fault = f"a source should be one of {', '.join(SOURCES)}"
    elif len(_pair(row)) < 2:
        fault = "a profile is always one person with itself"
    if fault:
        raise TesseraError(f"{path}, line {line}: {fault}. Nothing was taken in.")


def _day(path: Path, line: int, row: dict[str, str], decided_on: date | None) -> date:
    """Give the day asked for, else that of the night that asked."""
    if decided_on:
        return decided_on
    try:
        return date.fromisoformat((row.get("as_of_date") or "").strip())
    except ValueError as error:
        raise TesseraError(
            f"{path}, line {line}: as_of_date should be a day, YYYY-MM-DD; leave it as "
            "it was written, or name the day with --decided-on. Nothing was taken in."
        ) from error


def _refuse_two_words_on_one_day(path: Path, decided: list, new: list) -> None:
    """Refuse a second decision on a pair on one day, which no night could order."""
    days = set()
    for row in [*decided, *new]:
        day = (_pair(row), row["decided_on"])
        if day in days and row in new:
            raise TesseraError(
                f"{path} decides a pair of profiles twice on {row['decided_on']}, or "
                "otherwise than before on that day: mend the answer, or "
                "seeds/identity_decisions.csv itself. Nothing was taken in."
            )
        days.add(day)


def _append(seed: Path, decided: list, new: list) -> None:
    partial = seed.with_name(f".{seed.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, SEED_COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows([*decided, *new])
        partial.replace(seed)
    finally:
        partial.unlink(missing_ok=True)
