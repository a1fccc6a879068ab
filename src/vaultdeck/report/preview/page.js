/* The page: joins the list, the card and what is known of it; keys; light and dark. */

{
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const cards = data.notes.flatMap((note) => note.cards.map((card) => new Card(note, card)));
  const state = { card: null, isBack: false, isOnlyProblems: false, hasMath: true };

  const frame = new CardFrame(byId("stage"), {
    media: data.media,
    mathjax: data.mathjax,
    onFailure() {
      if (state.hasMath) {
        state.hasMath = false;
        showDetails();
      }
    },
  });
  const list = new CardList(byId("list"), byId("rows"), cards, (card) => {
    setDrawer(false);
    show(card);
  });

  function show(card, isBack = false) {
    Object.assign(state, { card, isBack });
    byId("empty").hidden = Boolean(card);
    frame.frame.hidden = !card;
    list.choose(card);
    showDetails();
    byId("flip").disabled = !card;
    byId("flip").textContent = isBack ? "Show front" : "Show back";
    byId("previous").disabled = !card || !list.neighbour(-1);
    byId("next").disabled = !card || !list.neighbour(1);
    if (!card) {
      byId("empty").textContent = cards.length ? "No card matches." : "This vault has no cards yet.";
      return;
    }
    const index = sameFile(card).indexOf(card);
    const address = `#${card.key}${isBack ? "-back" : ""}`;
    try {
      history.replaceState({ path: card.note.path, index }, "", address);
    } catch {
      // Some browsers allow only so many in a while; a later card will be remembered.
    }
    const place = `card ${list.order.indexOf(card) + 1} of ${list.order.length}`;
    byId("status").textContent = `${place}, ${isBack ? "back" : "front"}`;
    const css = data.styles[card.note.type] ?? "";
    frame.show({ html: card.side(isBack), css, number: card.number, isBack });
  }

  const sameFile = ({ note }) => cards.filter((card) => card.note.path === note.path);
  const placed = (place) => place && sameFile({ note: place })[place.index];
  const flip = () => state.card && show(state.card, !state.isBack);
  const move = (steps) => {
    const card = list.neighbour(steps);
    if (card) show(card);
  };

  function search() {
    list.filter(byId("search").value, state.isOnlyProblems);
    const found = list.order.length;
    const all = `${cards.length} ${cards.length === 1 ? "card" : "cards"}`;
    byId("count").textContent = found === cards.length ? all : `${found} of ${all}`;
    if (!list.order.includes(state.card)) show(list.order[0] ?? null);
    else show(state.card, state.isBack);
  }

  function showDetails() {
    byId("details").replaceChildren(
      ...detailsOf(state.card),
      ...(state.hasMath ? [] : [noMath()]),
      ...(data.problems.length ? [others(data.problems)] : []),
    );
  }

  function setDark(isDark) {
    document.documentElement.classList.toggle("dark", isDark);
    frame.setDark(isDark);
    byId("theme").textContent = isDark ? "Light" : "Dark";
    byId("theme").title = `switch to ${isDark ? "light" : "dark"} (d)`;
  }

  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  setDark(remembered("theme") ? remembered("theme") === "dark" : systemDark.matches);
  systemDark.addEventListener("change", () => {
    if (!remembered("theme")) setDark(systemDark.matches);
  });
  const toggleDark = () => {
    const isDark = !document.documentElement.classList.contains("dark");
    remember("theme", isDark ? "dark" : "light");
    setDark(isDark);
  };

  /** On a narrow screen the list lies over the card until a card is chosen. */
  function setDrawer(isOpen) {
    byId("side").classList.toggle("open", isOpen);
    byId("toggle-list").setAttribute("aria-expanded", String(isOpen));
    list.paint();
  }

  const keys = {
    " ": flip,
    j: () => move(1),
    ArrowRight: () => move(1),
    k: () => move(-1),
    ArrowLeft: () => move(-1),
    d: toggleDark,
    "/": () => byId("search").focus(),
  };

  function onKey(event) {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest?.("input, textarea, select, audio, video")) {
      if (event.key === "Escape") target.blur();
      if (event.key === "Enter" && target.id === "typeans") flip();
      return;
    }
    if (event.key === " " && target.closest?.("button:focus-visible, a, summary")) return;
    const act = keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  function onCardClick(event) {
    const link = event.target.closest?.("a[href]");
    if (link) {
      event.preventDefault();
      follow(link);
    } else if (
      !event.target.closest?.("input, audio, video, summary, button, iframe") &&
      frame.document.getSelection().isCollapsed
    ) {
      flip();
    }
  }

  document.addEventListener("keydown", onKey);
  frame.listen("keydown", onKey);
  frame.listen("click", onCardClick);
  byId("flip").addEventListener("click", flip);
  byId("next").addEventListener("click", () => move(1));
  byId("previous").addEventListener("click", () => move(-1));
  byId("theme").addEventListener("click", toggleDark);
  byId("search").addEventListener("input", search);
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") setDrawer(false);
  });
  byId("search").addEventListener("focus", () => setDrawer(true));
  byId("toggle-list").addEventListener("click", () =>
    setDrawer(!byId("side").classList.contains("open")),
  );
  const marked = data.notes.filter((note) => note.problems.length).length;
  byId("only-problems").hidden = !marked;
  byId("only-problems").textContent = `${marked} with problems`;
  byId("only-problems").title = "show only the cards of notes with problems";
  byId("only-problems").addEventListener("click", () => {
    state.isOnlyProblems = !state.isOnlyProblems;
    byId("only-problems").setAttribute("aria-pressed", String(state.isOnlyProblems));
    search();
  });

  // A reloaded page shows the card that its address names; one that has no ID yet got another
  // number by now and is known by its place in its file.
  const [key, side] = location.hash.slice(1).split("-");
  state.card = cards.find((card) => card.key === key) ?? placed(history.state) ?? null;
  state.isBack = side === "back";
  search();
  if (data.live) stayUpToDate(data.live);
}
