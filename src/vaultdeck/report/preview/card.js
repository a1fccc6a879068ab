/* A card of the page's data, and what is told about it beside the card. */

class Card {
  constructor(note, { number, name, title, front, back, failure }) {
    Object.assign(this, { note, number, name, title, front, failure });
    this.backParts = back;
    this.key = `${note.id}.${number}`;
  }

  /** Return the HTML of the back or the front. */
  side(isBack) {
    if (this.failure) {
      const reason = document.createElement("p");
      reason.className = "vaultdeck-failure";
      reason.textContent = `Anki shows an error here: ${this.failure}`;
      return reason.outerHTML;
    }
    if (!isBack) return this.front;
    return Array.isArray(this.backParts) ? this.backParts.join(this.front) : this.backParts;
  }

  /** Return all that can be searched, in lower case. */
  text() {
    const { note } = this;
    return (this.cached ??= [
      `${this.side(false)} ${this.side(true)}`.replace(/<[^>]*>/g, " "),
      ...[note.deck, note.path, note.type, note.id, ...note.tags],
      ...note.problems.map((problem) => problem.code),
    ]
      .join(" ")
      .replace(/&(lt|gt|amp|quot|#39|nbsp);/g, (_, name) => ENTITIES[name])
      .toLowerCase());
  }
}

const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'", nbsp: " " };

/** Return an element with text or elements in it; text is text, whatever is in it. */
function build(name, className, ...content) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/** Return what is known of a card: its problems, where it comes from, a link to its note. */
function detailsOf(card) {
  if (!card) return [];
  const { note } = card;
  const link = build("a", "", `${note.path}:${note.line}`);
  link.href = note.uri;
  link.title = "open the note in Obsidian";
  const facts = { Note: link, Deck: note.deck, Type: note.type, Card: card.name };
  if (note.tags.length) facts.Tags = note.tags.join(" ");
  const rows = Object.entries(facts).flatMap(([term, fact]) => [
    build("dt", "", term),
    build("dd", "", fact),
  ]);
  return [...note.problems.map(problemOf), build("dl", "", ...rows)];
}

function problemOf({ severity, code, message, hint, path, line, column, via, diff }) {
  return build(
    "div",
    `problem ${severity === "error" ? "error" : "warning"}`,
    build("p", "code", `${severity}: ${code}`),
    build("p", "", message),
    ...via.toReversed().map((embed) => build("p", "place", `embedded at ${embed.path}:${embed.line}`)),
    ...(hint ? [build("p", "hint", hint)] : []),
    ...(diff ? [sideBySide(diff)] : []),
    build("p", "place", `${path}:${line}:${column}`),
  );
}

/** Return a unified diff as a table: what the card says on the left, what the note says on the right. */
function sideBySide(diff) {
  const head = build("tr", "", build("th", "", "card"), build("th", "", "note"));
  const rows = [head];
  let [left, right] = [[], []];
  const pair = () => {
    for (let at = 0; at < Math.max(left.length, right.length); at++) {
      const cells = [["old", left[at]], ["new", right[at]]];
      rows.push(build("tr", "", ...cells.map(([name, text]) => build("td", text === undefined ? "" : name, text ?? ""))));
    }
    [left, right] = [[], []];
  };
  // Above the parts stand the names of the two.
  for (const line of diff.split("\n").slice(2, -1)) {
    if (line[0] === "-") left.push(line.slice(1));
    else if (line[0] === "+") right.push(line.slice(1));
    else {
      pair();
      const text = line[0] === "@" ? "…" : line.slice(1);
      rows.push(build("tr", "", build("td", "", text), build("td", "", text)));
    }
  }
  pair();
  return build("table", "sides", ...rows);
}

/** Return the problems that belong to no card that was built. */
function others(problems) {
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  const summary = build("summary", "", `${count} elsewhere in the vault`);
  const element = build("details", "", summary, ...problems.map(problemOf));
  element.open = problems.length < 4;
  return element;
}

function noMath() {
  const message = "math is shown as TeX: MathJax could not be loaded";
  const hint = "to do without a network, make the page with --mathjax";
  return build("div", "problem warning", build("p", "", message), build("p", "hint", hint));
}

/** Follow a link of a card: hints open in place, the rest goes to its own window or program. */
function follow(link) {
  const href = link.getAttribute("href");
  if (link.classList.contains("hint")) {
    link.style.display = "none";
    if (link.nextElementSibling) link.nextElementSibling.style.display = "block";
  } else if (/^(https?|mailto|ftp):/i.test(href)) {
    window.open(href, "_blank", "noopener,noreferrer");
  } else if (/^(obsidian|zotero|anki|tel):/i.test(href)) {
    location.href = href;
  }
}

function remembered(name) {
  try {
    return localStorage.getItem(`vaultdeck-${name}`);
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(`vaultdeck-${name}`, value);
  } catch {
    // The browser keeps nothing for this page; the choice holds until it is closed.
  }
}

/** Reload the page when the server that it came from has a newer one. */
function stayUpToDate(version) {
  new EventSource("events").addEventListener("message", ({ data }) => {
    if (data !== version) location.reload();
  });
}
