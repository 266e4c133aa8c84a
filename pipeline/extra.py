"""The packages of extras, which the default pipeline never needs."""

from __future__ import annotations

from importlib.util import find_spec

from ..corpus.errors import ModelError


def need(*packages: str, where: str, extra: str = "accurate") -> None:
    """Check that packages of an extra are installed, without importing them.

    Raises
    ------
    ModelError
        When one is missing.
    """
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise ModelError(f"needs {' and '.join(missing)}: run pip install 'tongbao[{extra}]'", where=where)
