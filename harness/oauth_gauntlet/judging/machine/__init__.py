"""Protect a run from its machine: open-file limit, clock jumps, orphan processes, signals. A newcomer may skip it."""
