"""How a run of training was made: stored beside its result, so that no figure of it is without its origin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..corpus.folder import TRAIN
from .fingerprint import fingerprint

RUN = "run.json"


def describe_run(config: Path, *, overrides: Mapping[str, Any], folds: int = 0) -> dict[str, Any]:
    """Say what a run is made of; call it before the fit, during which files may change.

    Returns
    -------
    Name of the config, overrides, number of folds (0 for plain training) and fingerprint.
    """
    corpus = Path(str(overrides.get("paths.train", TRAIN)))
    return {
        "config": config.stem,
        "overrides": dict(overrides),
        "folds": folds,
        "made_from": fingerprint(config, corpus) if corpus.exists() else None,
    }


def write_run(output: Path, run: Mapping[str, Any], *, seconds: float) -> None:
    """Write ``output/run.json``: what `describe_run` said, and how long the run took."""
    content = json.dumps({**run, "seconds": round(seconds, 1)}, ensure_ascii=False, indent=2)
    (output / RUN).write_text(content + "\n", "utf-8")
