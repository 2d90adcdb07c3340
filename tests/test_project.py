"""The files of the project agree with each other, and with what they promise."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import multipolar

ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 1 << 20
LONGEST_MODULE = 500
LISTS = ("run", "dev", "build", "docs", "extras")
#: Written in pieces, so that this file does not find itself.
FORBIDDEN = ("/" + "work/", "/" + "root/", "/" + "home/", "/opt/" + "pypi", "extra-" + "index-url", "pypi" + ".org")
TARGETS = ("brief", "test", "lint", "types", "bench", "bench-core", "docs", "pins", "clean", "help")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def files() -> tuple[Path, ...]:
    """All files of the project: what git tracks or would."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("needs a git checkout to know which files belong to the project")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return tuple(path for path in paths if path.is_file())


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in files():
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


@cache
def pins(name: str) -> tuple[Requirement, ...]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(Requirement(entry.split(" --hash")[0]) for entry in entries(text))


def entries(text: str) -> list[str]:
    """The requirements of a file, each with its hashes on one line."""
    lines = [line.strip() for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = " ".join(line for line in lines if line).replace(" \\ ", " ")
    return [entry.strip() for entry in re.split(r" (?=[a-zA-Z][\w.-]*==)", joined) if entry.strip()]


def wanted(*extras: str) -> list[Requirement]:
    project = PROJECT["project"]
    listed = [item for extra in extras for item in project["optional-dependencies"][extra]]
    return [Requirement(item) for item in listed]


@pytest.mark.parametrize("name", LISTS)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    found = entries((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))
    assert found
    for entry in found:
        assert re.fullmatch(r"[a-z0-9.-]+==[\w.+]+( ; [^-]+)?( --hash=sha256:[0-9a-f]{64})+", entry), entry[:120]


@pytest.mark.parametrize("name", LISTS)
def test_requirements_hold_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|index-url|find-links|trusted-host|@ ", text)


@pytest.mark.parametrize(
    ("name", "requirements"),
    [
        ("run", [Requirement(item) for item in PROJECT["project"]["dependencies"]]),
        ("dev", [Requirement(item) for item in PROJECT["project"]["dependencies"]] + wanted("dev")),
        ("build", [Requirement(item) for item in PROJECT["build-system"]["requires"]]),
        ("docs", wanted("docs")),
        ("extras", wanted("spark")),
    ],
)
def test_every_dependency_is_pinned_inside_its_range(name: str, requirements: list[Requirement]) -> None:
    for requirement in requirements:
        mine = [pin for pin in pins(name) if canonicalize_name(pin.name) == canonicalize_name(requirement.name)]
        assert mine, f"{requirement.name} is not in requirements/{name}.txt: run `make pins`"
        for pin in mine:
            version = str(pin.specifier).removeprefix("==")
            assert requirement.specifier.contains(version), f"{pin} is not {requirement}: run `make pins`"


def test_every_extra_is_pinned_somewhere() -> None:
    assert set(PROJECT["project"]["optional-dependencies"]) == {"dev", "docs", "spark"}


def test_requirement_files_agree() -> None:
    seen: dict[tuple[str, str], str] = {}
    for name in LISTS:
        for pin in pins(name):
            key = (canonicalize_name(pin.name), str(pin.marker or ""))
            assert seen.setdefault(key, str(pin.specifier)) == str(pin.specifier), f"{name}: {pin}"


def test_no_file_names_this_machine_or_a_registry() -> None:
    found = []
    for path, text in texts():
        own = re.sub(r"https?://\S+", "", text)  # a publisher's address may have any path
        found += [f"{path.relative_to(ROOT)}: {word}" for word in FORBIDDEN if word in own]
        found += [f"{path.relative_to(ROOT)}: {url}" for url in re.findall(r"https?://[\w.-]*pypi[\w.-]*", text)]
    assert not found


def test_no_lock_file_of_a_tool() -> None:
    assert not [
        path for path in files() if path.name in {"uv.lock", "poetry.lock", "Pipfile.lock", "pip.conf", "uv.toml"}
    ]


def test_no_file_is_larger_than_a_megabyte() -> None:
    """Only the weights of the pair classifier are, and those stay below 25 megabytes."""
    large = {path.name: path.stat().st_size for path in files() if path.stat().st_size > MEGABYTE}
    assert set(large) <= {"pairs.onnx"} and all(size <= 25 * MEGABYTE for size in large.values())


def test_modules_are_short() -> None:
    modules = [path for path in files() if path.suffix == ".py" and "tests" not in path.relative_to(ROOT).parts]
    long = {str(path.relative_to(ROOT)): lines for path in modules if (lines := count(path)) > LONGEST_MODULE}
    assert not long


def count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_versions_agree() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert PROJECT["project"]["version"] == multipolar.__version__
    assert re.search(rf"^version: {re.escape(multipolar.__version__)}$", citation, re.M)
    assert re.search(rf"^## {re.escape(multipolar.__version__)}\b", changes, re.M)


def test_citation_has_what_the_format_asks_for() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    keys = set(re.findall(r"^([a-z-]+):", citation, re.M))
    assert {"cff-version", "message", "title", "authors", "version", "license"} <= keys
    assert "cff-version: 1.2.0" in citation
    assert f"license: {PROJECT['project']['license']}" in citation
    assert PROJECT["project"]["authors"][0]["name"] in citation


def test_readme_has_both_commands_and_its_pictures() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make brief" in readme
    assert "make test" in readme
    pictures = [link for link in re.findall(r"!\[[^\]]*\]\(([^)\s]+)", readme) if "://" not in link]
    assert pictures
    assert [link for link in pictures if not (ROOT / link).is_file()] == []


def test_license_is_the_one_named() -> None:
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert (ROOT / "src" / "multipolar" / "py.typed").is_file()


def test_ci_is_a_strict_program() -> None:
    script = ROOT / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert script.stat().st_mode & stat.S_IXUSR
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in text
    steps = re.search(r"for step in ([a-z ]+);", text)
    assert steps and set(steps[1].split()) <= set(TARGETS)


class TestMake:
    """The Makefile, in a folder whose name has spaces, with programs that only say that they were called."""

    @pytest.fixture
    def tree(self, tmp_path: Path) -> Path:
        if not shutil.which("make"):
            pytest.skip("needs make")
        tree = tmp_path / "a tree, copied"
        (tree / "requirements").mkdir(parents=True)
        for name in ("Makefile", "pyproject.toml", *(f"requirements/{name}.txt" for name in LISTS)):
            shutil.copy(ROOT / name, tree / name)
        fake = tree / "python"
        fake.write_text(FAKE, encoding="utf-8")
        fake.chmod(0o755)
        return tree

    def make(self, tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", "PYTHON=./python", *words], cwd=tree, capture_output=True, text=True, check=False
        )

    def called(self, tree: Path) -> list[str]:
        log = tree / "log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    def test_help_is_the_default_and_names_every_target(self, tree: Path) -> None:
        shown = self.make(tree).stdout
        assert [target for target in TARGETS if f"make {target} " not in shown] == []
        assert self.called(tree) == []

    def test_brief_installs_once_and_then_writes(self, tree: Path) -> None:
        first = self.make(tree, "brief")
        assert first.returncode == 0, first.stderr
        lines = self.called(tree)
        installs = [line for line in lines if "pip" in line]
        assert len(installs) == 2
        assert "--require-hashes" in installs[0]
        assert "--no-deps --no-build-isolation" in installs[1]
        assert lines[-1] == "multipolar brief RUS CHN PRK VNM --out briefs/RUS-CHN-PRK-VNM.html"
        assert self.make(tree, "brief", "STATES=DEU FRA").returncode == 0
        assert self.called(tree) == ["multipolar brief DEU FRA --out briefs/DEU-FRA.html"]

    def test_changed_requirements_install_again(self, tree: Path) -> None:
        self.make(tree, "brief")
        self.called(tree)
        stamp = next((tree / ".venv").glob("run-*")).stat().st_mtime
        pinned = tree / "requirements" / "run.txt"
        os.utime(pinned, (stamp + 5, stamp + 5))
        self.make(tree, "brief")
        assert any("pip" in line for line in self.called(tree))

    def test_a_copied_tree_installs_itself(self, tree: Path) -> None:
        self.make(tree, "brief")
        other = tree.with_name("another place")
        shutil.copytree(tree, other)
        self.called(other)
        assert self.make(other, "brief").returncode == 0
        assert any("pip" in line for line in self.called(other))

    def test_an_install_that_fails_is_tried_again(self, tree: Path) -> None:
        (tree / "broken").touch()
        assert self.make(tree, "brief").returncode != 0
        assert not any(line.startswith("multipolar") for line in self.called(tree))
        (tree / "broken").unlink()
        assert self.make(tree, "brief").returncode == 0

    def test_an_old_python_is_named_with_a_remedy(self, tree: Path) -> None:
        (tree / "old").touch()
        failed = self.make(tree, "brief")
        assert failed.returncode != 0
        assert "Python 3.11" in failed.stderr
        assert "PYTHON=" in failed.stderr
        assert not (tree / ".venv").exists()

    def test_pins_without_uv_say_what_is_missing(self, tree: Path) -> None:
        failed = self.make(tree, "pins", "UV=no-such-program")
        assert failed.returncode != 0
        assert "pip install uv" in failed.stderr


FAKE = """#!/bin/sh
case "$1" in
  -c) [ ! -e old ]; exit ;;
  --version) echo Python 3.9.0; exit ;;
esac
echo "python $*" >>log
if [ "$2" = venv ]; then
  mkdir -p .venv/bin
  cp python .venv/bin/python
  printf '#!/bin/sh\\necho "multipolar $*" >>log\\n' >.venv/bin/multipolar
  chmod +x .venv/bin/multipolar
elif [ "$2" = pip ]; then
  [ ! -e broken ]
fi
"""
