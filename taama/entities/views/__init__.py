"""How lists travel: to phones, and on pages for those who keep them."""
