"""Parse ``--client SPEC``, and open the adapter of the client.

``py:package.module:factory`` is a Python client: in a process of its own, or in this process. ``cmd:COMMAND LINE`` is a program
for the adapter protocol. A spec without a prefix is a command line.
"""

from __future__ import annotations

import difflib
import importlib
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.client_environment import client_environment
from oauth_gauntlet.errors import UsageError

_FORMS = "expected py:package.module:factory, or the command line of an adapter"


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientSpec:
    """A client, by its spec; `open` starts its adapter, and does not call hello.

    `open` takes environment variables, which the client gets in addition to those of every client
    (`client_environment`). For a client `in_process` they are set in this process until the adapter is closed.
    `moves_its_clock`: its program moves the clock of its own process (`process_clock.ProgramClock`).
    """

    text: str
    open: Callable[[Mapping[str, str]], ClientAdapter]
    in_process: bool = False
    moves_its_clock: bool = False


def parse_spec(text: str, *, in_process: bool = False, checked: bool = False) -> ClientSpec:
    """Return the client of a spec; `in_process` is for a Python client, and runs it in this process.

    `checked`: another process has parsed the spec before. A client that runs in a process of its own is not imported then.

    Raises:
        UsageError: the client cannot be started; the text states what is wrong and what was expected.
    """
    text = text.strip()
    if not text:
        raise UsageError(f"the client spec is empty: {_FORMS}")
    if text.startswith("py:"):
        return _python(text, in_process=in_process, checked=checked)
    if in_process:
        raise UsageError(f"--in-process is for a Python client (py:package.module:factory), and {text!r} is a program")
    return _command(text)


def _python(text: str, *, in_process: bool, checked: bool) -> ClientSpec:
    from oauth_gauntlet.adapters import python_program
    from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
    from oauth_gauntlet.adapters.process_adapter import ProcessAdapter

    module_name, colon, attribute = text.removeprefix("py:").partition(":")
    if not colon or not module_name or not attribute:
        raise UsageError(f"client spec {text!r}: expected py:package.module:factory")
    # As `python -m` does: a module in the current folder is found without installation.
    if str(Path.cwd()) not in sys.path and "" not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    if in_process or not checked:
        factory = _factory(text, module_name, attribute)
        _check_factory(text, factory)
    if in_process:
        return ClientSpec(text=text, open=lambda more: InProcessAdapter(factory, environment=more), in_process=True)
    command = python_program.command(module_name, attribute)
    return ClientSpec(
        text=text,
        open=lambda more: ProcessAdapter(command, env={**client_environment(os.environ), **more}),
        moves_its_clock=True,
    )


def _factory(text: str, module_name: str, attribute: str) -> Callable[[], ClientAdapter]:
    try:
        found: object = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"client spec {text!r}: no module named {error.name!r}; is it installed, or are you in its folder?"
        ) from error
    except (Exception, SystemExit) as error:
        # A program that is no module ends this process: with exit code 0 that would look like a client without a failure.
        raise UsageError(
            f"client spec {text!r}: importing {module_name} failed with {type(error).__name__}: {error}"
        ) from error
    for name in attribute.split("."):
        try:
            found = getattr(found, name)
        except AttributeError as error:
            names = [each for each in dir(found) if not each.startswith("_")]
            near = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UsageError(f"client spec {text!r}: {module_name} has no {name!r}{hint}") from error
    if not callable(found):
        raise UsageError(f"client spec {text!r}: {attribute} is not a factory: it cannot be called")
    return found


def _check_factory(text: str, factory: Callable[[], object]) -> None:
    """Call the factory once and close what it made, so that errors of both are reported before any scenario runs."""
    try:
        made = factory()
    except (Exception, SystemExit) as error:
        raise UsageError(f"client spec {text!r}: the factory failed with {type(error).__name__}: {error}") from error
    if not isinstance(made, ClientAdapter):
        lacking = sorted(name for name in ClientAdapter.__abstractmethods__ if not hasattr(made, name))
        hint = f" (it lacks {', '.join(lacking)})" if lacking else ""
        raise UsageError(
            f"client spec {text!r}: the factory returned a {type(made).__name__}, which is not an "
            f"oauth_gauntlet.adapter.ClientAdapter{hint}"
        )
    try:
        made.close()
    except (Exception, SystemExit) as error:
        raise UsageError(
            f"client spec {text!r}: close failed with {type(error).__name__}: {error}; an unused client is closed too"
        ) from error


def _command(text: str) -> ClientSpec:
    from oauth_gauntlet.adapters.process_adapter import ProcessAdapter

    line = text.removeprefix("cmd:").strip()
    try:
        command = tuple(shlex.split(line))
    except ValueError as error:
        raise UsageError(f"client spec {text!r}: the command line does not parse: {error}") from error
    if not command:
        raise UsageError(f"client spec {text!r}: the command line is empty: {_FORMS}")
    program = command[0]
    if shutil.which(program) is None:
        if os.sep in program and Path(program).is_dir():
            why = "is a folder"
        elif Path(program).exists():
            why = "is not executable (chmod +x, or name its interpreter first)"
        else:
            why = "was not found"
        raise UsageError(f"client spec {text!r}: the command {program!r} {why}")
    return ClientSpec(text=text, open=lambda more: ProcessAdapter(command, env={**client_environment(os.environ), **more}))
