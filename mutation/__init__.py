"""Mutation testing of the modules that decide a verdict or the outcome of a gate.

A mutant is a module of modules.toml with one change. Each mutant runs against the module's tests: if no test fails, the
mutant survives, and either a test is missing or the change makes no difference. mutmut's operators make the changes;
operators.py adds some. The runner is our own: mutmut's runner does not change properties, tables and defaults, of which
these modules mostly consist, and it does not find an editable installation with four source roots.

- A change inside a function is made in a process that has already collected all tests: the function gets the changed code,
  and only the tests that reach the line run (warm.py).
- A change of code that runs at import (a table, a default, a decorator) is made before any module of ours is imported, and
  all test files of the module run (cold.py).

Each survivor needs an explanation in survivors.toml; a survivor without one fails the run (explanations.py).
"""
