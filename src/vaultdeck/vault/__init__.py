"""A vault as a folder on disk: which files it has, what a link in a note leads to, and how files are written.

folder.py       walk the folder once: every file, and what tells later whether it has changed
inside.py       open what is a file of the folder, and nothing else
stand_in.py     files that stand for one that is not on this disk (Git LFS, iCloud)
names.py        `Vault`: files by name, a note's text, the file that a link means
links.py        the parts of a link; obsidian:// addresses
globs.py        globs as the plugins have them
yaml_source.py  YAML files with the place of every value
progress.py     who looks on while long work is done
observed.py     what settings asked of the folder, to be asked again by the next run
write.py        files written whole or not at all, only where the user pointed
note_edits.py   edits of notes: where an ID is written back, and embeds
"""
