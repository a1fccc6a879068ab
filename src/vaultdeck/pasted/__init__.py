"""Sections of notes that were pasted into cards, and the embeds that say the same.

    ### Saddle points               a card's field: pasted from the note 'Critical points'
    - the gradient vanishes
                                    ![[Critical points#Saddle points]]

`rows` says what counts of a text, `sources` reads the notes, `index` has their sections, `find` the runs of
a card that equal one, `stale` those that once did, as `matcher` compares them (`searched` is a field of the
card), `links` the embed, `check` what is told of them, `replace` puts embeds in, `patch` writes a diff.
"""
