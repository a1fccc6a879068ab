"""What Anki knows: note types, cards, decks, identity, packages and collections; nothing of Obsidian.

notetypes/           note types: ours, the user's, and those guessed from fields
templates.py         templates as text, fields and sections
cards.py, clozes.py  which cards Anki makes of a note; deletions as its parser reads them
filters.py           fields and names that stay harmless in whatever templates make of them
decks.py             names of decks
media.py             which files Anki shows, and their names; media_content.py looks into them
svg.py               drawings, cleaned by the lists of svg_rules.py; svg_uses.py: how many parts they show
identity.py          where the GUID and Anki's note id are decided, from the ID in a note
lock.py              what is remembered of every note; lock_file.py, lock_lines.py: vaultdeck.lock
stamp.py             notes + lock → stamped notes, the new lock, what changes in Anki
stamped_notes.py     notes with their identity, and what they come to: decks, media, addresses of the web
removed.py           notes that are gone, sent once more with a tag
package.py           notes → .apkg, named by package_name.py
collection.py        an export or collection, read through foreign_database.py
adopt.py             the lock learns what Anki has already
"""
