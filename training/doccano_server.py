"""A session with a doccano server: requests to the worker that runs in the client's environment."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ..corpus.errors import InputError, ServerError
from .doccano_env import client_python

T = TypeVar("T")

PASSWORD = "DOCCANO_PASSWORD"  # noqa: S105  (the name of the variable)
_WORKER = Path(__file__).parent / "doccano_worker.py"


@dataclass(frozen=True, slots=True)
class Login:
    """Where the server is, and who we are to it.

    Raises
    ------
    InputError
        When the address is none, or holds a password.
    """

    url: str
    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError("not an address: write it as http://127.0.0.1:8000", where="DOCCANO_URL")
        if parts.username or parts.password:
            raise InputError(f"holds a user: give it by DOCCANO_USER and {PASSWORD}", where="DOCCANO_URL")


class _Outside(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Project(_Outside):
    """A project of the server, with what tongbao needs of its settings."""

    id: int
    name: str
    project_type: str
    collaborative_annotation: bool = False
    use_relation: bool = False
    grapheme_mode: bool = False


class Example(_Outside):
    """A text of a project: its number, what was uploaded beside it, and whether somebody confirmed it."""

    id: int
    meta: dict[str, Any]
    is_confirmed: bool


class Confirmation(_Outside):
    """Who confirmed a text (the number of the user), and when (ISO 8601)."""

    user: int
    at: str


class Doccano:
    """A session; a context that ends it.

    Parameters
    ----------
    login
        Where and who.
    say
        Told once when the client's environment is made.
    seconds
        How long the server may take for an answer; ten times that for an import or an export.

    Raises
    ------
    ServerError
        With the address: it cannot be reached, refuses the login, is no doccano, or fails.
    """

    def __init__(self, login: Login, *, say: Callable[[str], None], seconds: float = 60) -> None:
        self.url = login.url.rstrip("/")
        # The password goes through a pipe: neither among the arguments nor in the environment, which others can see.
        environment = {name: value for name, value in os.environ.items() if name != PASSWORD}
        self._worker = subprocess.Popen(  # noqa: S603
            [str(client_python(say=say)), "-I", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        try:
            self._ask("login", url=self.url, user=login.user, password=login.password, seconds=seconds)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Doccano:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session."""
        self._worker.kill()
        self._worker.communicate()

    def projects(self, name: str) -> list[Project]:
        """Return the projects of a name that the user is a member of."""
        return self._checked(list[Project], self._ask("projects", name=name))

    def create_project(self, name: str, *, guideline: str, description: str) -> Project:
        """Make a project of spans and relations in which all annotators share the marks of a text."""
        made = self._ask("create_project", name=name, guideline=guideline, description=description)
        return self._checked(Project, made)

    def ensure_types(self, project: int, kind: str, types: Sequence[dict[str, str]]) -> None:
        """Make the types of ``span`` or ``relation`` that are missing: text, suffix_key (shortcut), color."""
        self._ask("ensure_types", project=project, kind=kind, types=list(types))

    def examples(self, project: int) -> list[Example]:
        """Return the texts of a project, in their order."""
        return self._checked(list[Example], self._ask("examples", project=project))

    def upload(self, project: int, records: Sequence[dict[str, Any]]) -> None:
        """Import records, spans with relations; they are in when it returns."""
        self._ask("upload", project=project, records=list(records))

    def confirmed(self, project: int) -> list[dict[str, Any]]:
        """Return the confirmed texts with their marks, as doccano exports them: see `corpus.doccano.from_record`."""
        return self._checked(list[dict[str, Any]], self._ask("confirmed", project=project))

    def confirmations(self, project: int, example: int) -> list[Confirmation]:
        """Return who confirmed a text, and when."""
        return self._checked(list[Confirmation], self._ask("confirmations", project=project, example=example))

    def members(self, project: int) -> dict[int, str]:
        """Return the names of the members of a project by their numbers."""
        return self._checked(dict[int, str], self._ask("members", project=project))

    def _ask(self, do: str, **arguments: Any) -> Any:
        if self._worker.stdin is None or self._worker.stdout is None:
            raise ServerError("the session is closed", where=self.url)
        try:
            self._worker.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
            self._worker.stdin.flush()
            line = self._worker.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            home = Path(self._worker.args[0]).parents[1] if isinstance(self._worker.args, list) else "its environment"
            raise ServerError(f"the doccano client has ended without an answer: remove {home} and try again")
        answer = json.loads(line)
        if "error" in answer:
            raise ServerError(f"the server {answer['error']}", where=self.url)
        return answer["value"]

    def _checked(self, kind: type[T], value: Any) -> T:
        try:
            return TypeAdapter(kind).validate_python(value)
        except ValidationError:
            what = "the server does not answer as doccano 1.8 does: check that the address is doccano's"
            raise ServerError(what, where=self.url) from None
