"""The machine under a run: open files, clock jumps, left-over processes, signals. A newcomer may skip it."""
