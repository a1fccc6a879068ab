"""The card styles by patterns that the plugin can use, too, slow as they are on long paragraphs."""

from __future__ import annotations

PLAIN = r"\n(?!<!--).+"
BODY = r"\n(?!<!--|#).+"
PLAIN_STYLES = {
    "header-paragraph": rf"^#+(.+)\n*((?:{BODY})+)",
    "header3-paragraph": rf"^###+(.+)\n*((?:{BODY})+)",
    "question-answer": rf"^Q: ((?:.+\n)*)\n*A: (.+(?:{PLAIN})*)",
    "remnote": r"^(.*[^\n:])::([^\n:].*)",
    "ruled": rf"^((?:.+\n)+)-{{3,}}((?:{PLAIN})*)",
    "neuracache": rf"^((?:.+\n)*.+) #flashcard ?\n*((?:{PLAIN})+)",
    "table": r"\|([^\n|]+)\|\n\|[^\n|]*\|\n\|([^\n|]+)\|\n?",
    "cloze-paragraph": rf"^((?:.+\n)*[^\n{{]*\{{.*(?:{PLAIN})*)",
    "highlight-cloze": rf"^((?:.+\n)*(?:(?!==).)*==.*(?:{PLAIN})*)",
}
