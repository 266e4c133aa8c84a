"""The public face: its names, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest
import tongbao


@pytest.mark.parametrize("name", tongbao.__all__)
def test_names(name: str) -> None:
    assert getattr(tongbao, name) is getattr(tongbao, name)
    assert name in dir(tongbao)


def test_version_is_the_distributions() -> None:
    from importlib.metadata import version

    assert tongbao.__version__ == version("tongbao")


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'tagg'"):
        tongbao.tagg  # noqa: B018


def imported_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_import_is_light() -> None:
    assert not {"spacy", "numpy", "typer", "rich", "pyarrow", "trafilatura"} & imported_by("import tongbao")


def test_the_commands_are_light() -> None:
    found = imported_by("import tongbao.__main__, tongbao.pipeline.cli")
    assert not {"spacy", "numpy", "pyarrow", "trafilatura"} & found


def test_errors_have_one_root() -> None:
    for error in (tongbao.InputError, tongbao.ModelError, tongbao.AnnotationError, tongbao.ServerError):
        assert issubclass(error, tongbao.TongbaoError)
