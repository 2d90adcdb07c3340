"""The command as a process: pipes, Ctrl-C, a terminal on stderr."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from multipolar.record import Record

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of POSIX")
COMMAND = [sys.executable, "-m", "multipolar"]


def listen() -> None:
    """Take Ctrl-C even where whoever runs the tests does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(*words: object, **more: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *map(str, words)], preexec_fn=listen, **more)  # type: ignore[call-overload]


def on_terminal(*words: object, cwd: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start a command with a terminal on stderr; give the process and our end."""
    import pty

    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    process = start(*words, stdout=subprocess.PIPE, stderr=theirs, cwd=cwd, env=env)
    os.close(theirs)
    return process, ours


def read_until(terminal: int, word: bytes) -> bytes:
    """What the terminal showed, up to a word or the end."""
    seen, stop = b"", time.monotonic() + 30
    while word not in seen and time.monotonic() < stop:
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
    return seen


def rest_of(process: subprocess.Popen[bytes], terminal: int) -> tuple[bytes, bytes]:
    """What came on stdout, and what the terminal showed, until the end."""
    with process:
        seen = read_until(terminal, b"\0never")
        assert process.stdout is not None
        out = process.stdout.read()
        process.wait(30)
    os.close(terminal)
    return out, seen


def test_the_process_gives_the_exit_status_and_keeps_stdout_clean(folder):
    good = subprocess.run([*COMMAND, "resolve", "ROK", "--format", "json"], capture_output=True)
    bad = subprocess.run([*COMMAND, "tie", "RUS", "Atlantis", "--record", folder], capture_output=True)
    assert (good.returncode, bad.returncode) == (0, 3)
    assert good.stderr == b"" and good.stdout.startswith(b'{"id": "KOR"')
    assert bad.stdout == b"" and b"Atlantis" in bad.stderr


@pytest.mark.parametrize("format", ["table", "json", "csv"])
def test_whoever_reads_may_have_gone(format):
    ours, theirs = os.pipe()
    os.close(ours)
    process = start("members", "UN", "--format", format, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (141, b"")


def test_a_panel_is_written_though_whoever_reads_the_codebook_has_gone(folder, tmp_path):
    ours, theirs = os.pipe()
    os.close(ours)
    words = ("panel", "--record", folder, "--since", "2008", "--until", "2008", "--indicators", "cinc")
    process = start(*words, "--out", tmp_path / "panel.csv", stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    process.communicate(timeout=30)
    assert process.returncode == 141
    assert (tmp_path / "panel.csv").read_text().startswith("a,b,year,cinc_a,cinc_b")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_stdout_on_a_full_disk():
    with Path("/dev/full").open("w") as full:
        found = subprocess.run([*COMMAND, "resolve", "ROK", "--format", "csv"], stdout=full, stderr=subprocess.PIPE)
    assert found.returncode == 1 and b"No space left" in found.stderr and b"Traceback" not in found.stderr


def test_a_narrow_encoding_ends_nothing():
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    table = subprocess.run([*COMMAND, "resolve", "TUR"], capture_output=True, env=env)
    lines = subprocess.run([*COMMAND, "resolve", "TUR", "--format", "json"], capture_output=True, env=env)
    assert (table.returncode, lines.returncode) == (0, 0)
    assert "Türkiye" in lines.stdout.decode("utf-8"), "what machines read is UTF-8"


def test_progress_is_shown_on_a_terminal_and_wiped_away(folder, tmp_path):
    process, terminal = on_terminal("tie", "RUS", "CHN", "--record", folder, "--format", "json", cwd=tmp_path)
    out, seen = rest_of(process, terminal)
    assert process.returncode == 0 and b"Opening" in seen and b"Estimating" in seen
    assert out.startswith(b'{"pair"') and b"\x1b" not in out, "stdout has the answer alone"


#: Interrupted; or so ended by the interpreter itself, which a shell shows as 130 too.
STOPPED = (130, -signal.SIGINT)


@pytest.mark.parametrize(("word", "delay"), [(b"Opening", 0.0), (b"dossier", 0.0), (b"dossier", 0.3), (b"check", 0.0)])
def test_ctrl_c_while_ingesting_leaves_nothing_half_written(tmp_path, word, delay):
    process, terminal = on_terminal("ingest", "dossier", "--record", tmp_path / "r", cwd=tmp_path)
    read_until(terminal, word)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    out, seen = rest_of(process, terminal)
    assert b"Traceback" not in seen, seen.decode()
    if process.returncode == 0:
        assert len(Record.open(tmp_path / "r").batches()) == 1
        return
    assert process.returncode in STOPPED and b"interrupted" in seen and out == b""
    if (tmp_path / "r").exists():
        assert Record.open(tmp_path / "r").verify() > 0, "the batch stands, and the end of the command was cut off"


@pytest.mark.parametrize("word", [b"Opening", b"Estimating", b"Writing"])
def test_ctrl_c_while_making_a_brief_leaves_no_page(folder, tmp_path, word):
    process, terminal = on_terminal("brief", "RUS", "CHN", "--record", folder, cwd=tmp_path)
    read_until(terminal, word)
    process.send_signal(signal.SIGINT)
    _, seen = rest_of(process, terminal)
    assert process.returncode in (0, *STOPPED) and b"Traceback" not in seen, seen.decode()
    left = list(tmp_path.iterdir())
    assert not left or left[0].read_text().rstrip().endswith("</html>")
