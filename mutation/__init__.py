"""Mutation testing of the modules that decide a verdict or a gate's outcome.

Each module of modules.toml is changed in one place, hundreds of times over, and the tests have to notice. mutmut's operators
make the changes, and operators.py adds some; mutmut's own runner leaves out what these modules are made of (properties,
tables, defaults) and does not find an editable install with four source roots, so that the running is ours:

- A change within a function is made in a process that has collected all tests: the function gets the changed code, and those
  tests run that reach the line (warm.py).
- A change of what runs at import (a table, a default, a decorator) is made before anything of ours is imported, and the tests
  of the module's own files run (cold.py).

What survives is explained in survivors.toml, one by one, or fails the run (explanations.py).
"""
