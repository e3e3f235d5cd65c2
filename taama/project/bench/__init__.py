"""What `taama bench` measures, each with the command that makes the figure."""
