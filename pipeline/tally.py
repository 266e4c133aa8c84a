"""What a run has done so far: its counts, shown as they grow, and the summary at its end."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from time import perf_counter
from typing import Any

from ..corpus.console import say
from .part import Count, Done
from .rejects import Reject


class Tally:
    """Counts what is done and reports what is set aside.

    Parameters
    ----------
    output
        Where the run writes; ``-`` for standard output.
    """

    def __init__(self, output: str) -> None:
        self.rejects = 0
        self._output = output
        self._count = Count()
        self._earlier = Count()
        self._began = perf_counter()
        self._shown = False
        # A progress line amid the records would spoil both.
        self._shows = sys.stderr.isatty() and not (output == "-" and sys.stdout.isatty())

    def add(self, done: Iterable[Done], *, earlier: bool = False) -> None:
        """Count what is done; what an earlier run has done says nothing about the speed of this one."""
        for each in done:
            self._count.add(each.count)
            if earlier:
                self._earlier.add(each.count)
            self.rejects += len(each.rejects)
            for reject in () if earlier else each.rejects:
                self._say(reject)
        if self._shows:
            self._shown = True
            # Longer than the terminal is wide it could not be wiped.
            sys.stderr.write(f"\r\x1b[K{self._counts()}")
            sys.stderr.flush()

    def wipe(self) -> None:
        """Remove the line of progress."""
        if self._shown:
            self._shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def summary(self) -> str:
        """Say in one line what was done."""
        return self._counts() + (f" → {self._output}" if self._output != "-" else "")

    def as_json(self) -> dict[str, Any]:
        """Return the summary as plain values; seconds and characters a second are those of this run alone."""
        count = self._count
        return {
            "notices": count.notices,
            "cases": count.cases,
            "characters": count.characters,
            "rejects": self.rejects,
            "earlier_notices": self._earlier.notices,
            "seconds": round(perf_counter() - self._began, 3),
            "characters_per_second": round(self._speed(), 1),
            "output": self._output,
        }

    def _speed(self) -> float:
        characters = self._count.characters - self._earlier.characters
        return characters / max(perf_counter() - self._began, 1e-9)

    def _counts(self) -> str:
        count = self._count
        return (
            f"{_number(count.notices, 'notice')}, {_number(count.cases, 'case')}, {self.rejects:,} set aside, "
            f"{self._speed():,.0f} characters a second"
        )

    def _say(self, reject: Reject) -> None:
        self.wipe()
        say(f"set aside: {reject}")


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
