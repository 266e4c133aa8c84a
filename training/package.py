"""Makes an installable wheel of a trained model, with a card that says what it was made from."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from spacy.cli.package import package as spacy_package

from ..corpus.errors import InputError, ModelError
from ..pipeline.load import SHIPPED, load
from .fingerprint import ROOT
from .run import RUN

CARD = "README.md"
_METRICS = "metrics.json"


def package(model: Path | None, output: Path, *, name: str | None = None, version: str | None = None) -> Path:
    """Write the wheel of a model, which requires the version of tongbao that has its components.

    Parameters
    ----------
    model
        Folder of a trained pipeline; None for the one that ships.
    output
        Folder for the wheel, which is made.
    name, version
        Of the package, in place of those in the model's ``meta.json``; ``zh_`` is put before the name.

    Returns
    -------
    The wheel. Once it is installed, ``tongbao.load("zh_NAME")`` finds the model.

    Raises
    ------
    ModelError
        When the model cannot be loaded, or name or version are no good for a package.
    InputError
        When the wheel cannot be built or written.
    """
    folder = model or SHIPPED
    load(model)
    with tempfile.TemporaryDirectory() as scratch:
        source, tree = Path(scratch, "model"), Path(scratch, "tree")
        shutil.copytree(folder, source)
        (source / CARD).write_text(card_of(folder), "utf-8")
        tree.mkdir()
        try:
            spacy_package(source, tree, name=name, version=version, create_sdist=False, create_wheel=False)
        except SystemExit:
            what = f"cannot be packaged as {name or 'its name'} {version or ''}: a name has ASCII letters, digits and _"
            raise ModelError(what.replace(" :", ":"), where=str(folder)) from None
        (project,) = tree.iterdir()
        return _build(project, output)


def card_of(folder: Path) -> str:
    """Write the card of a model: the model card of the one that ships, else what its run of training tells."""
    if folder == SHIPPED and (ROOT / "MODEL_CARD.md").is_file():
        return (ROOT / "MODEL_CARD.md").read_text("utf-8")
    run, metrics = _kept(folder.parent / RUN), _kept(folder.parent / _METRICS)
    facts = {
        "config": run.get("config"),
        "overrides": run.get("overrides") or None,
        "made from": run.get("made_from"),
        "scores on the dev part": metrics.get("dev"),
    }
    told = "\n".join(
        f"- {fact}: `{json.dumps(value, ensure_ascii=False)}`" for fact, value in facts.items() if value is not None
    )
    told = told or "Nothing is known of its training."
    return (
        "# A model of tongbao\n\nMarks OFFICIAL, POSITION, SANCTION and VIOLATION in Chinese discipline-inspection "
        f"notices. It was trained by its owner, not by the makers of tongbao.\n\n{told}\n"
    )


def _kept(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _build(project: Path, output: Path) -> Path:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", where=str(output)) from None
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    # Our own interpreter, and a tree that was made here.
    done = subprocess.run(  # noqa: S603
        [*command, "--wheel-dir", str(output.resolve()), str(project)], capture_output=True, text=True, check=False
    )
    wheels = sorted(output.glob(f"{project.name}*.whl"))
    if done.returncode or not wheels:
        reason = done.stderr.strip().rpartition("\n")[2] or "pip says nothing"
        raise InputError(f"no wheel was built ({reason}): pip and setuptools must be installed", where=str(output))
    return wheels[0]
