"""What can go wrong with a server, injected: each gives one clear line, and trying again is safe."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from local_doccano import ROOT
from tongbao.__main__ import app
from typer.testing import CliRunner, Result

pytestmark = pytest.mark.slow

PASSWORD = "hunter-zwei"  # noqa: S105
NOTICE = "经查，青石镇镇长林某违规收受礼金，受到党内警告处分。"


class GivenError(Exception):
    """An answer that a fault gives in the place of the right one: status, content, seconds until it comes."""

    def __init__(self, status: int, content: str, *, after: float = 0) -> None:
        self.answer = status, content
        self.after = after


class FakeDoccano:
    """Speaks as much of doccano's API as push and status use; ``fault`` sees each request first."""

    def __init__(self) -> None:
        self.fault: Callable[[str, str], None] = lambda _method, _path: None
        self.project: dict[str, Any] = {}
        self.uploads: list[str] = []
        self.examples: list[dict[str, Any]] = []
        self.types: dict[str, list[dict[str, Any]]] = {"span-types": [], "relation-types": []}
        self.job: dict[str, Any] = {"ready": True, "result": {"error": []}}

    def answer(self, method: str, path: str, body: bytes) -> Any:
        name, _, query = path.partition("?")
        end = name.rstrip("/").rpartition("/")[2]
        if end == "process":
            found = re.search(rb"\r\n\r\n(.*?)\r\n--", body, re.DOTALL)
            assert found is not None
            self.uploads.append(found[1].decode())
            return "upload-1"
        if end == "login":
            if json.loads(body)["password"] != PASSWORD:
                raise GivenError(400, json.dumps({"non_field_errors": ["Unable to log in with provided credentials."]}))
            return {"key": "x"}
        if end == "upload":
            self.examples += [self.example(json.loads(line)) for line in self.uploads.pop().splitlines()]
            return {"task_id": "job-1"}
        if method == "POST" and end == "projects":
            self.project = {"id": 1, **json.loads(body)}
            return self.project
        if method == "POST":
            self.types[end].append({"id": len(self.types[end]), **json.loads(body)})
            return self.types[end][-1]
        return self.listed(end, query)

    def listed(self, end: str, query: str) -> Any:
        if end in self.types:
            return self.types[end]
        if end in ("projects", "examples"):
            items = self.examples if end == "examples" else [self.project] if self.project else []
            limit, offset = (int(number) for number in re.findall(r"(?:limit|offset)=(\d+)", query))
            page = items[offset : offset + limit]
            return {"count": len(items), "next": "yes" if offset + limit < len(items) else None, "results": page}
        return {"me": {"username": "admin"}, "members": [], "job-1": self.job, "1": self.project}[end]

    def example(self, record: dict[str, Any]) -> dict[str, Any]:
        meta = {key: value for key, value in record.items() if key not in ("text", "entities", "relations")}
        return {"id": len(self.examples) + 1, "meta": meta, "is_confirmed": False}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDoccano]:
    doccano = FakeDoccano()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(b"")

        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers["Content-Length"])))

        def reply(self, body: bytes) -> None:
            try:
                doccano.fault(self.command, self.path)
                found = doccano.answer(self.command, self.path, body)
                status, content = 200, found if isinstance(found, str) else json.dumps(found)
            except GivenError as reply:
                time.sleep(reply.after)
                status, content = reply.answer
            with suppress(OSError):  # whoever waited is gone
                self.send_response(status)
                self.send_header("Content-Length", str(len(content.encode())))
                self.send_header("Set-Cookie", "csrftoken=x")
                self.end_headers()
                self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for variable, value in {
        "DOCCANO_URL": f"http://127.0.0.1:{server.server_port}",
        "DOCCANO_USER": "admin",
        "DOCCANO_PASSWORD": PASSWORD,
        "XDG_CACHE_HOME": str(ROOT / ".venv" / "cache"),
    }.items():
        monkeypatch.setenv(variable, value)
    yield doccano
    server.shutdown()
    server.server_close()


def push(*texts: str, timeout: float = 30) -> Result:
    lines = "".join(json.dumps({"id": f"n{at}", "text": text}) + "\n" for at, text in enumerate(texts))
    command = ["annotate", "push", "-", "--project", "p", "--timeout", str(timeout)]
    return CliRunner().invoke(app, command, input=lines)


def failed(result: Result, message: str) -> None:
    """Check that the last line is the message, and that the password is nowhere."""
    lines = [line for line in result.stderr.splitlines() if not line.startswith("making an environment")]
    assert result.exit_code == 2
    assert len(lines) == 1, result.stderr
    assert re.fullmatch(rf"http://127\.0\.0\.1:\d+: (?:the server )?{message}", lines[0]), lines[0]
    assert PASSWORD not in result.output


def on(method: str, path: str, status: int, content: str, *, after: float = 0) -> Callable[[str, str], None]:
    """Return a fault: an answer to the requests whose path holds a pattern."""

    def fault(asked: str, at: str) -> None:
        if asked == method and re.search(path, at):
            raise GivenError(status, content, after=after)

    return fault


def test_without_a_fault_all_goes_well(fake: FakeDoccano) -> None:
    result = push(NOTICE)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (0, "p: 1 notice uploaded, 0 more are new")
    (example,) = fake.examples
    assert example["meta"]["premarked"]["model"].startswith("zh_tongbao")
    assert [each["text"] for each in fake.types["span-types"]] == ["OFFICIAL", "POSITION", "SANCTION", "VIOLATION"]
    assert [each["text"] for each in fake.types["relation-types"]] == ["case"]
    assert PASSWORD not in result.output


def test_a_wrong_password(fake: FakeDoccano, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCCANO_PASSWORD", "wrong")
    failed(push(NOTICE), "does not know this user with this password: check both")


def test_a_wrong_host(fake: FakeDoccano, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCCANO_URL", "http://127.0.0.1:9/")
    failed(push(NOTICE), "cannot be reached: check the address, and that doccano runs there")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (on("POST", "login", 200, "<html>"), None),
        (on("GET", "me$", 200, "<html>"), "does not answer as doccano 1.8 does: check .*"),
        (on("GET", "me$", 404, "<html>"), r"does not have what was asked for \(404\): check .*"),
        (on("POST", "projects$", 403, '{"detail": "no"}'), r"does not allow this \(403\): the user must be staff.*"),
        (on("GET", "examples", 500, "<h1>Server Error</h1>"), r"fails \(500\): see its log, and try again"),
        (on("GET", "examples", 200, '{"next": null, "results": [{"id": "x"}]}'), "does not answer as doccano 1.8 .*"),
        (on("GET", "examples", 200, "{}", after=3), "does not answer in time: try again later"),
        (on("GET", "job-1", 200, '{"ready": false}'), "has not done the upload after 10 s: see that `doccano task` .*"),
        (
            on("GET", "job-1", 200, '{"ready": true, "result": {"error": [{"message": "Invalid data in line 1"}]}}'),
            r"says that the upload went wrong \(.*Invalid data in line 1.*\): mend it there, try again",
        ),
        (
            on("GET", "job-1", 200, '{"ready": true, "error": {"text": "database is locked"}}'),
            r"says that the upload went wrong \(.*database is locked.*\): .*",
        ),
    ],
    ids=["login-page", "html", "404", "403", "500", "other-json", "slow", "no-queue", "ready-with-error", "failed-job"],
)
def test_each_fault_is_one_line(fake: FakeDoccano, fault: Callable[[str, str], None], message: str | None) -> None:
    fake.fault = fault
    result = push(NOTICE, timeout=1)
    if message is None:  # the answer to a login is not read
        assert result.exit_code == 0
    else:
        failed(result, message)


def test_an_error_in_mid_listing_uploads_nothing_twice(fake: FakeDoccano) -> None:
    texts = [f"{NOTICE}第{number}号" for number in range(130)]
    assert push(*texts).exit_code == 0
    fake.fault = on("GET", "examples.*offset=100", 500, "<h1>Server Error</h1>")
    failed(push(*texts, "又一篇通报。"), r"fails \(500\): see its log, and try again")
    assert len(fake.examples) == 130
    fake.fault = lambda _method, _path: None
    result = push(*texts, "又一篇通报。")
    assert result.stderr.splitlines()[-1] == "p: 1 notice uploaded, 0 more are new"
    assert len(fake.examples) == 131


def test_a_time_out_after_the_server_took_it_uploads_nothing_twice(fake: FakeDoccano) -> None:
    fake.fault = on("GET", "job-1", 200, "{}", after=2)
    failed(push(NOTICE, timeout=1), "does not answer in time: try again later")
    fake.fault = lambda _method, _path: None
    assert push(NOTICE).stderr.splitlines()[-1] == "p: 0 notices uploaded, 0 more are new"
    assert len(fake.examples) == 1


@pytest.mark.parametrize(
    ("setting", "told"),
    [("use_relation", "no relations"), ("collaborative_annotation", "do not share"), ("grapheme_mode", "graphemes")],
)
def test_a_project_that_would_lose_marks_is_refused(fake: FakeDoccano, setting: str, told: str) -> None:
    push(NOTICE)
    fake.project[setting] = not fake.project[setting]
    failed(push(NOTICE), rf"the project 'p' cannot be used \(.*{told}.*\): take another name, and push makes it")
