"""`python -m vaultdeck`: the same as the `vaultdeck` command."""

from vaultdeck.cli import main

if __name__ == "__main__":
    main()
