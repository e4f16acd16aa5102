"""What a finding shows: cause, headline, source, and the exchange on the wire."""
