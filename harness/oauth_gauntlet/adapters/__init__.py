"""How a client is driven: adapters as processes and as Python objects, their pipes, process groups and clocks."""
