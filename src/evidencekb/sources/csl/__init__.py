"""A CSL 1.0.2 processor: styles and items in, references out."""
