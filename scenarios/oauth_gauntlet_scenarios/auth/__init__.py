"""Client authentication: one method in each request, in the syntax of the RFCs."""
