"""Imports run downwards, heavy packages stay in their places, and nothing runs data as code."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

# Each part of `triage/`, from the bottom up, and the parts it may import; none may import what stands below it
# in this table. An import inside a function or under TYPE_CHECKING counts like any other.
BASE = {"errors", "escape", "display", "replacing"}  # open to all
DATA = BASE | {"ingest", "patterns", "onset", "changes"}
ABOUT = {"hypotheses", "shares", "impact", "comparison"}
FINDING = DATA | ABOUT | {"verdicts", "remarks", "settings", "reading", "clocks"}
VERBS = {"template_verbs", "trace_verbs", "line_verbs", "share_verbs", "person_verbs"}
TEMPLATES = {"raw_lines", "search", "search_hints", "template_rows", "template"} | VERBS
WHOLE = FINDING | TEMPLATES | {"filelock", "whole_file", "incident", "pipeline", "correcting", "store", "__init__"}
OUTPUTS = {"output", "record_output", "comparison_output"}
BELOW: dict[str, set[str]] = {
    "errors": set(),
    "escape": set(),
    "display": {"escape"},
    "replacing": set(),
    "ingest": BASE,
    "patterns": BASE | {"ingest"},
    "onset": BASE | {"ingest", "patterns"},
    "changes": BASE | {"ingest"},
    "filelock": set(),
    "whole_file": set(),
    "signals": set(),
    "redaction": BASE | {"ingest", "patterns"},
    "verdicts": BASE,
    "remarks": BASE,
    "hypotheses": DATA,
    "shares": DATA | {"hypotheses"},
    "impact": DATA | {"hypotheses"},
    "settings": BASE | {"ingest", "patterns"},
    "reading": BASE | {"ingest", "patterns", "settings"},
    "clocks": {"ingest", "settings"},
    "comparison": BASE | {"ingest", "patterns", "onset", "settings", "reading"},
    "search": BASE | {"ingest"},
    "search_hints": BASE | {"ingest", "patterns", "search"},
    "template_rows": {"ingest"},
    "template": BASE | {"ingest", "patterns", "template_rows"},
    "template_verbs": BASE | {"ingest", "patterns", "settings", "search", "template_rows", "template"},
    "trace_verbs": {"ingest", "patterns", "template_verbs"},
    "raw_lines": BASE,
    "line_verbs": DATA | {"raw_lines", "hypotheses", "settings", "template_verbs", "trace_verbs"},
    "share_verbs": DATA | {"hypotheses", "shares"},
    "person_verbs": DATA | {"hypotheses", "settings", "verdicts", "remarks", "template_verbs"},
    "incident": FINDING | TEMPLATES,
    "pipeline": FINDING | {"incident"},
    "correcting": FINDING | {"incident", "pipeline"},
    "store": FINDING | {"filelock", "incident", "pipeline"},
    "__init__": FINDING | {"incident", "pipeline", "store"},
    "report": FINDING | {"whole_file", "incident", "redaction", "__init__"},
    "widgets": WHOLE | {"report"},
    "output": WHOLE | {"report"},
    "record_output": WHOLE | {"output"},
    "comparison_output": WHOLE | {"report", "output"},
    "new_incident": BASE | {"ingest", "patterns", "changes", "settings", "redaction"},
    "new_incident_output": BASE | {"ingest", "redaction", "output", "new_incident"},
    "lab": WHOLE | {"report", "output"},
    "cli_options": WHOLE | {"report", "output"},
    "new_incident_command": {"cli_options", "new_incident_output"},
    "cli": WHOLE | OUTPUTS | {"signals", "report", "cli_options", "lab", "new_incident_command"},
    "__main__": {"cli"},
}

# Upward imports allowed inside a function or under TYPE_CHECKING, and only there: verbs bound to Incident or Comparison
# that hand it on, and the public name of what stands on top.
LAZY_UPWARD = {
    ("__init__", "widgets"),
    ("incident", "report"), ("incident", "store"), ("incident", "correcting"), ("comparison", "report"),
}  # fmt: skip

# The one place that may import each of these.
PLACE = {
    "drain3": "triage/patterns/drain.py",
    "ipywidgets": "triage/widgets/",
    "anywidget": "triage/widgets/",
    "itables": "triage/widgets/",
    "plotly": "triage/report/plots.py",
    "dask": "triage/ingest/dask_",
    "distributed": "triage/ingest/dask_",
}

NOTEBOOK_OR_PLOTTING = ["IPython", "anywidget", "ipywidgets", "jupyterlab", "matplotlib", "plotly"]
CLUSTERS = ["dask", "distributed"]

UNPICKLERS = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "jsonpickle", "marshal", "shelve"}
RUNNERS = {"eval", "exec", "compile", "__import__"}  # as plain names: re.compile is another thing
RUNNING_METHODS = {"eval", "exec", "read_pickle", "to_pickle"}

# Public names load when first used; the same imports stand beside, under TYPE_CHECKING.
MAY_IMPORT_BY_NAME = {"triage/__init__.py"}
HARMLESS_IMPORTLIB = ("importlib.resources", "importlib.metadata", "importlib.util.find_spec")


class Imported(NamedTuple):
    """One import as it stands in a file: what, on which line, and whether inside a function."""

    module: str
    line: int
    lazy: bool


def sources(root: Path) -> list[Path]:
    return sorted((root / "triage").rglob("*.py"))


def _only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imports_of(path: Path, root: Path) -> Iterator[Imported]:
    """Yield every import of a file by absolute name; `from a import b` counts as `a.b`."""
    package = path.relative_to(root).parent.parts
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lazy = {
        inner
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or _only_for_types(outer)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            modules = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (Imported(module, node.lineno, node in lazy) for module in modules)


def part_of(path: Path, root: Path) -> str:
    return path.relative_to(root / "triage").parts[0].removesuffix(".py")


def part_imported(module: str) -> str | None:
    """Name the part of `triage` that an import reaches: None for other packages."""
    head, _, rest = module.partition(".")
    if head != "triage":
        return None
    part = rest.partition(".")[0]
    return part if part in BELOW else "__init__"


def upward_imports(root: Path) -> list[str]:
    found = []
    for path in sources(root):
        here = part_of(path, root)
        allowed = BELOW.get(here, set()) | {here}
        for module, line, lazy in imports_of(path, root):
            there = part_imported(module)
            if there is None or there in allowed or (lazy and (here, there) in LAZY_UPWARD):
                continue
            found.append(f"{path.relative_to(root)}:{line}: {here} may not import {module}")
    return found


def misplaced_imports(root: Path) -> list[str]:
    found = []
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        for module, line, _ in imports_of(path, root):
            place = PLACE.get(module.partition(".")[0])
            if place and not name.startswith(place):
                found.append(f"{name}:{line}: {module} belongs in {place}")
            if module.partition(".")[0] == "drain3" and not f"{module}.".startswith("drain3.drain."):
                found.append(f"{name}:{line}: {module} is more of drain3 than drain3.drain")
    return found


def code_from_data(root: Path) -> list[str]:
    """Find what could run data as code: unpickling, eval and their kin."""
    found = []
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        for module, line, _ in imports_of(path, root):
            if module.partition(".")[0] in UNPICKLERS:
                found.append(f"{name}:{line}: {module}")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name) and node.id in RUNNERS:
                found.append(f"{name}:{node.lineno}: {node.id}")
            if isinstance(node, ast.Attribute) and node.attr in RUNNING_METHODS:
                found.append(f"{name}:{node.lineno}: .{node.attr}")
    return found


def hidden_imports(root: Path) -> list[str]:
    """Find imports by a name that is only known at run time."""
    return [
        f"{path.relative_to(root)}:{line}"
        for path in sources(root)
        for module, line, _ in imports_of(path, root)
        if module.partition(".")[0] in {"importlib", "runpy"} and not module.startswith(HARMLESS_IMPORTLIB)
        if path.relative_to(root).as_posix() not in MAY_IMPORT_BY_NAME
    ]


def test_every_part_has_its_place_in_the_order() -> None:
    assert {part_of(path, ROOT) for path in sources(ROOT)} <= BELOW.keys()


def test_the_table_is_in_order() -> None:
    order = list(BELOW)
    assert [part for part, below in BELOW.items() if not below <= set(order[: order.index(part)])] == []


def test_imports_run_downwards() -> None:
    assert upward_imports(ROOT) == []


def test_heavy_packages_stay_in_their_places() -> None:
    assert misplaced_imports(ROOT) == []


def test_nothing_runs_data_as_code() -> None:
    assert code_from_data(ROOT) == []


def test_no_import_is_hidden_from_these_rules() -> None:
    assert hidden_imports(ROOT) == []


def loaded(modules: list[str], wanted: list[str]) -> list[str]:
    """Import modules in a fresh interpreter and give those of `wanted` that this loads."""
    code = f"import json, sys, {', '.join(modules)}; print(json.dumps([m for m in {wanted} if m in sys.modules]))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found: list[str] = json.loads(run.stdout)
    return found


def test_import_triage_loads_no_heavy_package() -> None:
    assert loaded(["triage"], [*NOTEBOOK_OR_PLOTTING, "sklearn"]) == []


def test_no_module_but_plots_and_widgets_loads_a_notebook_plotting_or_cluster_package() -> None:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sources(ROOT)]
    apart = ("triage.widgets", "triage.report.plots", "triage.__main__")
    modules = [name.removesuffix(".__init__") for name in names if not name.startswith(apart)]
    assert loaded(modules, [*NOTEBOOK_OR_PLOTTING, *CLUSTERS]) == []


def test_a_loaded_package_is_found() -> None:
    assert loaded(["triage", "plotly"], NOTEBOOK_OR_PLOTTING) == ["plotly"]


def plant(root: Path, name: str, text: str) -> None:
    path = root / "triage" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ingest/a.py", "import triage.report.html"),
        ("ingest/a.py", "import triage"),
        ("ingest/a.py", "from triage import load"),
        ("ingest/formats/a.py", "from ...patterns import shapes"),
        ("ingest/a.py", "from .. import incident"),
        ("ingest/a.py", "def f():\n    from triage.onset import series"),
        ("patterns/a.py", "if TYPE_CHECKING:\n    from triage.incident import Incident"),
        ("incident.py", "from triage.report import summary"),
        ("errors.py", "from triage.ingest import ledger"),
    ],
)
def test_an_upward_import_is_found(tmp_path: Path, name: str, text: str) -> None:
    plant(tmp_path, name, text)
    assert len(upward_imports(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("incident.py", "def report(self):\n    from triage.report import summary"),
        ("report/html.py", "from triage.incident import Incident\nfrom .summary import summary"),
        ("ingest/formats/a.py", "from ..ledger import Ledger\nimport polars"),
        ("cli.py", "import triage"),
    ],
)
def test_a_downward_import_passes(tmp_path: Path, name: str, text: str) -> None:
    plant(tmp_path, name, text)
    assert upward_imports(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cli.py", "import ipywidgets as w"),
        ("report/html.py", "def f():\n    import plotly.graph_objects as go"),
        ("patterns/shapes.py", "from drain3.drain import Drain"),
        ("patterns/drain.py", "from drain3 import TemplateMiner"),
        ("patterns/drain.py", "import drain3.template_miner"),
    ],
)
def test_a_misplaced_import_is_found(tmp_path: Path, name: str, text: str) -> None:
    plant(tmp_path, name, text)
    assert len(misplaced_imports(tmp_path)) == 1


@pytest.mark.parametrize(
    "text",
    ["from pickle import loads", "eval('1')", "run = exec", "frame.eval('a + b')", "pd.read_pickle(path)"],
)
def test_code_from_data_is_found(tmp_path: Path, text: str) -> None:
    plant(tmp_path, "cli.py", text)
    assert len(code_from_data(tmp_path)) == 1


@pytest.mark.parametrize("text", ["from importlib import import_module", "import importlib", "import runpy"])
def test_a_hidden_import_is_found(tmp_path: Path, text: str) -> None:
    plant(tmp_path, "cli.py", text)
    assert len(hidden_imports(tmp_path)) == 1
    plant(tmp_path, "cli.py", "from importlib.resources import files")
    assert hidden_imports(tmp_path) == []


def test_the_guide_without_its_packages_says_which_are_missing() -> None:
    code = (
        "import sys; sys.modules['anywidget'] = None\n"
        "import triage\n"
        "try:\n    triage.guide\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "triage.guide needs anywidget, which is not installed: install the extra 'lab'\n"
