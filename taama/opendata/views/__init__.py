"""Files and interfaces over HTTP."""
