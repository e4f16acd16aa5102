"""The application: the core with faults and journal, the Flask application without them, and the ways into both."""
