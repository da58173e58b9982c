"""Time and memory of other processes, and tables of figures."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """What a command used.

    Parameters
    ----------
    seconds : float
        Wall-clock time.
    peak_megabytes : float
        Largest resident memory of the process.
    cpu_seconds : float
        Time on all processors, which other work on the machine moves less.
    """

    seconds: float
    peak_megabytes: float
    cpu_seconds: float


def measure_command(
    command: Sequence[str], *, environment: Mapping[str, str], folder: Path
) -> Usage:
    """Run a command to its end and measure it.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    environment : mapping of str to str
        Variables set beside those of this process.
    folder : Path
        Working directory.

    Returns
    -------
    Usage
        Of the command itself, its threads included.

    Raises
    ------
    subprocess.CalledProcessError
        If the command fails; its output is in the error.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process.stdout:
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Usage(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out figures as a Markdown table, numbers to the right.

    Examples
    --------
    >>> print(markdown_table(["way", "seconds"], [["sql", "1.2"]]))
    | way | seconds |
    |---|---:|
    | sql | 1.2 |
    """
    rule = "|---|" + "---:|" * (len(header) - 1)
    lines = [f"| {' | '.join(header)} |", rule]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)
