"""Runs on a cluster of Ray: a node that dies, workers that die, and a run that is killed cost no record."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import spacy
from batch_runs import BROKEN_LINES, RECORDS, assert_whole, begun, children, command, make, wait_until
from pyarrow import dataset

pytestmark = pytest.mark.slow

ray = pytest.importorskip("ray", reason="needs the extra ray")


FATAL = "杀"
COMPONENT = f"""
import os
from spacy.language import Language

@Language.component("fatal")
def fatal(doc):
    if "{FATAL}" in doc.text:
        os._exit(137)
    return doc

def create(nlp, name):
    return fatal
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ray")
    make(folder)
    return folder


@pytest.fixture
def fatal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model with a component that ends the process at a certain text, as a system without memory would."""
    packages = tmp_path / "packages"
    (packages / "fatal-1.dist-info").mkdir(parents=True)
    (packages / "fatal-1.dist-info" / "METADATA").write_text("Name: fatal\nVersion: 1\n")
    (packages / "fatal-1.dist-info" / "entry_points.txt").write_text("[spacy_factories]\nfatal = fatal:create\n")
    (packages / "fatal.py").write_text(COMPONENT, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(packages))
    monkeypatch.syspath_prepend(packages)
    import_module("fatal")
    nlp = spacy.blank("zh", meta={"name": "fatal"})
    nlp.add_pipe("fatal")
    nlp.to_disk(tmp_path / "model")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A head that does no tasks and three nodes that do, each of processes of its own, joined by the network alone."""
    from ray.cluster_utils import Cluster

    memory = 100_000_000
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": memory})
    for _ in range(3):
        nodes.add_node(num_cpus=1, object_store_memory=memory)
    nodes.wait_for_nodes()
    monkeypatch.setenv("RAY_ADDRESS", nodes.address)
    monkeypatch.chdir(tmp_path)
    yield nodes
    nodes.shutdown()


def is_at_work(node: Any) -> bool:
    """Tell whether one of a run's workers lives on a node."""
    raylet = node.all_processes["raylet"][0].process.pid
    return any("_Worker" in Path(f"/proc/{child}/cmdline").read_text("utf-8") for child in children(raylet))


def test_a_node_dies_amid_a_run(made: Path, cluster: Any) -> None:
    run = begun(made, "out.jsonl", "--engine", "ray", "--workers", 3)
    wait_until(lambda: any(map(is_at_work, cluster.worker_nodes)))
    assert run.poll() is None
    cluster.remove_node(next(filter(is_at_work, cluster.worker_nodes)), allow_graceful=False)
    _, said = run.communicate(timeout=300)
    assert run.returncode == 1, said
    # The parts are joined in the order of the inputs, whoever wrote them: every record is there once.
    assert_whole(made, "out.jsonl")
    assert len(cluster.worker_nodes) == 2


def test_stopped_killed_and_resumed_into_a_folder_of_parquet(made: Path, cluster: Any) -> None:
    run = begun(made, "out/", "--engine", "ray", "--workers", 3)
    run.terminate()
    _, said = run.communicate(timeout=60)
    assert run.returncode == 128 + signal.SIGTERM
    assert said.splitlines()[-1].startswith("stopped: ")
    run = begun(made, "out/", "--engine", "ray", "--workers", 3, "--resume")
    run.kill()
    run.communicate()
    result = subprocess.run(
        command(made, "out/", "--engine", "ray", "--workers", 3, "--resume", "--json", "-"),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    summary = json.loads(result.stdout)
    assert (summary["notices"], summary["rejects"]) == (RECORDS, len(BROKEN_LINES))
    assert summary["earlier_notices"] >= 4 * 255
    ids = dataset.dataset("out").to_table(columns=["id"])["id"].to_pylist()
    assert ids == [f"n{number}" for number in range(RECORDS)]


def test_what_kills_its_worker_is_set_aside(fatal: None, cluster: Any, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(8):
        (inbox / f"{number}.txt").write_text("镇长林某" + FATAL * (number == 5), encoding="utf-8")
    arguments = ["tag", "inbox", "--model", "model", "-o", "out.jsonl", "--engine", "ray", "--workers", "2"]
    result = subprocess.run(
        [sys.executable, "-m", "tongbao", *arguments], stderr=subprocess.PIPE, text=True, check=False, timeout=300
    )  # fmt: skip
    assert result.returncode == 1, result.stderr
    sources = [json.loads(line)["source"] for line in Path("out.jsonl").read_text("utf-8").splitlines()]
    assert sources == [f"inbox/{number}.txt" for number in range(8) if number != 5]
    (reject,) = map(json.loads, Path("out.jsonl.rejected.jsonl").read_text("utf-8").splitlines())
    assert (reject["source"], reject["where"]) == ("inbox/5.txt", "inbox/5.txt")
    assert "kills the process that tags it" in reject["reason"]
