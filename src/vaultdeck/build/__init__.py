"""The whole vault: IDs, lock and package. Begin with build.py, which is the pipeline.

options.py       what a build is asked for: its mode and options
session.py       the vault opened: lock, settings, files
compiled.py      every note file compiled, from the cache or anew
note_store.py    the notes of many note files, outside memory
check_across.py  checks that need the notes of all files: IDs, first fields, formulas without end
ids.py           new IDs; write_ids.py: by `vaultdeck ids`, without a build
decide.py        the plan of a build: what to say and to write
build.py         the pipeline, from the open vault to the package
outcome.py       what came of a build
last_fields.py   the fields that removed notes had in the package before
adoption.py      `vaultdeck adopt`
exclusive.py     one build of a vault at a time
replay.py        the report of the last identical call, printed again while nothing has changed

Nothing is imported here, since what `replay` does must be quick.
"""
