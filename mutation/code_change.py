"""Replace a module's code by a mutant's: in functions that exist already, or when the module is imported."""

from __future__ import annotations

import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import _lru_cache_wrapper
from types import CodeType, FunctionType, ModuleType
from typing import Any

from mutation.mutants import Mutant


def compiled(mutant: Mutant) -> CodeType:
    """Return the code of the changed module.

    Raises:
        SyntaxError: the mutant does not compile.
    """
    return compile(mutant.changed, str(mutant.source.path), "exec", dont_inherit=True)


class Functions:
    """All function objects of some modules, wherever a decorator keeps them.

    A change of a function's code takes effect wherever the function is used.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self._found: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename in paths:
                self._found[each.__code__.co_filename, each.__code__.co_qualname].append(each)

    def has(self, mutant: Mutant) -> bool:
        """Check whether the mutant changes the body of a function that exists."""
        return mutant.in_body and bool(self._of(mutant))

    def change(self, mutant: Mutant) -> bool:
        """Give the mutant's function the changed code, and return True; return False if the function is ambiguous.

        Raises:
            SyntaxError: the mutant does not compile.
        """
        functions = self._of(mutant)
        first_line = functions[0].__code__.co_firstlineno
        changed = [
            code
            for code in _codes(compiled(mutant))
            if code.co_qualname == mutant.function and code.co_firstlineno == first_line
        ]
        if len(changed) != 1 or any(each.__code__.co_firstlineno != first_line for each in functions):
            return False  # the getter and the setter of a property have the same name
        for each in functions:
            each.__code__ = changed[0]
        return True

    def _of(self, mutant: Mutant) -> list[FunctionType]:
        return self._found.get((str(mutant.source.path), mutant.function), [])


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def caches(paths: Sequence[str]) -> list[_lru_cache_wrapper[Any]]:
    """Return the functions of some modules that `functools` caches."""
    found = (each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper))
    return [
        each for each in found if isinstance(each.__wrapped__, FunctionType) and each.__wrapped__.__code__.co_filename in paths
    ]


def import_changed(mutant: Mutant) -> None:
    """Import the changed module instead of the one in the file; call it before any module of ours is imported.

    Raises:
        SyntaxError: the mutant does not compile.
        Exception: the changed module cannot be imported.
    """
    sys.meta_path.insert(0, _Finder(mutant, compiled(mutant)))
    importlib.import_module(mutant.source.module)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module: the changed one."""

    def __init__(self, mutant: Mutant, code: CodeType) -> None:
        self._source = mutant.source
        self._code = code

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - required by the interface
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the changed module's spec, or None."""
        if fullname != self._source.module:
            return None
        loader = _Loader(fullname, str(self._source.path))
        loader.code = self._code
        return importlib.util.spec_from_file_location(fullname, self._source.path, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads the changed code instead of the code in the file."""

    code: CodeType

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - required by the interface
        """Return the changed code."""
        return self.code
