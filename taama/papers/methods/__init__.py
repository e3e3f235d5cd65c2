"""Pure methods: a form as its paper version shows it, its logic in words."""
