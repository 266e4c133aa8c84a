"""What `tongbao.corpus` offers is there, and costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest
import tongbao.corpus


@pytest.mark.parametrize("name", tongbao.corpus.__all__)
def test_each_public_name_is_there(name: str) -> None:
    assert getattr(tongbao.corpus, name) is not None
    assert name in dir(tongbao.corpus)


def test_no_other_name_is_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        tongbao.corpus.nothing  # noqa: B018


def test_the_commands_start_without_spacy() -> None:
    code = "import sys, tongbao.corpus.cli; print('spacy' in sys.modules, 'pydantic' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]


def test_corpus_imports_no_other_part_of_the_house() -> None:
    modules = (
        "agreement check columns convert docbin doccano folder inline links notice offsets repeats rules shingles stats"
    )
    code = f"import sys; from tongbao.corpus import {', '.join(modules.split())}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    others = ("tongbao.pipeline", "tongbao.training", "tongbao.evaluation")
    assert [name for name in run.stdout.split() if name.startswith(others)] == []
