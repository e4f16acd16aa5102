"""Every mutant of a module: the module's text with one change."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from mutation.operators import changes, left_alone


@dataclass(frozen=True, kw_only=True)
class Source:
    """A module as it is."""

    module: str
    path: Path
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, with their ends."""
        return self.text.splitlines(keepends=True)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One change: from `start` to `end` (offsets in characters) of the module's text stands `text` instead.

    `function` is the qualified name of the outermost function around it, or of the class, or empty; `in_body` says whether
    it is in the body of that function and not, say, in its defaults. `first_line` and `last_line` are those of the changed
    part. `was` and `now` are the lines that differ, without indentation: with module and function they name the mutant.
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
        """The numbers of the lines that the changed part stands on."""
        return range(self.first_line, self.last_line + 1)

    @property
    def changed(self) -> str:
        """The module's text with the change."""
        return f"{self.source.text[: self.start]}{self.text}{self.source.text[self.end :]}"

    @property
    def name(self) -> tuple[str, str, str, str]:
        """What explanations call it: module, function, the lines before and after."""
        return self.source.module, self.function, self.was, self.now


def source_of(module: str) -> Source:
    """Read a module's source; its package is imported, the module is not.

    Raises:
        ModuleNotFoundError: there is none of that name.
    """
    # A package of ours imports its modules: look for the file without importing it.
    package, _, name = module.partition(".")
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"there is no package {package}")
    path = Path(spec.submodule_search_locations[0], *name.split(".")).with_suffix(".py")
    if not path.is_file():
        raise ModuleNotFoundError(f"there is no module {module} at {path}")
    return Source(module=module, path=path, text=path.read_text(encoding="utf-8"))


def mutants_of(source: Source) -> list[Mutant]:
    """Return every mutant of a module, in the order of its text."""
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
            self._targets.add(node.type)  # has an operator of its own
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
        # A node owns its parentheses and the blanks of an operator, which its position leaves out.
        code = self._code(old)
        own = self._source.text[start:end]
        before, _, after = code.partition(own) if own else ("", "", code)
        start, end = start - len(before), end + len(after)
        if self._source.text[start:end] == code:
            put = self._code(new)
        else:
            # It owns a comment or an empty line before it, too: have the library write the whole module.
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
    """Return how many lines are the same from the start."""
    shorter = min(len(one), len(other))
    return next((index for index in range(shorter) if one[index] != other[index]), shorter)


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
