"""Import a Python module of the user: by its name, or by the path of its file."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType


class OwnCodeError(ValueError):
    """The module cannot be imported; the message names the file, the line and what happened there."""


def import_own(named: str) -> ModuleType:
    """Import a module by its name, or by the path of its ``.py`` file. Its folder is added to the end of ``sys.path``.

    Raises:
        OwnCodeError: there is no such module or file, or it raises an exception.
    """
    by_path = named.endswith(".py") or os.sep in named
    if by_path and not Path(named).is_file():
        raise OwnCodeError(f"{named}: there is no such file; give the path of a Python file, or the name of a module")
    add_to_path(Path(named).resolve().parent if by_path else Path.cwd())
    try:
        return import_file(Path(named)) if by_path else importlib.import_module(named)
    except ModuleNotFoundError as error:
        if not by_path and error.name is not None and (named == error.name or named.startswith(f"{error.name}.")):
            hint = "is it installed, or are you in its folder?"
            raise OwnCodeError(f"no module named {error.name!r}; {hint}") from error
        raise OwnCodeError(failure_in(error, named)) from error
    except Exception as error:
        raise OwnCodeError(failure_in(error, named)) from error


def import_file(path: Path) -> ModuleType:
    """Import a file as a module with the name of the file, or return the module that a package has made of it already.

    Raises:
        Exception: what the module raises.
    """
    path = path.resolve()
    loaded = next((module for module in list(sys.modules.values()) if _is_of(module, path)), None)
    if loaded is not None:
        return loaded
    name = path.stem
    for folder in path.parents:
        if name not in sys.modules:
            break
        name = f"{folder.name}.{name}"  # another module has the name
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _is_of(module: ModuleType | None, path: Path) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and Path(file).name == path.name and Path(file).resolve() == path


def add_to_path(folder: Path) -> None:
    """Let modules of a folder be imported, after all others."""
    if str(folder) not in sys.path:
        sys.path.append(str(folder))


def failure_in(error: BaseException, named: str) -> str:
    """Return one sentence about an exception of a module: the file and the line that caused it, and its text."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}: {type(error).__name__}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    module = Path(named).name if named.endswith(".py") else f"{named.rpartition('.')[2]}.py"
    own = next((each for each in reversed(frames) if Path(each.filename).name == module), None)
    return f"{named}: {text}" if own is None else f"{own.filename}, line {own.lineno}: {text}"
