"""How fast vaultdeck is: `python -m tools.bench` prints figures, `… scaling` how work grows."""
