"""Time and memory of other processes, and tables of figures."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Of a command that failed, shown with the error.
LAST_LINES = 20


@dataclass(frozen=True)
class Usage:
    """What a command and all that it started used.

    Parameters
    ----------
    seconds : float
        Wall-clock time.
    cpu_seconds : float
        Time on all processors.
    peak_megabytes : float
        Largest resident memory of all processes together, looked at every quarter of
        a second.
    read_megabytes : float
        What they asked the system to read, from whatever cache; files that a process
        maps into its memory, as Polars does, do not count.
    output : str
        What the command printed to standard output.
    """

    seconds: float
    cpu_seconds: float
    peak_megabytes: float
    read_megabytes: float
    output: str


class CommandFailedError(subprocess.CalledProcessError):
    """A measured command that failed, with what it used until then.

    Parameters
    ----------
    usage : Usage
        Until its end.
    arguments : object
        As CalledProcessError takes them.
    """

    def __init__(self, usage: Usage, *arguments: object) -> None:
        super().__init__(*arguments)
        self.usage = usage


def measure_command(
    command: Sequence[str], *, environment: Mapping[str, str], folder: Path
) -> Usage:
    """Run a command to its end and measure it with all that it starts.

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
        Of the command and its descendants.

    Raises
    ------
    CommandFailedError
        If the command fails; both its outputs and what it used are in the error, the
        end of the outputs in its traceback.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watch = _TreeWatch(process.pid)
    said: list[str] = []
    errors = threading.Thread(
        target=lambda: said.append(process.stderr.read()), daemon=True
    )
    try:
        watch.start()
        errors.start()
        output = process.stdout.read()
        errors.join()
        # Ended but not yet waited for, a process still tells what it has read.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    except BaseException:
        # Whoever breaks off the measurement wants no command to go on by itself.
        process.kill()
        raise
    finally:
        watch.stop()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    process.stdout.close()
    process.stderr.close()
    measured = Usage(
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_megabytes=max(watch.peak_kilobytes, usage.ru_maxrss) / 1024,
        read_megabytes=watch.read_bytes / 1e6,
        output=output,
    )
    if process.returncode:
        error = CommandFailedError(
            measured, process.returncode, command, output, "".join(said)
        )
        # Its message names the command alone, not what went wrong.
        error.add_note("\n".join((output + error.stderr).splitlines()[-LAST_LINES:]))
        raise error
    return measured


class _TreeWatch(threading.Thread):
    """Looks at a process and its descendants until told to stop."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._over = threading.Event()
        self._read: dict[int, int] = {}
        self.peak_kilobytes = 0

    @property
    def read_bytes(self) -> int:
        """Bytes that were asked for, those of ended processes as last seen."""
        return sum(self._read.values())

    def run(self) -> None:
        while not self._over.wait(0.25):
            self._look()

    def stop(self) -> None:
        """Look once more, and end."""
        self._over.set()
        if self.is_alive():
            self.join()
        self._look()

    def _look(self) -> None:
        kilobytes = 0
        for number in descendants(self._root):
            entry = Path("/proc") / str(number)
            try:
                status, counts = (
                    _fields((entry / name).read_text()) for name in ("status", "io")
                )
            except OSError:
                # It ended between being listed and being looked at.
                continue
            kilobytes += int(status.get("VmRSS", "0 kB").split()[0])
            self._read[number] = int(counts["rchar"])
        self.peak_kilobytes = max(self.peak_kilobytes, kilobytes)


def _fields(text: str) -> dict[str, str]:
    """Read lines of `name: value`."""
    pairs = (line.partition(":") for line in text.splitlines())
    return {name: value.strip() for name, _, value in pairs}


def descendants(root: int) -> list[int]:
    """List a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # The name, in brackets, may hold anything; what follows may not.
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        children.setdefault(int(parent), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        number = waiting.pop()
        found.append(number)
        waiting += children.get(number, [])
    return found


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
