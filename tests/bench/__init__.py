"""How fast vaultdeck is: `python -m tests.bench` prints figures, `… scaling` how work grows."""
