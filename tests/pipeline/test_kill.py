"""Runs that are killed, asked to end, or left without room: what is done is kept, nothing is lost and nothing twice."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest
from batch_runs import BROKEN_LINES, assert_whole, begun, children, command, is_running, make, n_lines, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the workers of a run in /proc"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kill")
    make(folder)
    return folder


@pytest.fixture(autouse=True)
def _in_the_folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_twice_and_resumed(made: Path, workers: int) -> None:
    for options in ([], ["--resume"]):
        run = begun(made, "out.jsonl", "--workers", workers, *options)
        crew = list(children(run.pid))
        run.kill()
        run.communicate()
        assert not Path("out.jsonl").exists()
        wait_until(lambda: not any(map(is_running, crew)))  # noqa: B023 (called at once)
    assert subprocess.run(command(made, "out.jsonl", "--resume", "--workers", workers), check=False).returncode == 1
    assert_whole(made, "out.jsonl")
    assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", [1, 2])
def test_asked_to_end(made: Path, number: signal.Signals, workers: int) -> None:
    run = begun(made, "out.jsonl", "--workers", workers)
    crew = list(children(run.pid))
    os.killpg(run.pid, number) if number == signal.SIGINT else run.send_signal(number)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 128 + number
    assert said.splitlines()[-1].startswith("stopped: ")
    assert said.splitlines()[-1].endswith("--resume goes on)")
    assert "Traceback" not in said
    wait_until(lambda: not any(map(is_running, crew)))
    kept = n_lines(Path("out.jsonl.parts/_manifest.jsonl")) - 1
    assert kept >= 2
    resumed = subprocess.run(
        command(made, "out.jsonl", "--resume", "--json", "-"), stdout=subprocess.PIPE, text=True, check=False
    )
    assert resumed.returncode == 1
    assert json.loads(resumed.stdout)["earlier_notices"] >= 256 * kept - len(BROKEN_LINES)
    assert_whole(made, "out.jsonl")


def test_workers_that_are_killed_are_replaced(made: Path) -> None:
    run = begun(made, "out.jsonl", "--workers", 2)
    for _ in range(3):
        os.kill(next(children(run.pid)), signal.SIGKILL)
        time.sleep(0.3)
    run.communicate(timeout=300)
    assert run.returncode == 1
    assert_whole(made, "out.jsonl")


def test_two_runs_to_one_output(made: Path) -> None:
    run = begun(made, "out.jsonl")
    run.send_signal(signal.SIGSTOP)  # lest it come to its end while the other waits for it
    second = subprocess.run(
        command(made, "out.jsonl", "--overwrite"), stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False
    )
    assert second.returncode == 2
    assert "out.jsonl: another run is writing to it" in second.stderr
    run.send_signal(signal.SIGCONT)
    run.communicate(timeout=300)
    assert_whole(made, "out.jsonl")


def test_no_room_for_the_whole(made: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))

    result = subprocess.run(
        command(made, "out.jsonl"), stderr=subprocess.PIPE, text=True, check=False, preexec_fn=limit
    )  # fmt: skip
    assert result.returncode == 2
    assert "out.jsonl: cannot be written: File too large" in result.stderr
    assert not Path("out.jsonl").exists()
    assert subprocess.run(command(made, "out.jsonl", "--resume"), check=False).returncode == 1
    assert_whole(made, "out.jsonl")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can set up a disk that is full")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk(made: Path, workers: int) -> None:
    disk = Path("disk")
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("a file system cannot be mounted here")
    try:
        out = disk / "out.jsonl"
        result = subprocess.run(
            command(made, out, "--workers", workers), stderr=subprocess.PIPE, text=True, check=False
        )  # fmt: skip
        assert result.returncode == 2
        assert "cannot be written: No space left on device" in result.stderr.splitlines()[-1]
        assert "Traceback" not in result.stderr
        assert n_lines(Path(f"{out}.parts/_manifest.jsonl")) > 3
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        assert subprocess.run(command(made, out, "--resume"), check=False).returncode == 1
        assert_whole(made, out)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
