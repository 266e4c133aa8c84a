"""The command, with a pipeline made by hand in the place of a trained one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tongbao
import typer
from tongbao.corpus.errors import ModelError
from tongbao.corpus.inline import write_notice
from tongbao.evaluation.cli import evaluate_command
from typer.testing import CliRunner, Result

from .pipelines import pipeline
from .samples import notice

GOLD = notice("[林某](OFFICIAL 1)[公车私用](VIOLATION 1)，受到[警告](SANCTION 1)。", id="a")
WORDS = {"林某": "OFFICIAL", "私用": "VIOLATION", "警告": "SANCTION"}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    folder = tmp_path / "gold"
    folder.mkdir()
    write_notice(GOLD, folder / "a.md")
    return folder


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the command asked to load."""
    asked: list[tuple[Any, ...]] = []

    def load(*args: Any) -> Any:
        asked.append(args)
        if args and not args[0].exists():
            raise ModelError("no model here", where=str(args[0]))
        return pipeline(WORDS)

    monkeypatch.setattr(tongbao, "load", load, raising=False)
    return asked


def run(*arguments: object) -> Result:
    app = typer.Typer()
    app.command("evaluate")(evaluate_command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": None})


def test_tables_on_the_screen(loaded: list[Any], gold: Path, tmp_path: Path) -> None:
    result = run(tmp_path, gold, "--n-boot", 20, "--seed", 3)
    assert (result.exit_code, result.stderr) == (0, "")
    assert loaded == [(tmp_path,)]
    assert "20 draws, seed 3" in result.stdout
    assert "Case links" in result.stdout
    # A pipe has no width that tables would have to be cut to.
    assert "VIOLATION" in result.stdout
    assert "…" not in result.stdout


def test_json_on_standard_output_stands_alone(loaded: list[Any], gold: Path, tmp_path: Path) -> None:
    result = run(tmp_path, gold, "--json", "-", "--n-boot", 20)
    assert result.exit_code == 0
    values = json.loads(result.stdout)
    assert values["gold"] == str(gold)
    assert values["spans"]["strict"]["micro"]["tp"] == 2
    assert {part["by"] for part in values["slices"]} >= {"name"}


def test_files(loaded: list[Any], gold: Path, tmp_path: Path) -> None:
    json_out, errors_out = tmp_path / "out.json", tmp_path / "errors.tsv"
    result = run(tmp_path, gold, "--json", json_out, "--errors", errors_out, "--n-boot", 0)
    assert result.exit_code == 0
    assert "Entities" in result.stdout
    assert json.loads(json_out.read_bytes())["notices"] == 1
    assert len(errors_out.read_bytes().decode("utf-8").splitlines()) == 2


def test_page(loaded: list[Any], gold: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = run(tmp_path, gold, "--html", page, "--n-boot", 20)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "公车私用" in page.read_text("utf-8")


def test_gold_entities(loaded: list[Any], gold: Path, tmp_path: Path) -> None:
    values = json.loads(run(tmp_path, gold, "--gold-entities", "--json", "-").stdout)
    assert values["gold_entities"] is True
    assert values["links"]["strict"]["micro"]["f1"] == 1.0
    assert values["spans"] == {}


def test_shipped_model_and_held_out_notices_by_default(loaded: list[Any]) -> None:
    values = json.loads(run("--json", "-", "--n-boot", 0).stdout)
    assert loaded == [()]
    assert values["gold"].endswith("heldout")
    assert values["notices"] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing-model", "GOLD"], "missing-model: no model here"),
        ([".", "missing-gold"], "missing-gold: no such file or folder"),
        ([".", "GOLD", "--json", "missing/out.json"], "missing/out.json: cannot be written: No such file"),
    ],
)
def test_errors_in_one_line(
    loaded: list[Any], gold: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(gold.parent)
    result = run(*(str(gold) if argument == "GOLD" else argument for argument in arguments))
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["--seed", "-1"], ["--n-boot", "many"], ["--unknown"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def marked(tmp_path: Path, text: str, *, id: str = "a") -> Path:  # noqa: A002
    folder = tmp_path / "marked"
    folder.mkdir()
    write_notice(notice(text, id=id, form="predicted"), folder / f"{id}.md")
    return folder


def test_notices_that_are_marked_already(gold: Path, tmp_path: Path) -> None:
    folder = marked(tmp_path, "[林某](OFFICIAL)公车私用，受到[警告](SANCTION)。")
    values = json.loads(run(folder, gold, "--predicted", "--json", "-", "--n-boot", 0).stdout)
    assert (values["model"], values["spans"]["strict"]["micro"]["tp"]) == (str(folder), 2)
    assert values["links"] == {}


def test_notices_that_are_marked_with_cases(gold: Path, tmp_path: Path) -> None:
    folder = marked(tmp_path, "[林某](OFFICIAL 1)公车私用，受到[警告](SANCTION 1)。")
    values = json.loads(run(folder, gold, "--predicted", "--json", "-", "--n-boot", 0).stdout)
    assert values["links"]["strict"]["micro"]["tp"] == 1


@pytest.mark.parametrize(
    ("text", "id", "arguments", "message"),
    [
        ("林某公车私用，受到警告。", "b", ["MARKED", "GOLD"], "b: there is a prediction but no gold notice of this id"),
        ("林某", "a", ["MARKED", "GOLD"], "a: the prediction is about another text"),
        ("林某公车私用，受到警告。", "a", [], "needs the folder of marked notices in the place of MODEL"),
        ("林某公车私用，受到警告。", "a", ["MARKED", "GOLD", "--gold-entities"], "leave --predicted out"),
    ],
)
def test_marked_notices_that_cannot_be_scored(
    gold: Path,
    tmp_path: Path,
    text: str,
    id: str,  # noqa: A002
    arguments: list[str],
    message: str,
) -> None:
    places = {"MARKED": marked(tmp_path, text, id=id), "GOLD": gold}
    result = run(*(places.get(argument, argument) for argument in arguments), "--predicted")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


MANY = [
    notice(f"[林某](OFFICIAL 1)[赌博](VIOLATION 1)，受到[警告](SANCTION 1){'。' * i}", id=f"n{i}") for i in range(9)
]


def test_a_model_that_got_worse_is_refused(loaded: list[Any], tmp_path: Path) -> None:
    gold, kept = tmp_path / "gold", tmp_path / "kept"
    gold.mkdir()
    for each in MANY:
        write_notice(each, gold / f"{each.id}.md")
    # The model by hand misses every VIOLATION; the one it is held against misses none.
    result = run(tmp_path, gold, "--refuse-regression", gold, "--keep", kept)
    assert result.exit_code == 1
    assert result.stderr.startswith(
        f"{gold}: significantly better than this model: F1 of micro 0.8000 instead of 1.0000"
    )
    assert len(result.stderr.splitlines()) == 1
    assert "beside" in result.stdout
    # What it marked is kept, cases and all, and is no worse than itself.
    again = run(tmp_path, gold, "--refuse-regression", kept, "--json", "-")
    assert (again.exit_code, again.stderr) == (0, "")
    differences = json.loads(again.stdout)["comparison"]["f1"]
    assert {each["difference"] for each in differences.values()} == {0.0}
    assert "case links" in differences


def test_two_models_of_one_name_are_told_apart(loaded: list[Any], gold: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.cfg").touch()
    result = run(tmp_path, gold, "--against", other, "--n-boot", 20, "--json", "-")
    assert json.loads(result.stdout)["comparison"]["other"] == str(other)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--against", "one", "--refuse-regression", "two"], "two: is another model than that of --against"),
        (["--against", "one", "--gold-entities"], "one: compares what models mark"),
        (["--html", "page.html", "--gold-entities"], "page.html: shows what a model marks"),
        (["--against", "one", "--n-boot", "0"], "one: cannot be compared without draws"),
        (["--against", "nowhere"], "nowhere: no model here"),
    ],
)
def test_comparisons_that_cannot_be_made(loaded: list[Any], gold: Path, arguments: list[str], message: str) -> None:
    result = run(".", gold, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_gold_notice_without_a_prediction_is_named(gold: Path, tmp_path: Path) -> None:
    write_notice(notice("天晴。", id="z"), gold / "z.md")
    result = run(marked(tmp_path, "林某公车私用，受到警告。"), gold, "--predicted")
    assert (result.exit_code, result.stderr.strip()) == (2, "z: there is no prediction for this gold notice")
