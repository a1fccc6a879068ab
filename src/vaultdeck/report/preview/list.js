/* The side list: decks as a tree, their cards below them. Only the rows in view are in the page, so
   that ten thousand cards scroll like ten. */

const ROW = 40;
const MARGIN = 8;

class CardList {
  /** `cards` have `deck`, `title`, `note` and `text()`; `onChoose` is called with a card. */
  constructor(scroller, rows, cards, onChoose) {
    this.scroller = scroller;
    this.element = rows;
    this.cards = cards;
    this.onChoose = onChoose;
    this.closed = new Set();
    this.current = null;
    this.filter("", false);
    scroller.addEventListener("scroll", () => this.paint(), { passive: true });
    new ResizeObserver(() => this.paint()).observe(scroller);
  }

  /** Keep the cards that hold all words of `query` and, if asked, only those with problems. */
  filter(query, isOnlyProblems) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    this.isSearching = words.length > 0 || isOnlyProblems;
    const shown = this.cards.filter(
      (card) =>
        (!isOnlyProblems || card.note.problems.length > 0) &&
        words.every((word) => card.text().includes(word)),
    );
    this.tree = growTree(shown);
    this.order = [...walkCards(this.tree)];
    this.layOut();
  }

  layOut() {
    this.rows = [...walkRows(this.tree, 0, this.isSearching ? new Set() : this.closed)];
    this.element.style.height = `${this.rows.length * ROW}px`;
    this.paint();
  }

  /** Draw the rows that can be seen. */
  paint() {
    const focused = document.activeElement?.dataset?.row;
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW) - MARGIN);
    const count = Math.ceil(this.scroller.clientHeight / ROW) + 2 * MARGIN;
    const rows = this.rows.slice(first, first + count);
    this.element.replaceChildren(...rows.map((row, i) => this.draw(row, first + i)));
    if (focused !== undefined) {
      this.element.querySelector(`[data-row="${focused}"]`)?.focus({ preventScroll: true });
    }
  }

  draw(row, index) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "row";
    button.dataset.row = index;
    button.style.top = `${index * ROW}px`;
    button.style.paddingInlineStart = `${8 + 14 * row.depth}px`;
    button.append(labelled("label", row.card ? row.card.title : row.name));
    if (row.card) {
      const { note, name } = row.card;
      button.setAttribute("aria-current", String(row.card === this.current));
      if (note.cards.length > 1) button.append(labelled("more", name));
      if (note.problems.length) button.append(dot(note.problems));
      button.addEventListener("click", () => this.onChoose(row.card));
    } else {
      button.classList.add("deck");
      button.setAttribute("aria-expanded", String(row.isOpen));
      button.append(labelled("more", String(row.count)));
      button.addEventListener("click", () => this.toggle(row.path));
    }
    return button;
  }

  toggle(path) {
    if (!this.closed.delete(path)) this.closed.add(path);
    this.layOut();
  }

  /** Mark a card as the one that is shown, and bring its row into view. */
  choose(card) {
    this.current = card;
    if (card) {
      const parts = card.note.deck.split("::");
      parts.forEach((_, i) => this.closed.delete(parts.slice(0, i + 1).join("::")));
    }
    this.layOut();
    const index = this.rows.findIndex((row) => row.card && row.card === card);
    if (index < 0) return;
    const { scrollTop, clientHeight } = this.scroller;
    if (index * ROW < scrollTop) this.scroller.scrollTop = index * ROW;
    else if ((index + 1) * ROW > scrollTop + clientHeight) {
      this.scroller.scrollTop = (index + 1) * ROW - clientHeight;
    }
    this.paint();
  }

  /** Return the card `steps` away from the shown one, in the order of the list. */
  neighbour(steps) {
    const index = this.order.indexOf(this.current);
    if (index < 0) return this.order[0] ?? null;
    return this.order[index + steps] ?? null;
  }
}

function growTree(cards) {
  const root = { name: "", path: "", decks: new Map(), cards: [], count: 0 };
  for (const card of cards) {
    let deck = root;
    for (const name of card.note.deck.split("::")) {
      const path = deck.path ? `${deck.path}::${name}` : name;
      if (!deck.decks.has(name)) {
        deck.decks.set(name, { name, path, decks: new Map(), cards: [], count: 0 });
      }
      deck = deck.decks.get(name);
      deck.count += 1;
    }
    deck.cards.push(card);
  }
  return root;
}

function sortedDecks(tree) {
  return [...tree.decks.values()].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

function* walkCards(tree) {
  yield* tree.cards;
  for (const deck of sortedDecks(tree)) yield* walkCards(deck);
}

function* walkRows(tree, depth, closed) {
  for (const card of tree.cards) yield { card, depth };
  for (const deck of sortedDecks(tree)) {
    const isOpen = !closed.has(deck.path);
    yield { name: deck.name, path: deck.path, count: deck.count, depth, isOpen };
    if (isOpen) yield* walkRows(deck, depth + 1, closed);
  }
}

function labelled(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}

function dot(problems) {
  const severity = problems.some((problem) => problem.severity === "error") ? "error" : "warning";
  const element = document.createElement("span");
  element.className = `dot ${severity}`;
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", severity);
  element.title = problems.map((problem) => problem.message).join("\n");
  return element;
}
