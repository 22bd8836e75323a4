"""Python text that imports from `rulec.runtime` in, the same text with those modules inside out."""

import ast
import io
import tokenize
from collections import Counter
from importlib.resources import files

_PACKAGE = "rulec.runtime."


def inlined(text: str) -> str:
    """The text preceded by the modules that it needs, in an order in which each comes after what it imports.

    Private names that two modules define are told apart by the name of their module.
    """
    sources = dict[str, str]()
    _gather(text, sources)
    private = Counter(name for source in sources.values() for name in _defined(source) if name.startswith("_"))
    docstring = ast.get_docstring(ast.parse(text), clean=False)
    parts = [f'"""{docstring}"""\n']
    for name, source in sources.items():
        clashes = {each for each in _defined(source) if private[each] > 1}
        parts.append(f"# ---- {name}\n\n" + _renamed(_without_imports(source), clashes, name))
    return "\n\n".join([*parts, "# ---- rules\n\n" + _without_imports(text)])


def _gather(text: str, sources: dict[str, str]) -> None:
    """Adds the modules that the text imports, those that they import first."""
    for name in _imported(text):
        if name not in sources:
            source = files("rulec.runtime").joinpath(f"{name}.py").read_text(encoding="utf-8")
            _gather(source, sources)
            sources[name] = source


def _runtime_imports(text: str) -> list[ast.ImportFrom]:
    found = (node for node in ast.parse(text).body if isinstance(node, ast.ImportFrom))
    return [node for node in found if (node.module or "").startswith(_PACKAGE)]


def _imported(text: str) -> list[str]:
    return [(node.module or "").removeprefix(_PACKAGE) for node in _runtime_imports(text)]


def _without_imports(text: str) -> str:
    """The text without its imports from the runtime and without its docstring."""
    body = ast.parse(text).body
    dropped: list[ast.stmt] = [*_runtime_imports(text), *body[: ast.get_docstring(ast.parse(text)) is not None]]
    gone = {line for node in dropped for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    lines = text.splitlines(keepends=True)
    return "".join(line for number, line in enumerate(lines, 1) if number not in gone).strip() + "\n"


def _defined(source: str) -> set[str]:
    """The names that a module defines at its top level."""
    return {
        name.id if isinstance(name, ast.Name) else name.name
        for node in ast.parse(source).body
        for name in ([node] if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else ast.walk(node))
        if isinstance(name, (ast.FunctionDef, ast.ClassDef))
        or (isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store))
    }


def _renamed(source: str, names: set[str], suffix: str) -> str:
    """The source with these names followed by the suffix, wherever they are no attribute."""
    lines, previous = source.splitlines(keepends=True), ""
    places = list[tuple[int, int, str]]()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and token.string in names and previous != ".":
            places.append((token.start[0] - 1, token.end[1], token.string))
        previous = token.string
    for line, end, _ in reversed(places):
        lines[line] = f"{lines[line][:end]}_{suffix}{lines[line][end:]}"
    return "".join(lines)
