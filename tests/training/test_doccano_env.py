"""The client's environment: made once, from the lock file, or a clear no."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tongbao.corpus.errors import ServerError
from tongbao.training import doccano_env
from tongbao.training.doccano_env import LOCK, client_python


@pytest.fixture
def broken_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "broken.lock"
    path.write_text("./no-such-package\n", "utf-8")
    monkeypatch.setattr(doccano_env, "LOCK", path)
    return path


def test_the_lock_pins_what_the_client_needs() -> None:
    pins = dict(line.split("==") for line in LOCK.read_text("utf-8").splitlines())
    assert pins["doccano-client"] == "1.2.8"
    assert pins["pydantic"].startswith("1.")
    assert pins["urllib3"].startswith("1.")


@pytest.mark.slow
def test_what_pip_says_is_told_and_nothing_is_left(broken_lock: Path, tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(ServerError, match=r"cannot be made \(ERROR: .*no-such-package.*\): see that pip") as caught:
        client_python(say=told.append, cache=tmp_path / "cache")
    assert "\n" not in str(caught.value)
    assert len(told) == 1
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", "utf-8")
    with pytest.raises(ServerError, match="cannot be written .*: set XDG_CACHE_HOME"):
        client_python(say=lambda _: None, cache=tmp_path / "cache")


def test_it_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, ...]] = []

    def run(command: tuple[str, ...], **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        if "venv" in command:
            python = Path(command[-1], "bin", "python")
            python.parent.mkdir(parents=True)
            python.touch()
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    first = client_python(say=lambda _: None, cache=tmp_path)
    assert client_python(say=lambda _: None, cache=tmp_path) == first
    assert first.exists()
    assert [command[1:3] for command in calls] == [("-m", "venv"), ("-m", "pip")]
    assert calls[1][-1] == str(LOCK)
