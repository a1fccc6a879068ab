"""How fast vaultdeck is: `python -m tests.bench` prints the table of figures."""
