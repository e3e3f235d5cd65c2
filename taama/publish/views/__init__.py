"""What is answered to a browser or a program: each view parses, calls one query, answers."""
