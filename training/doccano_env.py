"""The environment of its own that the doccano client runs in: it needs pydantic 1, and tongbao needs pydantic 2."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from ..corpus.errors import ServerError

LOCK = Path(__file__).parent / "doccano-client.lock"
"""The packages of the environment, each with its version."""
_PYTHON = Path("Scripts/python.exe") if os.name == "nt" else Path("bin/python")


def client_python(*, say: Callable[[str], None], cache: Path | None = None) -> Path:
    """Return the Python that the client runs with; its environment is made at the first use.

    Parameters
    ----------
    say
        Told when the environment is about to be made.
    cache
        The folder it lies in, by default ``tongbao`` in the user's cache. Another lock file or another Python
        makes another environment.

    Raises
    ------
    ServerError
        When it cannot be made.
    """
    folder = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tongbao"
    made_of = LOCK.read_bytes() + sys.version.encode()
    home = folder / f"doccano-client-{sha256(made_of).hexdigest()[:12]}"
    if not (home / _PYTHON).exists():
        say(f"making an environment for the doccano client, this once: {home}")
        _make(home)
    return home / _PYTHON


def _make(home: Path) -> None:
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=home.parent))
    except OSError as error:
        what = f"cannot be written ({error.strerror}): set XDG_CACHE_HOME to a folder that can"
        raise ServerError(what, where=str(home.parent)) from None
    try:
        _run(home, sys.executable, "-m", "venv", str(unfinished))
        install = ("-m", "pip", "install", "--quiet", "--no-deps", "--requirement", str(LOCK))
        _run(home, str(unfinished / _PYTHON), *install)
        # Only its Python is called, so it may move; another run may have been faster.
        if not home.exists():
            unfinished.rename(home)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _run(home: Path, *command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    if done.returncode:
        lines = [line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if line.lower().startswith("error")), (lines or ["?"])[-1])
        what = (
            f"the environment of the doccano client cannot be made ({reason[:200]}): see that pip reaches its package "
            "index and that Python has its module venv (on Debian the package python3-venv), and try again"
        )
        raise ServerError(what, where=str(home))
