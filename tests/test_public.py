"""The public face: its names, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest
import tongbao
from tongbao.__main__ import COMMANDS


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
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split())


def test_import_is_light() -> None:
    assert not {"spacy", "numpy", "typer", "rich", "pyarrow", "trafilatura"} & imported_by("import tongbao")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["tag", "--help"]])
def test_help_is_light(arguments: list[str]) -> None:
    code = f"import sys, tongbao.__main__\nsys.argv = {['tongbao', *arguments]}"
    found = imported_by(f"{code}\ntry:\n    tongbao.__main__.main()\nexcept SystemExit:\n    pass")
    assert "tongbao.__main__" in found
    assert not {"spacy", "numpy", "pyarrow", "trafilatura", "rich", "sklearn", "jieba", "matplotlib"} & found


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_of_each_command_waits_for_no_engine(name: str) -> None:
    code = f"import sys, tongbao.__main__\nsys.argv = ['tongbao', {name!r}, '--help']"
    found = imported_by(f"{code}\ntry:\n    tongbao.__main__.main()\nexcept SystemExit:\n    pass")
    assert not {"spacy", "pyarrow", "trafilatura", "sklearn", "scipy", "jieba", "matplotlib"} & found


def test_errors_have_one_root() -> None:
    for error in (tongbao.InputError, tongbao.ModelError, tongbao.AnnotationError, tongbao.ServerError):
        assert issubclass(error, tongbao.TongbaoError)
