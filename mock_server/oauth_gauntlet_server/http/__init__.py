"""HTTP/1.1 to the octet: requests, answers, and plans of what is done on a socket."""
