"""The parts of a finding that all reports share: cause, headline, source, exchange on the wire."""
