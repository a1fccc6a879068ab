"""What vaultdeck keeps between runs: compiled files, and what the last build said.

A cache is never needed: whatever is wrong with it, it is as if there were none. It lies in the user's
cache folder, as vaults are synced. Nothing is imported here, since what `last` does must be quick.
"""
