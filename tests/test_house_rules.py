"""House rules that a program can check, over every file that is or could be committed."""

from __future__ import annotations

import ast
import bz2
import gzip
import json
import lzma
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import zstandard

ROOT = Path(__file__).parents[1]
MOST_BYTES = 4 << 20
MOST_LINES = 300
MOST_BODY_LINES = 50

# Folders of one person's or one machine's disk; what stands before the slash tells a URL or relative path.
MACHINE_PATH = re.compile(r"(?<![\w.)}\]-])/(?:root|home|Users|work|workspace|Volumes)/\w")
REGISTRY = re.compile(
    r"--(?:extra-)?index-url|--(?:find-links|trusted-host)|/simple/?[\"']|registry\s*=\s*[\"']?http"
    r"|\"resolved\":\s*\"http|crates\.io|pypi\.org|pythonhosted\.org|registry\.npmjs|anaconda\.org"
)
REGISTRY_ROW = re.compile(r"^\|[^|]+\| `([\w/]+)` \| `(\w+)` in `([\w/.]+)` \|$", re.MULTILINE)
DEFINITION = re.compile(r"^\s*(?:async\s+)?(?:def|class)\s", re.MULTILINE)

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".zst": lambda packed: zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True).read(),
}


def project_files(root: Path) -> list[Path]:
    """List what git tracks or would track; safe.directory because the clone may be another user's."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := root / name).is_file()]


def library_files() -> list[Path]:
    return [path for path in FILES if path.suffix == ".py" and path.is_relative_to(ROOT / "triage")]


def text_of(path: Path) -> str:
    """Read a file, unpacked where it is compressed; empty for what is not text."""
    raw = path.read_bytes()
    if path.suffix in UNPACK:
        try:
            raw = UNPACK[path.suffix](raw)
        except (OSError, EOFError, lzma.LZMAError, zstandard.ZstdError):
            return ""  # a broken archive is some test's input
    return "" if b"\0" in raw[:8000] else raw.decode("utf-8", errors="replace")


def lines_matching(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def notebook_faults(paths: Iterable[Path]) -> list[str]:
    """Find outputs, execution counts and definitions: a notebook only calls, and is committed unrun."""
    found = []
    for path in paths:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for number, cell in enumerate(cells, start=1):
            if cell["cell_type"] != "code":
                continue
            if cell["outputs"] or cell["execution_count"] is not None:
                found.append(f"{path}: cell {number} was committed with its output")
            if DEFINITION.search("".join(cell["source"])):
                found.append(f"{path}: cell {number} defines something that belongs in the library")
    return found


def heavy_files(paths: Iterable[Path]) -> list[str]:
    return [str(path) for path in paths if path.stat().st_size > MOST_BYTES]


def long_files(paths: Iterable[Path]) -> list[str]:
    return [str(path) for path in paths if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function after its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def long_functions(paths: Iterable[Path]) -> list[str]:
    return [
        f"{path}:{node.lineno}: {node.name}"
        for path in paths
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_lines(node) > MOST_BODY_LINES
    ]


def silent_handlers(paths: Iterable[Path]) -> list[str]:
    return [
        f"{path}:{node.lineno}"
        for path in paths
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler) and all(isinstance(step, ast.Pass) for step in node.body)
    ]


FILES = project_files(ROOT)


def test_no_file_holds_a_path_of_one_machine() -> None:
    assert lines_matching(MACHINE_PATH, FILES) == []


def test_no_file_holds_a_registry_address() -> None:
    assert lines_matching(REGISTRY, FILES) == []


def test_the_lock_holds_nothing_but_hashed_pins() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", "")
    pins = [line for line in lock.splitlines() if line and not line.lstrip().startswith("#")]
    assert [line for line in pins if "==" not in line or "--hash=sha256:" not in line or "://" in line] == []
    assert pins


def test_notebooks_only_call_and_hold_no_output() -> None:
    assert notebook_faults(path for path in FILES if path.suffix == ".ipynb") == []


def test_no_file_is_heavy() -> None:
    assert heavy_files(FILES) == []


def test_files_of_the_library_are_short() -> None:
    assert long_files(library_files()) == []


def test_functions_of_the_library_are_short() -> None:
    assert long_functions(library_files()) == []


def test_no_error_is_swallowed() -> None:
    assert silent_handlers(path for path in FILES if path.suffix == ".py") == []


def test_the_registries_that_contributing_names_exist() -> None:
    rows = REGISTRY_ROW.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert rows
    for folder, name, module in rows:
        assert (ROOT / folder).is_dir()
        assert re.search(rf"^{name}\b.* = ", (ROOT / module).read_text(encoding="utf-8"), re.MULTILINE), module


# Below: each rule finds what it is there for. Forbidden text is put together from pieces, because these
# files are read by the rules too.
ROOTS = ["/" + "root", "/" + "home", "/" + "Users"]


@pytest.mark.parametrize("folder", ROOTS)
@pytest.mark.parametrize("before", ["", "cd ", "'", '"', "=", "(", "file://"])
def test_a_machine_path_is_found(tmp_path: Path, before: str, folder: str) -> None:
    (tmp_path / "a.md").write_text(f"fine\n{before}{folder}/someone/logs\n", encoding="utf-8")
    (found,) = lines_matching(MACHINE_PATH, [tmp_path / "a.md"])
    assert ":2: " in found


@pytest.mark.parametrize("line", ["src" + ROOTS[0] + "/x", "https://example.com" + ROOTS[1] + "/x", ROOTS[1] + "page"])
def test_other_paths_pass(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.md").write_text(line, encoding="utf-8")
    assert lines_matching(MACHINE_PATH, [tmp_path / "a.md"]) == []


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress), (".zst", zstandard.compress)],
)
def test_a_machine_path_is_found_in_compressed_logs(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"app.log{suffix}"
    path.write_bytes(pack(f'  File "{ROOTS[0]}/shop/app.py", line 3\n'.encode()))
    assert len(lines_matching(MACHINE_PATH, [path])) == 1


@pytest.mark.parametrize(
    "line",
    [
        "pip install --" + "index-url https://mirror/x y",
        "--extra-" + "index-url=https://mirror",
        "https://mirror" + "/simp" + 'le"',
        "py" + "pi.org/project/x",
        "files.python" + "hosted.org",
    ],
)
def test_a_registry_address_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.txt").write_text(line, encoding="utf-8")
    assert len(lines_matching(REGISTRY, [tmp_path / "a.txt"])) == 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"outputs": [{"output_type": "stream"}]}, "output"),
        ({"execution_count": 1}, "output"),
        ({"source": ["x = 1\n", "def f(): ..."]}, "defines"),
        ({"source": ["    async def f(): ..."]}, "defines"),
        ({"source": ["class A: ..."]}, "defines"),
    ],
)
def test_a_faulty_notebook_is_found(tmp_path: Path, change: dict[str, object], fault: str) -> None:
    clean = {"cell_type": "code", "outputs": [], "execution_count": None, "source": ["triage.load('logs')"]}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown"}, clean]}), encoding="utf-8")
    assert notebook_faults([path]) == []
    path.write_text(json.dumps({"cells": [clean, clean | change]}), encoding="utf-8")
    (found,) = notebook_faults([path])
    assert fault in found
    assert "cell 2" in found


def test_a_heavy_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"x" * MOST_BYTES)
    assert heavy_files([path]) == []
    path.write_bytes(b"x" * (MOST_BYTES + 1))
    assert heavy_files([path]) == [str(path)]


def test_a_long_file_and_a_long_function_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("def f():\n    'Say.'\n" + "    x = 1\n" * MOST_BODY_LINES, encoding="utf-8")
    assert long_functions([path]) == long_files([path]) == []
    path.write_text("async def f():\n" + "    x = 1\n" * MOST_LINES, encoding="utf-8")
    assert long_functions([path]) == [f"{path}:1: f"]
    assert long_files([path]) == [str(path)]


def test_a_swallowed_error_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("try:\n    f()\nexcept ValueError:\n    pass\n", encoding="utf-8")
    assert silent_handlers([path]) == [f"{path}:3"]


def test_new_files_count_and_ignored_ones_do_not(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for name, text in {".gitignore": "out/\n", "new.py": "", "out/report.html": ""}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [path.name for path in project_files(tmp_path)] == [".gitignore", "new.py"]
