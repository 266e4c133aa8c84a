"""The manifest of a run: how it was begun, then one line for each task that is done, so that it can be gone on with."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..corpus.errors import InputError
from .part import Count, Done
from .plan import Task
from .rejects import Reject

_ANEW = "--overwrite begins anew"


@dataclass(slots=True)
class Manifest:
    """A file of JSON lines that only grows; what one says of a task counts only while the task's parts are there.

    Parameters
    ----------
    path
        Where it is; its parts lie beside it.
    """

    path: Path
    # Bytes from the beginning: the lines themselves would be too much to keep for millions of notices.
    _places: dict[int, int] = field(default_factory=dict)
    _end: int = 0

    def begin(self, header: Mapping[str, Any]) -> None:
        """Write what the run was begun with."""
        self._append(dict(header))

    def load(self, header: Mapping[str, Any]) -> bool:
        """Read what an earlier run has done; return whether it got so far as to say how it was begun.

        Raises
        ------
        InputError
            When it was begun with other inputs, options or another model, or the file is damaged.
        """
        with self.path.open("rb") as stream:
            for number, line in enumerate(stream):
                if not line.endswith(b"\n"):  # the run was killed amid the line
                    break
                entry = self._entry(line, number)
                if number == 0:
                    self._compare(entry, header)
                else:
                    self._places[entry["number"]] = self._end
                self._end += len(line)
        os.truncate(self.path, self._end)
        return self._end > 0

    def add(self, done: Sequence[Done]) -> None:
        """Keep that a task is done, safe from a loss of power: the task itself, or all the pieces it was split into."""
        pieces = [
            {key: value for key, value in asdict(each).items() if key not in ("number", "digest")} for each in done
        ]
        self._places[done[0].number] = self._end
        self._append({"number": done[0].number, "digest": done[0].digest, "pieces": pieces})

    def find(self, task: Task) -> list[Done]:
        """Return what was done of a task; nothing when it has to be done, or its parts were lost.

        Raises
        ------
        InputError
            When it was another task then, since the inputs have changed.
        """
        if task.number not in self._places:
            return []
        done = self._read(self._places[task.number])
        if done[0].digest != task.digest:
            raise self._changed()
        return done if all(self._is_there(each) for each in done) else []

    def check_end(self, n_tasks: int) -> None:
        """Make sure that nothing was done beyond the last of the tasks.

        Raises
        ------
        InputError
            When there is, since the inputs have changed.
        """
        if self._places and max(self._places) >= n_tasks:
            raise self._changed()

    def __iter__(self) -> Iterator[Done]:
        """Yield what is done, in the order of the inputs."""
        for number in sorted(self._places):
            yield from self._read(self._places[number])

    def __len__(self) -> int:
        return len(self._places)

    def _append(self, entry: Mapping[str, Any]) -> None:
        line = (json.dumps(entry, ensure_ascii=True) + "\n").encode("ascii")
        try:
            with self.path.open("ab") as stream:
                stream.write(line)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror or error}", where=str(self.path)) from None
        self._end += len(line)

    def _read(self, start: int) -> list[Done]:
        with self.path.open("rb") as stream:
            stream.seek(start)
            entry = json.loads(stream.readline())
        return [_done(entry["number"], entry["digest"], piece) for piece in entry["pieces"]]

    def _entry(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            entry = json.loads(line)
            if number:
                _done(entry["number"], entry["digest"], entry["pieces"][0])
        except (ValueError, TypeError, KeyError, IndexError):
            raise InputError(f"damaged: {_ANEW}", where=f"{self.path}:{number + 1}") from None
        return dict(entry)

    def _compare(self, begun: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        for key, value in now.items():
            if begun.get(key) != value:
                what = f"the unfinished run has {key} {begun.get(key)}, not {value}: give the same, or {_ANEW}"
                raise InputError(what, where=str(self.path))

    def _changed(self) -> InputError:
        return InputError(f"the inputs have changed since the unfinished run: {_ANEW}", where=str(self.path))

    def _is_there(self, done: Done) -> bool:
        if done.file is None:
            return True
        path = self.path.with_name(done.file)
        return path.is_file() and path.stat().st_size == done.size


def _done(number: int, digest: str, piece: Mapping[str, Any]) -> Done:
    rejects = tuple(Reject(**reject) for reject in piece["rejects"])
    return Done(number, digest, piece["file"], piece["size"], Count(**piece["count"]), rejects)
