"""Pure methods of forms: reading, finding faults, repairing, converting, comparing, showing."""
