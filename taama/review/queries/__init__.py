"""What can be known of what arrived."""
