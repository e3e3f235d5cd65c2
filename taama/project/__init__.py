"""The only place that knows everybody: settings, addresses, the command line.

Tables: none.
Used by: whoever installs and runs taama.
"""
