"""What can be known of lists and their entries, and by whom."""
