"""One note file → its notes. A file compiles alone: the unit of caching and of work in parallel.

note_file.py     parse, resolve, render: a file's text → its notes and what is wrong in them
fields.py        the fields of one card, from Markdown to HTML
cloze_checks.py  what is wrong with the deletions of a field
added.py         what no author writes: links to the note, the headings above a card
growth.py        how long the cards of a note file, and of a vault, may be together
placing.py       which place for a new ID leaves the note as it was
looks.py         what a note looks like in Obsidian, and what new IDs change of that
asked.py         what a file asks of the vault while it compiles, recorded with the answers
media_names.py   a media file's name in the package, or why it is not packed
parallel.py      many files, in several processes where that pays
timed.py         the same with a clock at each stage
cache/           compiled files between runs
"""
