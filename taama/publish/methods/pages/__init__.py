"""What stands on each page, made of figures and names alone: pure, so that page, report and test say the same."""
