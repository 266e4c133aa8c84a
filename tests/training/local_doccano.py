"""A doccano server of one's own on this machine, and an annotator who works on it through its API."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".venv" / "doccano"
"""The virtual environment that the Makefile puts doccano into."""
_PATIENCE = 120


class LocalDoccano:
    """A server with its task queue and a database of its own in a folder; a context that stops both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.user, self.password = "admin", secrets.token_hex(8)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> LocalDoccano:
        self._run("init").wait()
        self.add_user(self.user, self.password)
        self.running = [
            self._run("webserver", "--port", str(self.port), "--workers", "1"),
            self._run("task", "--concurrency", "1"),
        ]
        for _ in range(_PATIENCE):
            # The page of health is whole when the task queue answers too.
            with suppress(requests.ConnectionError):
                if requests.get(f"{self.url}/v1/health/", timeout=30).ok:
                    return self
            time.sleep(1)
        self.__exit__(None, None, None)
        raise RuntimeError(f"doccano did not start, see {self.folder}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @property
    def environment(self) -> dict[str, str]:
        """What tongbao needs to know of the server."""
        return {"DOCCANO_URL": self.url, "DOCCANO_USER": self.user, "DOCCANO_PASSWORD": self.password}

    def add_user(self, name: str, password: str) -> None:
        user = ("--username", name, "--password", password, "--email", f"{name}@example.org")
        assert self._run("createuser", *user).wait() == 0

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        own = {
            "DOCCANO_HOME": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.folder}/db.sqlite3",
            "MEDIA_ROOT": str(self.folder / "media"),
        }
        with (self.folder / f"{command[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [INSTALLED / "bin" / "doccano", *command],
                env={**os.environ, **own},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


class Annotator:
    """Does in a project through the API what a person does on its pages."""

    def __init__(self, url: str, user: str, password: str, project: str) -> None:
        self.session = requests.Session()
        self.api = f"{url}/v1"
        self.session.post(f"{self.api}/auth/login/", json={"username": user, "password": password}).raise_for_status()
        self.session.headers["X-CSRFToken"] = self.session.cookies["csrftoken"]
        (found,) = [each for each in self.get("projects")["results"] if each["name"] == project]
        self.project = f"projects/{found['id']}"
        self.labels = {each["text"]: each["id"] for each in self.get(f"{self.project}/span-types")}
        (self.case,) = [each["id"] for each in self.get(f"{self.project}/relation-types")]

    def get(self, resource: str) -> Any:
        answer = self.session.get(f"{self.api}/{resource}", params={"limit": 1000})
        answer.raise_for_status()
        return answer.json()

    def post(self, resource: str, **data: Any) -> Any:
        answer = self.session.post(f"{self.api}/{resource}", json=data)
        answer.raise_for_status()
        return answer.json()

    def delete(self, resource: str) -> None:
        self.session.delete(f"{self.api}/{resource}").raise_for_status()

    def examples(self) -> list[dict[str, Any]]:
        """The texts in the order in which the pages show them."""
        found: list[dict[str, Any]] = self.get(f"{self.project}/examples")["results"]
        return found

    def spans(self, example: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"{self.project}/examples/{example}/spans")
        return found

    def mark(self, example: int, start: int, end: int, label: str) -> int:
        place = {"start_offset": start, "end_offset": end, "label": self.labels[label]}
        return int(self.post(f"{self.project}/examples/{example}/spans", **place)["id"])

    def unmark(self, example: int, span: int) -> None:
        self.delete(f"{self.project}/examples/{example}/spans/{span}")

    def link(self, example: int, span: int, head: int) -> None:
        self.post(f"{self.project}/examples/{example}/relations", from_id=span, to_id=head, type=self.case)

    def relations(self, example: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"{self.project}/examples/{example}/relations")
        return found

    def unlink(self, example: int, relation: int) -> None:
        self.delete(f"{self.project}/examples/{example}/relations/{relation}")

    def confirm(self, example: int) -> None:
        """Tick a text, or take the tick off again."""
        self.post(f"{self.project}/examples/{example}/states")
