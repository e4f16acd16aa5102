"""The operators that make mutants: those of mutmut that are useful here, and some of our own.

An operator takes a node of the syntax tree and yields pairs: a node (the same, or one below it) and its replacement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import libcst as cst
import libcst.matchers as m
from mutmut.mutation import mutators

Change: TypeAlias = tuple[cst.CSTNode, cst.CSTNode]
Operator: TypeAlias = Callable[[Any], Iterable[Change]]

# A blank between words: a sentence for people. A test that repeats the sentence would prove nothing.
_SENTENCE = re.compile(r"[A-Za-z,;:.] [A-Za-z]")

_FALSE = m.Name("False")
_STRICT = m.Arg(keyword=m.Name("strict"), value=m.Name("True"))

# Calls for the type checker alone, and calls whose change can only cause a crash.
_UNCHANGED_CALLS = m.Name("len") | m.Name("isinstance") | m.Name("cast") | m.Name("TypeVar") | m.Name("super")


def _theirs(operator: Callable[[Any], Iterable[cst.CSTNode]]) -> Operator:
    return lambda node: ((node, changed) for changed in operator(node))


def _assignment(node: cst.Assign | cst.AnnAssign) -> Iterator[Change]:
    """Assign None instead of the value, except for False: another operator makes it True."""
    if not m.matches(node, m.Assign(value=_FALSE) | m.AnnAssign(value=_FALSE)):
        yield from ((node, changed) for changed in mutators.operator_assignment(node))


def _arguments(node: cst.Call) -> Iterator[Change]:
    """Pass None instead of an argument, or omit it. Skip None for False, and `strict` of `zip`, which is an assertion."""
    for changed in mutators.operator_arg_removal(node):
        left = set(changed.args)
        gone = [argument for argument in node.args if argument not in left]
        replaced = len(changed.args) == len(node.args)
        if not any(m.matches(argument, _STRICT) or (replaced and m.matches(argument.value, _FALSE)) for argument in gone):
            yield node, changed


def _string(node: cst.SimpleString) -> Iterator[Change]:
    """Add XX around a string. mutmut also changes its case, which the same tests notice or none."""
    if not _SENTENCE.search(node.value):
        yield from ((node, changed) for changed in list(mutators.operator_string(node))[:1])


def _condition(node: cst.If | cst.CompIf | cst.While) -> Iterator[Change]:
    """Make a condition always false and always true; for `while` only false, because true means a hang."""
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.test, cst.BooleanOperation(left=test, operator=cst.And(), right=cst.Name("False"))
    if not isinstance(node, cst.While):
        yield node.test, cst.BooleanOperation(left=test, operator=cst.Or(), right=cst.Name("True"))


def _effect(node: cst.Expr) -> Iterator[Change]:
    """Remove a call that is a statement."""
    if isinstance(node.value, cst.Call):
        yield node, cst.Pass()


def _raise(node: cst.Raise) -> Iterator[Change]:
    """Do not raise."""
    yield node, cst.Pass()


def _return(node: cst.Return) -> Iterator[Change]:
    """Return None instead of the value, except for False."""
    if node.value is not None and not m.matches(node.value, m.Name("None") | _FALSE):
        yield node.value, cst.Name("None")


def _caught(node: cst.ExceptHandler) -> Iterator[Change]:
    """Catch one exception less."""
    if isinstance(node.type, cst.Tuple):
        yield from _fewer(node.type)
    elif node.type is not None:
        yield node.type, cst.Tuple([])


def _fewer(node: cst.Tuple | cst.List | cst.Set | cst.Dict) -> Iterator[Change]:
    """Remove one element of a tuple, list, set or dict."""
    elements: Sequence[Any] = node.elements
    for index in range(len(elements)):
        left = [*elements[:index], *elements[index + 1 :]]
        if not left and isinstance(node, cst.Set):
            yield node, cst.Call(cst.Name("set"))
            continue
        if left and index == len(elements) - 1:
            one = isinstance(node, cst.Tuple) and len(left) == 1
            left[-1] = left[-1].with_changes(comma=cst.Comma() if one else cst.MaybeSentinel.DEFAULT)
        yield node, node.with_changes(elements=left)


OPERATORS: tuple[tuple[type[cst.CSTNode], Operator], ...] = (
    (cst.BaseNumber, _theirs(mutators.operator_number)),
    (cst.SimpleString, _string),
    (cst.Name, _theirs(mutators.operator_name)),
    (cst.Assign, _assignment),
    (cst.AnnAssign, _assignment),
    (cst.AugAssign, _theirs(mutators.operator_augmented_assignment)),
    (cst.UnaryOperation, _theirs(mutators.operator_remove_unary_ops)),
    (cst.Call, _arguments),
    (cst.Call, _theirs(mutators.operator_symmetric_string_methods_swap)),
    (cst.Call, _theirs(mutators.operator_unsymmetrical_string_methods_swap)),
    (cst.Lambda, _theirs(mutators.operator_lambda)),
    (cst.CSTNode, _theirs(mutators.operator_keywords)),
    (cst.CSTNode, _theirs(mutators.operator_swap_op)),
    (cst.Match, _theirs(mutators.operator_match)),
    (cst.IfExp, _theirs(mutators.operator_if_exp)),
    (cst.If, _condition),
    (cst.While, _condition),
    (cst.CompIf, _condition),
    (cst.Expr, _effect),
    (cst.Raise, _raise),
    (cst.Return, _return),
    (cst.ExceptHandler, _caught),
    (cst.Tuple, _fewer),
    (cst.List, _fewer),
    (cst.Set, _fewer),
    (cst.Dict, _fewer),
)


def changes(node: cst.CSTNode) -> Iterator[Change]:
    """Yield every change of a node."""
    for kind, operator in OPERATORS:
        if isinstance(node, kind):
            yield from operator(node)


def left_alone(node: cst.CSTNode) -> bool:
    """Check whether a node and all below it stay unchanged: annotations, other code for type checkers only, assertions."""
    if isinstance(node, cst.Annotation | cst.Decorator | cst.Assert | cst.Import | cst.ImportFrom):
        return True
    if isinstance(node, cst.Call):
        return m.matches(node.func, _UNCHANGED_CALLS)
    if isinstance(node, cst.Arg):
        return m.matches(node, _STRICT)
    if isinstance(node, cst.If):
        return m.matches(node.test, m.Name("TYPE_CHECKING"))
    if isinstance(node, cst.AnnAssign):
        return m.matches(node.annotation.annotation, m.Name("TypeAlias"))
    # A type alias: Pairs = tuple[str, str]
    alias = m.Subscript(value=m.Name("tuple") | m.Name("dict") | m.Name("list"))
    return isinstance(node, cst.Assign) and m.matches(node.value, alias | m.Call(func=m.Name("TypeVar")))
