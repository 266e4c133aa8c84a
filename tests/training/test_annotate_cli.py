"""Where the address and the password come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from tongbao.__main__ import app
from tongbao.training.doccano_server import Login
from typer.testing import CliRunner

COMMAND = ["annotate", "pull", "--project", "p", "--to"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "DOCCANO_URL: set it in the environment, for there is no terminal to ask in"),
        ("example.org", "DOCCANO_URL: not an address: write it as http://127.0.0.1:8000"),
        ("http://me:secret@host", "DOCCANO_URL: holds a user: give it by DOCCANO_USER and DOCCANO_PASSWORD"),
    ],
)
def test_the_address_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, message: str) -> None:
    for variable, value in {"URL": url, "USER": "admin", "PASSWORD": "secret"}.items():
        monkeypatch.setenv(f"DOCCANO_{variable}", value)
    result = CliRunner().invoke(app, [*COMMAND, str(tmp_path)])
    assert (result.exit_code, result.stderr) == (2, f"{message}\n")


def test_gold_goes_into_a_folder(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").touch()
    result = CliRunner().invoke(app, [*COMMAND, str(tmp_path / "gold.jsonl")])
    assert (result.exit_code, result.stderr.endswith("not a folder: give a folder for the notices\n")) == (2, True)


def test_no_command_takes_the_password() -> None:
    for name in ("push", "pull", "status"):
        assert "--password" not in CliRunner().invoke(app, ["annotate", name, "--help"]).stdout


def test_a_login_does_not_show_its_password() -> None:
    assert "secret" not in repr(Login("http://127.0.0.1", "admin", "secret"))
