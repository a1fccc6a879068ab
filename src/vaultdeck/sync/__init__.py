"""Anki is brought to what the vault says.

    build → read what Anki holds → plan (a value) → carry out → what Anki then holds, into the lock

`found` has the values read from Anki, `plan` compares them with the vault, `judge` holds the rules for one
note; both are pure. `direct` guards a collection whose Anki is closed; `collection` alone imports `anki`.

`sync` has the steps in their order; `profiles` finds collections, `running` tells whether Anki is open,
`remember` takes into the lock what Anki then holds. `text` tells a plan, `errors` why a sync ends early,
`server` goes through AnkiWeb or one's own sync server.
"""
