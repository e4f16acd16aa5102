"""Drive a client: adapters as processes and as Python objects, with their pipes, process groups and clocks."""
