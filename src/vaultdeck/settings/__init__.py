"""The settings of a vault → `Config`.

read.py               begin here: vaultdeck.yaml, else the plugins' settings, then the command line
keys.py               every setting of vaultdeck.yaml, one row of one table; schema.json is what it says
kinds.py              what a kind of value is: how it is read, checked and shown
values.py             the plain kinds; type_values.py: those about note types
obsidian_to_anki.py   the settings of the Obsidian_to_Anki plugin
other_plugins.py      the settings of other flashcard plugins
select.py             which notes the settings let through, and which problems a call is about
write.py              a Config → the text of a vaultdeck.yaml (`vaultdeck init`)
"""
