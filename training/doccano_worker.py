"""Speaks to a doccano server: a JSON request a line on standard input, its JSON answer a line on standard output.

It runs by its path in the environment that `doccano_env` makes, so it imports nothing of tongbao. A request is
``{"do": name, …arguments}``, an answer ``{"value": …}`` or ``{"error": sentence}``.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import requests
from doccano_client import DoccanoClient
from doccano_client.models.data_upload import Task
from requests.adapters import HTTPAdapter

FORMAT = "JSONL"
PAGE = 100


class AnswerError(Exception):
    """What the server did wrong, in a sentence."""


class Patient(HTTPAdapter):
    """Waits so many seconds for each answer; the client itself would wait for ever."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def send(self, request: Any, **options: Any) -> Any:
        """Send a request and give up after a time."""
        return super().send(request, **{**options, "timeout": self.seconds})


class Worker:
    """One session with a server; each public method is a request."""

    def login(self, url: str, user: str, password: str, seconds: float) -> None:
        """Open the session; no answer may take longer than so many seconds, no job of the server ten times that."""
        self.seconds = seconds
        self.client = DoccanoClient(url)
        self.http = self.client._base_repository
        self.http._session.mount("http://", Patient(seconds))
        self.http._session.mount("https://", Patient(seconds))
        try:
            self.client.login(user, password)
        except requests.HTTPError as error:
            if error.response is not None and error.response.status_code in (400, 401):
                raise AnswerError("does not know this user with this password: check both") from None
            raise
        # A web page that is no doccano takes any login.
        self.http.get("me").json()["username"]

    def projects(self, name: str) -> list[dict[str, Any]]:
        """Return the projects of a name."""
        return [project for project in self._pages("projects") if project["name"] == name]

    def create_project(self, name: str, guideline: str, description: str) -> dict[str, Any]:
        """Make a project in which all annotators share the marks of a text."""
        made = self.client.create_project(
            name=name,
            project_type="SequenceLabeling",
            description=description,
            guideline=guideline,
            collaborative_annotation=True,
            use_relation=True,
        )
        project: dict[str, Any] = self.http.get(f"projects/{made.id}").json()
        return project

    def ensure_types(self, project: int, kind: str, types: list[dict[str, str]]) -> None:
        """Make the types of spans or relations that are missing."""
        of_kind = self.client.span_type if kind == "span" else self.client.relation_type
        there = of_kind.list(project)
        taken = {each.suffix_key for each in there}
        for wanted in types:
            if wanted["text"] not in {each.text for each in there}:
                free = {key: value for key, value in wanted.items() if key != "suffix_key" or value not in taken}
                of_kind.create(project, **free)

    def examples(self, project: int) -> list[dict[str, Any]]:
        """Return what is known of each text of a project beside the text."""
        found = self._pages(f"projects/{project}/examples")
        return [{"id": each["id"], "meta": each["meta"], "is_confirmed": each["is_confirmed"]} for each in found]

    def upload(self, project: int, records: list[dict[str, Any]]) -> None:
        """Import records with their relations, and wait until they are in."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "notices.jsonl"
            path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="ascii")
            # As a SequenceLabeling task the server would take the spans and drop the relations.
            task, uploads = Task.RELATION_EXTRACTION, self.client._data_import_repository
            self._wait(uploads.ingest(project, [uploads.upload(str(path))], task, FORMAT), "the upload")

    def confirmed(self, project: int) -> list[dict[str, Any]]:
        """Return the confirmed texts with their marks, as the server exports them."""
        data = {"format": FORMAT, "exportApproved": True}
        job = self.http.post(f"projects/{project}/download", json=data).json()["task_id"]
        self._wait(job, "the export")
        content = self.http.get(f"projects/{project}/download", params={"taskId": job}).content
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            lines = [line for name in packed.namelist() for line in packed.read(name).decode("utf-8").split("\n")]
        return [json.loads(line) for line in lines if line.strip()]

    def confirmations(self, project: int, example: int) -> list[dict[str, Any]]:
        """Return who confirmed a text, and when."""
        states = self._pages(f"projects/{project}/examples/{example}/states")
        return [{"user": state["confirmed_by"], "at": state["confirmed_at"]} for state in states]

    def members(self, project: int) -> dict[str, str]:
        """Return the names of the members by their numbers."""
        return {str(member.user): member.username for member in self.client.member.list(project)}

    def _pages(self, resource: str) -> list[dict[str, Any]]:
        """Go through a list; the addresses of further pages that a server gives are wrong behind a proxy."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.http.get(resource, params={"limit": PAGE, "offset": len(found)}).json()
            found += page["results"]
            if page["next"] is None or not page["results"]:
                return found

    def _wait(self, job: str, what: str) -> None:
        seconds = int(10 * self.seconds)
        try:
            status = self.client._task_status_repository.wait(job, timeout=max(1, seconds))
        except TimeoutError:
            raise AnswerError(
                f"has not done {what} after {seconds} s: see that `doccano task` runs beside it"
            ) from None
        told = status.result.get("error") if isinstance(status.result, dict) else None
        if status.error or told:
            raise AnswerError(f"says that {what} went wrong ({_short(status.error or told)}): mend it there, try again")


def explain(error: Exception) -> str:
    """Return a sentence about an error of the server or on the way to it."""
    if isinstance(error, AnswerError):
        return str(error)
    if isinstance(error, requests.Timeout):
        return "does not answer in time: try again later"
    # It is a connection error as well, so it goes before.
    if isinstance(error, requests.exceptions.SSLError):
        return "has no certificate that can be trusted: check the address"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "cannot be reached: check the address, and that doccano runs there"
    if isinstance(error, requests.HTTPError) and error.response is not None:
        status = error.response.status_code
        if status == 403:
            return "does not allow this (403): the user must be staff, and an administrator of the project"
        if status == 404:
            return "does not have what was asked for (404): check that the address is doccano's"
        return f"fails ({status}): see its log, and try again"
    if isinstance(error, ValueError | KeyError | TypeError | AttributeError | zipfile.BadZipFile):
        return "does not answer as doccano 1.8 does: check that the address is doccano's"
    return f"cannot be used ({type(error).__name__}: {_short(error)})"


def _short(told: object) -> str:
    return " ".join(str(told).split())[:200]


def main() -> None:
    """Answer requests until there are no more."""
    requests_in, answers = sys.stdin, sys.stdout
    # Whatever else is printed must not come between the answers.
    sys.stdout = sys.stderr
    worker = Worker()
    for line in requests_in:
        request = json.loads(line)
        try:
            answer = {"value": getattr(worker, request.pop("do"))(**request)}
        except Exception as error:  # every error is answered for, or tongbao would wait
            answer = {"error": explain(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
