"""Anki is brought to what the vault says.

    build → read what Anki holds → plan (a value) → carry out → what Anki then holds, into the lock

`found` has the values read from Anki, `plan` compares them with the vault, `judge` holds the rules for one
note; both are pure. `direct` guards a collection whose Anki is closed; `collection` alone imports `anki`.
"""
