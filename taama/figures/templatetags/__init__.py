"""Tags by which pages show figures and pictures."""
