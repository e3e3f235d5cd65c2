"""Pure methods: reading the sheets of a form, finding faults, repairing, writing."""
