"""What can be done with what arrived."""
