"""One question a room: a room imports only from rooms above it in the list, and the page says the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "multipolar"
#: From the ground up. A room may import what stands before it.
ORDER = (
    "errors", "actors", "record", "dossier", "sources", "reading", "indicators", "votes", "ties", "measures", "panels",
    "blocs", "architectures", "backtests", "claims", "scenarios", "brief", "world", "web", "cli",
)  # fmt: skip
#: The two ways from statements into a record know nothing of each other.
APART = {("sources", "dossier")}
#: The doors: what they need for type checking alone may come from anywhere.
DOORS = {"__init__.py", "world/__init__.py", "world/held.py", "world/meaning.py"}
#: Modules of the package itself that are no room.
NO_ROOM = {"__init__", "__main__"}
MOST_LINES = 500

MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and room of every import of the package, wherever in the module it stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = _for_types_only(tree) if name_of(path) in DOORS else set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: a relative import"
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "multipolar" else [module]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "multipolar" and len(parts) > 1:
                yield node.lineno, parts[1]


def _for_types_only(tree: ast.Module) -> set[ast.AST]:
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    return {inner for block in blocks for inner in ast.walk(block)}


def wrong(room: str, imported: str) -> bool:
    """Whether a room may not import another."""
    if imported == room or imported not in ORDER:  # a name of the package itself, such as its version
        return False
    return ORDER.index(imported) > ORDER.index(room) or (room, imported) in APART


def test_every_module_is_in_a_room():
    assert {room_of(path) for path in MODULES} - NO_ROOM <= set(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_imports_only_from_rooms_above_it(path):
    room = room_of(path)
    if room == "__main__":
        assert {imported for _, imported in imports(path)} <= {"cli"}
        return
    lowest = room if room in ORDER else "errors"  # the package's own __init__ loads its rooms when they are asked for
    found = [f"{name_of(path)}:{line}: {room} imports {other}" for line, other in imports(path) if wrong(lowest, other)]
    assert not found, f"{found}: move what is shared to a room above both, or ask for it in a Protocol"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_can_be_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_a_wrong_import_would_be_seen(tmp_path):
    module = PACKAGE / "errors.py"
    assert wrong("ties", "measures") and wrong("sources", "dossier") and not wrong("measures", "ties")
    assert list(imports(module)) == []
    assert {room for _, room in imports(PACKAGE / "world" / "held.py")} >= {"actors", "record", "ties"}


def test_the_page_has_the_same_rooms_in_the_same_order():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z]+)(?:/|\.py)?`", page, re.MULTILINE)
    assert tuple(rows) == ORDER
    for before, after in APART:
        assert f"`{before}` and `{after}` know nothing of each other" in page


def test_the_page_tells_which_rooms_stand():
    """A room that the page says is there is there, and the other way round."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    planned = set(re.findall(r"^\| `([a-z]+)/?` \|.*\| planned \|$", page, re.MULTILINE))
    assert planned == set(ORDER) - {room_of(path) for path in MODULES}
