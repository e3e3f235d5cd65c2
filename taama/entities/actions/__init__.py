"""What can be done with lists and entries."""
