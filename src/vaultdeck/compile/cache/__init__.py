"""Compiled files between runs. A cache is never needed: a damaged one is as good as none.

folder.py   where caches lie, and how long: in the user's cache folder, as vaults are synced
key.py      what all compiled files depend on: settings, and the code that compiles
store.py    one sqlite database a vault and settings
plain.py    a compiled file as JSON and back, checked like any input
files.py    which compiled files are still good; keep the new ones

Nothing is imported here, since `build.replay` must be quick.
"""
