"""What can be wrong with a form, one module for each part of it. Each `find(form)` gives Faults with their repairs."""
