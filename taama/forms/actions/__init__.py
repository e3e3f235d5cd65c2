"""What can be done with forms: brought and mended, tried, published, closed, given to some phones only."""
