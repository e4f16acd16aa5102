"""Stories: generated sequences of operations, faults and time jumps, checked against a model."""
