"""What anybody may know of a snapshot."""
