"""Client authentication: one method in each request, spelled as the RFCs require."""
