"""What earlier runs of training were and reached: one folder each, listed and compared."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

from confection import Config
from pydantic import BaseModel, ConfigDict, ValidationError

from ..corpus.errors import InputError
from .run import RUN

RUNS = "runs"
CONFIG = "config.cfg"
ALL = "all"


class Rates(BaseModel):
    """Strict precision, recall and F1, from 0 to 1."""

    model_config = ConfigDict(extra="forbid")
    p: float
    r: float
    f: float


class StoredRun(BaseModel):
    """One run of training.

    ``started`` is ISO 8601 in UTC, ``made_from`` the digests of `fingerprint.fingerprint`, ``folds`` 0 for plain
    training; ``scores`` are of the dev part, or of all folds together, by label and over ``all``.
    """

    model_config = ConfigDict(extra="forbid")
    id: str
    started: str
    seconds: float
    config: str
    overrides: dict[str, Any]
    folds: int
    made_from: dict[str, str] | None
    environment: dict[str, str]
    scores: dict[str, Rates]


def keep_run(
    output: Path,
    run: Mapping[str, Any],
    config: Config,
    *,
    scores: Mapping[str, Mapping[str, float]],
    started: datetime,
    packages: tuple[str, ...],
) -> Path:
    """Write a run into a new folder of ``output/runs``: ``run.json`` and the whole config with its overrides.

    Parameters
    ----------
    run
        What `run.describe_run` said.
    scores
        Label or ``all`` → ``p``, ``r``, ``f``.
    started
        When the run began; it ends now.
    packages
        Those whose versions are kept.

    Returns
    -------
    The folder.
    """
    folder = _new_folder(output / RUNS, f"{started.astimezone(timezone.utc):%Y%m%d-%H%M%S}-{run['config']}")
    stored = StoredRun(
        id=folder.name,
        started=started.astimezone(timezone.utc).isoformat(timespec="seconds"),
        seconds=round((datetime.now(timezone.utc) - started).total_seconds(), 1),
        **run,
        environment={
            "python": platform.python_version(),
            "platform": platform.platform(),
            **{name: version(name) for name in packages},
        },
        scores={name: Rates(**rates) for name, rates in scores.items()},
    )
    (folder / RUN).write_text(stored.model_dump_json(indent=2) + "\n", "utf-8")
    config.to_disk(folder / CONFIG)
    return folder


def read_runs(output: Path) -> list[StoredRun]:
    """Read all runs of a folder, in the order in which they began.

    Raises
    ------
    InputError
        When there is none, or one is broken.
    """
    found = [_read(path) for path in sorted((output / RUNS).glob(f"*/{RUN}"))]
    if not found:
        raise InputError("holds no run: `tongbao train --output` keeps each in its folder", where=str(output))
    return sorted(found, key=lambda run: (run.started, run.id))


def find_run(output: Path, name: str) -> StoredRun:
    """Find a run by its id, or by a part that no other id has.

    Raises
    ------
    InputError
        When none has it, or several have.
    """
    runs = read_runs(output)
    found = [run for run in runs if run.id == name] or [run for run in runs if name in run.id]
    if len(found) != 1:
        which = ", ".join(run.id for run in found or runs)
        raise InputError(f"{'several runs have' if found else 'no run has'} this id: {which}", where=name)
    return found[0]


def differences(output: Path, one: StoredRun, other: StoredRun) -> Iterator[tuple[str, str, str]]:
    """Yield what two runs do not have in common: config values by dotted name, digests, versions.

    Raises
    ------
    InputError
        When the config of one is missing.
    """
    sides = [
        {
            **_flat(_config(output, run)),
            **{f"digest of {part}": digest for part, digest in (run.made_from or {}).items() if part != "config"},
            **run.environment,
        }
        for run in (one, other)
    ]
    for name in dict.fromkeys(name for side in sides for name in side):
        values = [str(side.get(name, "–")) for side in sides]
        if values[0] != values[1]:
            yield name, values[0], values[1]


def _new_folder(runs: Path, name: str) -> Path:
    number = 1
    while True:
        folder = runs / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
        else:
            return folder


def _read(path: Path) -> StoredRun:
    try:
        return StoredRun.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        what = f"not a run: {'.'.join(map(str, first['loc'])) or 'the whole file'}: {first['msg']}; remove its folder"
        raise InputError(what, where=str(path)) from None


def _config(output: Path, run: StoredRun) -> Config:
    path = output / RUNS / run.id / CONFIG
    try:
        return Config().from_disk(path, interpolate=False)
    except (OSError, ValueError):
        raise InputError("the run's config is missing or broken: remove its folder", where=str(path)) from None


def _flat(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}": value}
    return flat
