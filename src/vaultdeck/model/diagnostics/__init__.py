"""Problems as values, and the table of everything that can be wrong.

A diagnostic names one problem at one place. An `error` means that a card was left out of the package. A
`warning` means that a card was built with a flaw, or that text looks like a card but was not read as one.
A `notice` means that nothing is wrong, but something could be better.

codes.py        the table of codes
diagnostic.py   one problem
weigh.py        many: their severities, which are one
words.py        words of messages
"""

from vaultdeck.model.diagnostics.codes import CODES, ERROR, NOTICE, OFF, WARNING, Code
from vaultdeck.model.diagnostics.diagnostic import Diagnostic, UnusableError
from vaultdeck.model.diagnostics.weigh import gather, in_order, tell_once, weigh
from vaultdeck.model.diagnostics.words import CONTROL, code_counts, counted, listed, shorten

__all__ = ["CODES", "CONTROL", "ERROR", "NOTICE", "OFF", "WARNING", "Code", "Diagnostic"]
__all__ += ["UnusableError", "code_counts", "counted", "gather", "in_order", "listed", "shorten"]
__all__ += ["tell_once", "weigh"]
