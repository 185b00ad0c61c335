"""The tables of a sealed file, the packaged SQL texts over them, and SQLite that runs them."""
