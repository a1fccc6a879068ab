"""Anki is brought to what the vault says.

    build → read what Anki holds → plan (a value) → carry out → what Anki then holds, into the lock

`sync` has the steps in their order. `found` has the values read from Anki, `plan` those of what is done;
`compare` makes a plan, `judge` holds the rules for one note: these are pure. `carry` carries a plan out;
`collection` alone imports `anki`, `copied` opens a copy of a collection that Anki has open.

`ways` chooses the way in: `direct`, `ankiconnect`, `dialog` (Anki's own), `server`; `way` is what they share.
`profiles` finds collections, `running` tells whether Anki is open, `add_on` asks AnkiConnect.

`remember` takes into the lock what Anki then holds. `text` tells a plan, `errors` why a sync ends early.
"""
