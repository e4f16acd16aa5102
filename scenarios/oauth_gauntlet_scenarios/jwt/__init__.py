"""The assertion of the JWT bearer grant: header, claims, signature."""
