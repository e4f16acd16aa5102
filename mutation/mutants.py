"""Return all mutants of a module; a mutant is the module's text with one change."""

from __future__ import annotations

import importlib.util
import keyword
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from mutation.operators import changes, left_alone


@dataclass(frozen=True, kw_only=True)
class Source:
    """A module and its unchanged text."""

    module: str
    path: Path
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, with their ends."""
        return self.text.splitlines(keepends=True)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One change: `text` replaces the module's text from `start` to `end` (offsets in characters).

    `function` is the qualified name of the outermost function around the change, or else of the class, or else empty.
    `in_body` is true if the change is in the body of that function, and not in its defaults, for example. `first_line` and
    `last_line` are the lines of the changed part. `was` and `now` are the lines that differ, without indentation.
    """

    source: Source
    function: str
    in_body: bool
    first_line: int
    last_line: int
    start: int
    end: int
    text: str
    was: str
    now: str

    @property
    def lines(self) -> range:
        """The line numbers of the changed part."""
        return range(self.first_line, self.last_line + 1)

    @property
    def changed(self) -> str:
        """The module's text with the change."""
        return f"{self.source.text[: self.start]}{self.text}{self.source.text[self.end :]}"

    @property
    def name(self) -> tuple[str, str, str]:
        """Module, function, and the shape of the change."""
        return self.source.module, self.function, shape(self.was, self.now)


def source_of(module: str) -> Source:
    """Return the source of a module; its package is imported, the module itself is not.

    Raises:
        ModuleNotFoundError: no module has this name.
    """
    # Our packages import their modules: find the file without an import.
    package, _, name = module.partition(".")
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"no package {package}")
    path = Path(spec.submodule_search_locations[0], *name.split(".")).with_suffix(".py")
    if not path.is_file():
        raise ModuleNotFoundError(f"no module {module} at {path}")
    return Source(module=module, path=path, text=path.read_text(encoding="utf-8"))


def mutants_of(source: Source) -> list[Mutant]:
    """Return all mutants of a module, in the order of the text."""
    wrapper = MetadataWrapper(cst.parse_module(source.text), unsafe_skip_copy=True)
    visitor = _Visitor(source, wrapper)
    wrapper.visit(visitor)
    return list(visitor.found.values())


class _Visitor(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, source: Source, wrapper: MetadataWrapper) -> None:
        super().__init__()
        self._source = source
        self._tree = wrapper.module
        self._scopes: list[cst.FunctionDef | cst.ClassDef] = []
        self._bodies = 0
        self._targets: set[cst.CSTNode] = set()
        self._offsets = [0]
        for line in source.lines:
            self._offsets.append(self._offsets[-1] + len(line))
        self._depth = 0
        self.found: dict[tuple[int, str, str], Mutant] = {}

    def on_visit(self, node: cst.CSTNode) -> bool:
        if left_alone(node):
            return False
        if isinstance(node, cst.IndentedBlock):
            self._depth += 1
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._scopes.append(node)
        elif self._is_body(node):
            self._bodies += 1
        elif isinstance(node, cst.AssignTarget | cst.For | cst.CompFor):
            self._targets.add(node.target)
        elif isinstance(node, cst.ExceptHandler) and node.type is not None:
            self._targets.add(node.type)  # it has its own operator
        if node not in self._targets:
            for old, new in changes(node):
                self._add(old, new)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef) and original_node in self._scopes:
            self._scopes.pop()
        elif self._is_body(original_node):
            self._bodies -= 1
        if isinstance(original_node, cst.IndentedBlock):
            self._depth -= 1

    def _is_body(self, node: cst.CSTNode) -> bool:
        return bool(self._scopes) and isinstance(self._scopes[-1], cst.FunctionDef) and node is self._scopes[-1].body

    def _function(self) -> str:
        names = []
        for scope in self._scopes:
            names.append(scope.name.value)
            if isinstance(scope, cst.FunctionDef):
                break
        return ".".join(names)

    def _add(self, old: cst.CSTNode, new: cst.CSTNode) -> None:
        place = self.get_metadata(PositionProvider, old)
        start = self._offsets[place.start.line - 1] + place.start.column
        end = self._offsets[place.end.line - 1] + place.end.column
        # The code of a node includes its parentheses and the blanks around an operator; its position does not.
        code = self._code(old)
        own = self._source.text[start:end]
        before, _, after = code.partition(own) if own else ("", "", code)
        start, end = start - len(before), end + len(after)
        if self._source.text[start:end] == code:
            put = self._code(new)
        else:
            # The code also includes a comment or an empty line before the node: let libcst write the whole module.
            replaced = self._tree.deep_replace(old, new)
            assert isinstance(replaced, cst.Module)
            start, end, put = 0, len(self._source.text), replaced.code
        if self._source.text[start:end] == put:
            return
        was, now = self._differing_lines(start, end, put)
        mutant = Mutant(
            source=self._source,
            function=self._function(),
            in_body=self._bodies > 0,
            first_line=place.start.line,
            last_line=place.end.line,
            start=start,
            end=end,
            text=put,
            was=was,
            now=now,
        )
        self.found.setdefault((place.start.line, was, now), mutant)

    def _code(self, node: cst.CSTNode) -> str:
        return self._tree.code_for_node(node).replace("\n", f"\n{self._tree.default_indent * self._depth}")

    def _differing_lines(self, start: int, end: int, put: str) -> tuple[str, str]:
        text = self._source.text
        start_of_line = text.rfind("\n", 0, start) + 1
        end_of_line = len(text) if (found := text.find("\n", end)) < 0 else found
        before = text[start_of_line:end_of_line].split("\n")
        after = f"{text[start_of_line:start]}{put}{text[end:end_of_line]}".split("\n")
        first = _common(before, after)
        last = _common(before[first:][::-1], after[first:][::-1])
        return _joined(before[first : len(before) - last]), _joined(after[first : len(after) - last])


def _common(one: list[str], other: list[str]) -> int:
    """Return the number of equal lines at the start."""
    shorter = min(len(one), len(other))
    return next((index for index in range(shorter) if one[index] != other[index]), shorter)


_COMMENT = re.compile(r" # .*")
_STRING_OR_NAME = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([^\W\d]\w*)""")


def shape(was: str, now: str) -> str:
    """Return a change without white space and comments, its names numbered in the order of their first use.

    If a variable or a function is renamed or the line is laid out in another way, the shape stays the same. Strings and
    keywords stay as they are.
    """
    numbers: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        string, name = found.groups()
        if string is not None or keyword.iskeyword(name):
            return str(found[0])
        return numbers.setdefault(name, f"#{len(numbers)}")

    change = " -> ".join(_COMMENT.sub("", line) for line in (was, now))
    return "".join(_STRING_OR_NAME.sub(numbered, change).split())


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(_COMMENT.sub("", line) for line in lines).split())
