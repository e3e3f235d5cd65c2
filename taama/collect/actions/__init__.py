"""What can be done with forms, devices and submissions."""
