"""Results of a run: the stream, the baseline, the gate, the summary."""
