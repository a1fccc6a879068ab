"""Settings and lines that vaults of other flashcard plugins hold, in any combination."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

CLOZES = {
    "==[123;;]answer[;;hint]==": "==", "**[123;;]answer[;;hint]**": "**",
    "{{[123;;]answer[;;hint]}}": "{{",
}  # fmt: skip
SPACED_SETTINGS = st.fixed_dictionaries(
    {
        "flashcardTags": st.sampled_from([["#flashcards"], ["#law"], ["#law", "#bio/x"]]),
        "flashcardTagsToIgnore": st.sampled_from([[], ["#old"]]),
        "noteFoldersToIgnore": st.sampled_from([[], ["Old"]]),
        "convertFoldersToDecks": st.booleans(),
        "singleLineCardSeparator": st.sampled_from(["::", ";;", "->"]),
        "singleLineReversedCardSeparator": st.sampled_from([":::", "<->", "=>"]),
        "multilineCardSeparator": st.sampled_from(["?", "--", "?>"]),
        "multilineReversedCardSeparator": st.sampled_from(["??", "+"]),
        "multilineCardEndMarker": st.sampled_from(["", "+++"]),
        "clozePatterns": st.lists(st.sampled_from(list(CLOZES)), unique=True),
    }
)
SPACED_LINES = st.sampled_from(
    [
        *("", "", "prose", "more text", "- item", "# Heading", "?", "??", "--", "?>", "+", "+++"),
        *("q::a", "q;;a", "q:::a", "q->a", "q<->a", "- q::a::b", "q => a"),
        *("a ==deletion==", "==2;;x;;hint== and ==y ==", "a **bold** word", "{{x}} or {{1;;y}}"),
        *("#flashcards", "#law", "#law/criminal", "#bio/x/y", "#bio", "#old/x", "#flashcards/a"),
        *("q::a ^block-1", "a ==gap== ^b2", "text ^b3"),
        *("#law/b q::a", "#todo q::a", "#law/c text", "text with #law/d", "#law #bio/x"),
        *("#Flashcards", "#LAW/b", "#Law q::a", "#OLD"),
    ]
)
# What else stands between, and in, the cards of a vault: nested lists, quotes, callouts, tables, code, other
# scripts, emoji.
BETWEEN = st.sampled_from(
    [
        *(
            "\tindented text",
            "- item\n  - item\n\t- item",
            "1. one\n   - two",
            "> quote",
            "> > deep",
        ),
        *(
            "> [!note]- Title\n> text",
            "| a | b |\n| - | - |\n| c | d |",
            "```py\nx = 1\n```",
            "~~~\nx\n~~~",
        ),
        *(
            "שלום עולם",
            "مرحبا بالعالم",
            "日本語の文",
            "😀 text 👩‍🔬",
            "text\u00a0more",
            "| c |",
            "^block-2",
        ),
    ]
)
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "BOM": "\ufeff{}".format,
    "no end": lambda text: text.rstrip("\n"),
    "newlines behind": "{}\n\n\n".format,
}
SPACED_BETWEEN = BETWEEN | st.sampled_from(
    [
        *(
            "\t- q::a",
            "  - q:::a",
            "> q::a",
            "> - q;;a",
            "| q::a | b |",
            "```\nq::a\n?\n```",
            "~~~\n==x==\n~~~",
        ),
        *(
            "שאלה::תשובה",
            "سؤال:::جواب",
            "😀::👩‍🔬",
            "質問;;答え",
            "> a ==gap==",
            "- the ==גן==",
            "| ==x== | b |",
        ),
    ]
)
FLASHCARDS_SETTINGS = st.fixed_dictionaries(
    {
        "flashcardsTag": st.sampled_from(["card", "anki", "学习"]),
        "inlineSeparator": st.sampled_from(["::", ";;", "||"]),
        "inlineSeparatorReverse": st.sampled_from([":::", ";;;", "<=>"]),
        "contextAwareMode": st.booleans(),
        "folderBasedDeck": st.booleans(),
    }
)
FLASHCARDS_LINES = st.sampled_from(
    [
        *("", "", "", "prose", "- item", "^1700000000001", "## Heading #card", "### q#anki"),
        *(
            "q #card",
            "q#card #x",
            "q #card-reverse",
            "q #card/reverse#y",
            "q #card/spaced",
            "#card",
        ),
        *("q #Anki-spaced", "q #anki", "q #cards", "q #学习", "q #学习-reverse", "the #card amid"),
        *("q::a", "q ;; a", "q:::a", "- q<=>a", "q||a", "2. q;;;a #x"),
        *("a ==deletion== and ==more==", "a {deletion} or {2:two}"),
    ]
)
FLASHCARDS_BETWEEN = BETWEEN | st.sampled_from(
    [
        *(
            "\t- q::a",
            "  - q:::a",
            "- item\n\t- q #card",
            "> quote #card",
            "שאלה::תשובה",
            "😀::👩‍🔬",
        ),
        *(
            "سؤال #card",
            "質問#card-reverse",
            "😀 #card",
            "a {גן} here",
            "- the ==gap==",
            "質問;;答え",
        ),
    ]
)
