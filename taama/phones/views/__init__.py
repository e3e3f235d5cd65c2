"""What phones ask for and send, and the page of their accounts."""
