"""The guides say what is so: their code runs, their commands parse, their links and maps are whole."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import tongbao
from spacy.util import load_config
from tongbao.__main__ import COMMANDS, app, load_command
from tongbao.corpus.folder import TRAIN
from typer.testing import CliRunner

ROOT = Path(__file__).parents[1]
GUIDES = ("README.md", "CONTRIBUTING.md", "FAIR_USE.md", "docs/annotation.md", "docs/engines.md", "docs/retraining.md")
PACKAGES = ("corpus", "pipeline", "training", "evaluation")
INBOX = {
    "one.txt": "经查，青石镇镇长林某违规收受礼金。2021年8月20日，给予林某党内警告处分。\n",
    "two.md": "---\ntitle: 通报\ndate: 2022-03-01\n---\n\n因公车私用，白沙村村会计吴某受到政务记过处分。\n",
}
RETRAINING = "docs/retraining.md"
# Comparing ends with status 1 where the new model is worse, which it is after so few notices.
MAY_REFUSE = "--refuse-regression"
MARK = re.compile(r"\[([^\]\n]+)\]\((?:OFFICIAL|POSITION|SANCTION|VIOLATION)[ \d,]*\)")


def blocks(document: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    content = (ROOT / document).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", content, re.MULTILINE | re.DOTALL)


def commands(program: str) -> list[Any]:
    """Return the arguments of each line ``$ program …`` of the console blocks, as parameters of a test."""
    return [
        pytest.param(shlex.split(line)[2:], id=f"{document}: {line[2:]}")
        for document in GUIDES
        for block in blocks(document, "console")
        for line in block.splitlines()
        if line.startswith(f"$ {program} ")
    ]


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name, content in INBOX.items():
        (folder / name).write_text(content, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(code, id=f"{document} {number}")
        for document in GUIDES
        for number, code in enumerate(blocks(document, "python"), start=1)
        if "pyspark" not in code  # tests/pipeline/test_spark.py runs it
    ],
)
@pytest.mark.usefixtures("inbox")
def test_python_runs(code: str) -> None:
    exec(compile(code, "<guide>", "exec"), {"__name__": "guide"})  # noqa: S102


@pytest.mark.parametrize("arguments", commands("tongbao"))
def test_command_exists_with_its_options(arguments: list[str]) -> None:
    name, *rest = arguments
    words = [name]
    assert name in COMMANDS, f"no command is called {name}"
    command = load_command(name)
    if hasattr(command, "commands"):
        words.append(rest.pop(0))
        command = command.commands[words[-1]]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    for option, value in pairwise([*rest, ""]):
        if option.startswith("-") and option != "-" and option not in known:
            assert COMMANDS[name].passes_on, f"{name} has no option {option}"
            assert_override(option, value)
    assert CliRunner().invoke(app, [*words, "--help"]).exit_code == 0


@pytest.mark.parametrize("arguments", commands("spacy"))
def test_spacy_takes_the_config(arguments: list[str]) -> None:
    assert arguments[:2] == ["train", "configs/crf.cfg"]
    for option, value in pairwise(arguments[2:]):
        if "." in option and option.startswith("--"):
            assert_override(option, value)


def assert_override(option: str, value: str) -> None:
    """Check that a config has a value that an option such as ``--paths.train`` replaces."""
    assert option.startswith("--")
    assert value
    assert not value.startswith("-")
    section: Any = load_config(ROOT / "configs" / "crf.cfg")
    for key in option[2:].split("."):
        assert key in section, f"configs/crf.cfg has nothing at {option[2:]}"
        section = section[key]


@pytest.mark.parametrize("arguments", commands("make"))
def test_make_has_the_target(arguments: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in arguments:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("document", [*GUIDES, "CHANGELOG.md", "corpus/README.md"])
def test_links_lead_somewhere(document: str) -> None:
    path = ROOT / document
    prose = re.sub(r"^```.*?^```$|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", prose)
    files = [link.partition("#")[0] for link in links if "://" not in link]
    assert [name for name in files if not (path.parent / name).exists()] == []


@pytest.mark.parametrize("document", GUIDES)
def test_named_files_exist(document: str) -> None:
    content = (ROOT / document).read_text("utf-8")
    folders = "|".join((*PACKAGES, "configs", "tests"))
    named = re.findall(rf"`((?:{folders})/[\w/.-]+\.(?:py|cfg|txt|md))`", content)
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_has_every_module_once(package: str) -> None:
    content = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    mapped = re.findall(rf"^- `{package}/(\w+)\.py`: \S", content, re.MULTILINE)
    there = sorted(file.stem for file in (ROOT / package).glob("*.py") if file.stem != "__init__")
    assert sorted(mapped) == there


def test_the_picture_is_what_the_command_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"<!-- picture: begin -->\n```text\n\$ tongbao ([^\n]+)\n(.*?)```\n", content, re.DOTALL)
    assert found is not None
    monkeypatch.chdir(tmp_path)
    _, _, notice = found[2].split("\n", 2)
    Path("notice.txt").write_text(MARK.sub(r"\1", notice.partition("\n  case ")[0]), "utf-8")
    shown = CliRunner().invoke(app, shlex.split(found[1]), env={"COLUMNS": "100"})
    assert shown.exit_code == 0
    assert lines(shown.stdout) == lines(found[2]), "take what the command shows now into README.md"


def lines(text: str) -> list[str]:
    """Return the lines of a text, without empty ones and blanks at their ends."""
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_the_record_has_the_fields_that_are_told() -> None:
    (told,) = map(json.loads, blocks("README.md", "json"))
    (tagged,) = tongbao.tag([told["text"]])
    record = tagged.record()
    assert list(record) == list(told)
    for part in ("entities", "cases"):
        assert {tuple(each) for each in record[part]} == {tuple(each) for each in told[part]}
    for entity in told["entities"]:
        assert told["text"][entity["start"] : entity["end"]] == entity["text"]
    case = told["cases"][0]
    assert [told["entities"][index]["label"] for index in case["positions"]] == ["POSITION"]
    assert [told["entities"][index]["label"] for index in case["sanctions"]] == ["SANCTION"]


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    for folder, names in (("my/notices", "t1_00*.md"), ("my/gold", "t2_00*.md")):
        (tmp_path / folder).mkdir(parents=True)
        for path in TRAIN.glob(names):
            shutil.copy(path, tmp_path / folder)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "one.txt").write_text("经查，青石镇镇长林某违规收受礼金。给予林某党内警告处分。\n", "utf-8")
    return tmp_path


@pytest.mark.slow
def test_the_guide_leads_to_a_package(notices: Path) -> None:
    lines = [
        line[2:] for block in blocks(RETRAINING, "console") for line in block.splitlines() if line.startswith("$ ")
    ]
    assert len(lines) > 10
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for line in lines:
        done = subprocess.run(  # noqa: S602 - our own guide
            line,
            shell=True,
            cwd=notices,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode in ((0, 1) if MAY_REFUSE in line else (0,)), f"{line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
    assert list((notices / "dist").glob("zh_mine-*.whl"))
    assert (notices / "cases.jsonl").read_text("utf-8").count("\n") == 1
