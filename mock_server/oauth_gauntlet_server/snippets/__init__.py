"""An exchange as something to paste: a curl command, a Python script, a test. Pure functions of the recorded request."""
