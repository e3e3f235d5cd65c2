"""How forms and submissions travel: to and from phones, and on pages for data managers."""
