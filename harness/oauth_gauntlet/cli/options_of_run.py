"""Declare the options of `run` that the pytest plugin does not have, because pytest has its own.

The command line and the file of a project (`settings`) read the same declarations.
"""

from __future__ import annotations

from dataclasses import dataclass

from oauth_gauntlet.judging.run_options import Declaration, declarations, spelled


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionOfRun:
    """An option: the name of its parameter, how the command line spells it, and what it takes.

    `default`: False makes a flag. `least`: the least integer. `in_file`: the file of a project may have it. Without those that
    exclude another option, because what the command line has wins.
    """

    parameter: str
    spellings: tuple[str, ...]
    declaration: Declaration
    default: object = None
    least: int | None = None
    in_file: bool = True

    @property
    def key(self) -> str:
        """The name in the file of a project: the longest spelling without dashes."""
        return max(self.spellings, key=len).lstrip("-")


_OWN = (
    OptionOfRun(
        parameter="keyword",
        spellings=("-k",),
        declaration=Declaration(
            help="judge scenarios whose id contains a text: 'wire.truncated or scope.' (pytest's -k)", metavar="EXPR"
        ),
    ),
    OptionOfRun(
        parameter="workers",
        spellings=("-n",),
        declaration=Declaration(help="judge in this many processes", metavar="WORKERS", type=int),
        default=0,
        least=0,
    ),
    OptionOfRun(
        parameter="first",
        spellings=("-x",),
        declaration=Declaration(help="stop after the first failure: --max-failures 1"),
        default=False,
        in_file=False,
    ),
    OptionOfRun(
        parameter="max_failures",
        spellings=("--max-failures",),
        declaration=Declaration(help="stop after N failures that the baseline does not know", metavar="N", type=int),
        least=1,
    ),
    OptionOfRun(
        parameter="quiet",
        spellings=("-q", "--quiet"),
        declaration=Declaration(help="print only what the client meets, and the worst causes"),
        default=False,
        in_file=False,
    ),
    OptionOfRun(
        parameter="verbose",
        spellings=("-v", "--verbose"),
        declaration=Declaration(help="show every finding, also equal ones, and how to fix it"),
        default=False,
        in_file=False,
    ),
)


def options_of_run() -> tuple[OptionOfRun, ...]:
    """Return all options of `run`, in the order in which its help lists them."""
    shared = tuple(
        OptionOfRun(parameter=name, spellings=(f"--{spelled(name)}",), declaration=declaration, default=default)
        for name, declaration, default in declarations()
    )
    return (*shared, *_OWN)
