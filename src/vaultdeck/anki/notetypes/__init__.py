"""Note types: folders that hold `notetype.yaml`, a front and a back per template, and `style.css`.

    notetype.yaml     name, id, kind, mod, fields and templates, each with its fixed id
    <template>.front.html
    <template>.back.html
    style.css         optional

What one of ours has not is beside the folders: the style, the backs that several have.
Ids are for ever: Anki matches note types, fields and templates by them, so that a rename stays a
rename and no review is lost. `mod` is raised only by a release that changes templates or CSS.

`builtin` are ours, `folder` reads such folders, `files` what else lies in them, `guess` makes up types of
which only names and fields are known; stock.txt has the names of Anki's own types in each of its languages.
"""
