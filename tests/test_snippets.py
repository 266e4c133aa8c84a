"""The shell snippets of the guides run, in a folder that holds what they name; those that cannot are listed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tongbao.__main__ import app
from tongbao.corpus.convert import write_gold
from tongbao.corpus.folder import read_gold
from typer.testing import CliRunner

ROOT = Path(__file__).parents[1]
# test_docs.py follows the guide to retraining, whose commands need each other, from its first to its last.
GUIDES = [
    "README.md",
    "FAIR_USE.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md") if path.stem != "retraining"),
]
NOT_RUN = {
    r"make (tag|test)": "the second runs these tests; the first is the packages' installation and `tongbao show`",
    r"pip install ": "changes the environment that the tests run in; the Makefile made it with `pip install -e`",
    r"tongbao tag .* --engine ray ": "64 workers want a cluster; test_ray_engine.py has one of three nodes",
    r"tongbao tag .*s3://": "wants somebody's bucket; test_stores.py has a store in memory",
    r"(python3 -m venv doccano-env|doccano-env/bin/.*)": "a server's set-up; local_doccano.py does the same",
    r"(export|read) .*DOCCANO_.*": "settings of a server; test_doccano_round_trip.py sets them",
    r"tongbao annotate (push|pull|status) .*": "want a server; test_doccano_round_trip.py calls them with one",
}
# With what comes before or after such a command and means nothing without it.
SLOW = re.compile(
    r"tongbao (train|runs|evaluate|package|bench-public)\b|spacy train |.* --workers |mkdir |"
    r"tongbao corpus convert mine/"
)
HANDS = ("t1", "t2", "t3", "t4", "t5")
TEXT = "经查，青石镇镇长林某违规收受礼金。2021年8月20日，给予林某党内警告处分。\n"
CLUENER = '{"text": "林海任镇长。", "label": {"name": {"林海": [[0, 1]]}, "position": {"镇长": [[3, 4]]}}}\n'
BMES = "林 B-NAME\n海 E-NAME\n任 O\n镇 B-TITLE\n长 E-TITLE\n。 O\n"


def console_lines() -> list[tuple[str, list[str]]]:
    """Return the commands of each console block, with the guide and the number of the block."""
    found = []
    for guide in GUIDES:
        blocks = re.findall(r"^```console\n(.*?)^```$", (ROOT / guide).read_text("utf-8"), re.MULTILINE | re.DOTALL)
        for number, block in enumerate(blocks, start=1):
            found.append((f"{guide} {number}", [line[2:] for line in block.splitlines() if line.startswith("$ ")]))
    return found


def is_run(line: str) -> bool:
    return not any(re.match(pattern, line) for pattern in NOT_RUN)


def snippets() -> list[Any]:
    """Return each block's quick commands and its slow ones, as parameters of a test."""
    found = []
    for name, lines in console_lines():
        run = [line for line in lines if is_run(line)]
        for slow in (False, True):
            chosen = tuple(line for line in run if bool(SLOW.match(line)) is slow)
            if chosen:
                marks = [pytest.mark.slow] if slow else []
                found.append(pytest.param(chosen, id=f"{name}{' slow' if slow else ''}", marks=marks))
    return found


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder that holds what the guides take for granted: a reader's own files, and a small checkout."""
    for name in ("inbox/one.txt", "archive/one.txt", "notice.txt", "pages/2021/one.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"<p>{TEXT}</p>" if name.endswith("html") else TEXT, "utf-8")
    (tmp_path / "extra.csv").write_text(f"text\n{TEXT}", "utf-8")
    (tmp_path / "table.csv").write_text(f"正文\n{TEXT}", "utf-8")
    for folder in ("mine", "benchmarks/resume", "benchmarks/cluener"):
        (tmp_path / folder).mkdir(parents=True)
        for part in ("train", "test"):
            (tmp_path / folder / f"{part}.char.bmes").write_text(f"{BMES}\n{BMES.replace('林', '周')}", "utf-8")
        for part in ("train", "dev"):
            (tmp_path / folder / f"{part}.json").write_text(CLUENER * 2, "utf-8")
    for hand in HANDS:
        of_hand = sorted((ROOT / "corpus" / "train").glob(f"{hand}_*.md"))
        for folder, files in (("my/notices", of_hand[:4]), ("corpus/train", of_hand[4:8]), ("my/gold", of_hand[8:9])):
            copy(files, tmp_path / folder)
        copy(of_hand[:1], tmp_path / "my" / "chen")
        copy(of_hand[:1], tmp_path / "my" / "lin")
    write_gold(read_gold(tmp_path / "my" / "notices"), tmp_path / "doccano.jsonl", to="doccano")
    (tmp_path / "corpus" / "heldout").symlink_to(ROOT / "corpus" / "heldout")
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    for model in ("pipeline/model", "training/model-best", "build/mine/model-best"):
        shutil.copytree(ROOT / "pipeline" / "model", tmp_path / model)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def copy(files: list[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, folder)


@pytest.mark.parametrize("lines", snippets())
@pytest.mark.usefixtures("workplace")
def test_snippet_runs(lines: tuple[str, ...]) -> None:
    for line in lines:
        if line.startswith("tongbao "):
            # In this process, for each start of another one loads all packages anew.
            done = CliRunner().invoke(app, shlex.split(line)[1:])
            assert done.exit_code == 0, f"{line}\n{done.output[-2000:]}"
        else:
            path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
            ended = subprocess.run(
                ["bash", "-c", line], env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
            )
            assert ended.returncode == 0, f"{line}\n{ended.stderr[-2000:]}"


@pytest.mark.parametrize("pattern", NOT_RUN)
def test_what_is_not_run_is_in_a_guide(pattern: str) -> None:
    assert any(re.match(pattern, line) for _, lines in console_lines() for line in lines), "take it off the list"
