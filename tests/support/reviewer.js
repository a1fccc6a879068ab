// Runs in Anki's reviewer page: shows the sides it is given, one after the other, and reports on each.
// Arguments of the call: the sides, and the function to call with the reports.
const [sides, done] = arguments;

// Where neither MathJax nor an author's eye takes text for markup.
const CODE = "code, pre, kbd, samp, .mathjax_ignore";
const UNSEEN = "style, script, mjx-container";
const MEDIA = "audio, video";
const LIMIT = 4000;
// The contrast that WCAG asks for at least (level AA).
const READABLE = 4.5;

// Anki looks for math only where the HTML has its delimiters as they are: here a formula always stands beside.
const FORMULA = String.raw`<i id="formula" hidden>\(x\)</i>`;

async function show(side) {
  await new Promise((shown) => {
    if (side.isAnswer) _showAnswer(side.html + FORMULA, side.bodyClass);
    else _showQuestion(side.html + FORMULA, side.next, side.bodyClass);
    _queueAction(shown);
  });
  document.getElementById("formula")?.remove();
}

// Waits until everything has loaded or failed. What does neither within the limit counts as broken.
function settle(qa) {
  const loading = [
    ...[...qa.querySelectorAll("img")].map((image) => image.decode().catch(() => pause(20))),
    ...[...qa.querySelectorAll(MEDIA)].map(loaded),
    document.fonts.ready,
  ];
  return Promise.race([Promise.all(loading), pause(LIMIT)]);
}

// A picture's decoding fails before its error handlers run.
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function loaded(media) {
  return new Promise((resolve) => {
    if (media.error || media.readyState > 0 || !media.matches("[src], :has(source)")) resolve();
    media.addEventListener("loadedmetadata", resolve);
    media.addEventListener("error", resolve, true);
  });
}

function textNodes(qa) {
  const walker = document.createTreeWalker(qa, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.trim() && !node.parentElement.closest(UNSEEN) && node.parentElement.checkVisibility())
      nodes.push(node);
  }
  return nodes;
}

function mathProblems(qa) {
  const problems = [...qa.querySelectorAll("mjx-merror, [data-mjx-error]")].map(
    (node) => `error: ${node.dataset.mjxError ?? node.querySelector("[data-mjx-error]")?.dataset.mjxError}`,
  );
  for (const node of qa.querySelectorAll("mjx-mtext"))
    if (node.style.color === "red") problems.push("a macro that is not defined, painted red");
  return problems;
}

// Attributes and addresses that run code, and elements that could.
function hostile(qa) {
  const found = [];
  for (const element of qa.querySelectorAll("*")) {
    if (element.matches("script, object, embed, form, base, meta, link, iframe")) found.push(element.localName);
    for (const { name, value } of element.attributes)
      if (/^on/i.test(name)) found.push(name);
      else if (/^\s*(javascript|vbscript|data:text)/i.test(value.replace(/[\x00-\x20]/g, "")))
        found.push(`${name}="${value}"`);
  }
  if (window.pwned !== undefined) found.push(`window.pwned = ${window.pwned}`);
  if (document.title !== "reviewer") found.push(`document.title = ${document.title}`);
  delete window.pwned;
  document.title = "reviewer";
  return found;
}

// Clicks whatever could do something, and waits until it has.
async function clickAll(qa) {
  const links = [...qa.querySelectorAll("a[href^='j' i], a[href^=' '], mjx-container a, mjx-maction")];
  links.forEach(click);
  if (links.length) await pause(20);
}

// Follows a link only where that runs code: the page must stay.
function click(element) {
  const stay = (event) => {
    const address = event.target.closest("[href]")?.getAttribute("href") ?? "";
    if (!/^\s*javascript:/i.test(address)) event.preventDefault();
  };
  addEventListener("click", stay, true);
  element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  removeEventListener("click", stay, true);
}

// What stands apart from the text that it belongs to, or is seen outside of its field's box.
function escaping(qa) {
  const found = [];
  for (const element of qa.querySelectorAll("*")) {
    const { position } = getComputedStyle(element);
    if (position === "fixed" || position === "sticky")
      found.push(`position: ${position}: ${element.outerHTML.slice(0, 80)}`);
  }
  for (let x = 5; x < innerWidth; x += innerWidth / 12)
    for (let y = 5; y < innerHeight; y += innerHeight / 12) {
      const element = document.elementFromPoint(x, y);
      const box = element?.closest(".vd")?.getBoundingClientRect();
      if (box && (x < box.left - 1 || x > box.right + 1 || y < box.top - 1 || y > box.bottom + 1))
        found.push(`outside: ${element.outerHTML.slice(0, 80)}`);
    }
  return found;
}

function brokenMedia(qa) {
  const images = [...qa.querySelectorAll("img")].filter((image) => !image.naturalWidth);
  const others = [...qa.querySelectorAll(MEDIA)].filter((media) => !media.readyState && media.matches("[src], :has(source)"));
  return [...images, ...others].map((media) => media.getAttribute("src") ?? media.localName);
}

// What reaches over the right edge although nothing round it scrolls; a formula counts as one thing.
function overflowing(qa) {
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const wide = [...qa.querySelectorAll("*")].filter(
    (element) =>
      rightEdge(element) > page.clientWidth &&
      !element.parentElement.closest("mjx-container") &&
      !isInScroller(element, qa),
  );
  const innermost = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
  return [`${page.scrollWidth} > ${page.clientWidth}`, ...innermost.map((e) => e.outerHTML.slice(0, 80))];
}

// Of the element, or of its text where that is wider.
function rightEdge(element) {
  const { left, right } = element.getBoundingClientRect();
  const isOpen = getComputedStyle(element).overflowX === "visible";
  return isOpen ? Math.max(right, left + element.scrollWidth) : right;
}

function isInScroller(element, qa) {
  for (let outer = element.parentElement; outer && outer !== qa; outer = outer.parentElement)
    if (getComputedStyle(outer).overflowX !== "visible") return true;
  return false;
}

// Whatever CSS calls a colour, as a canvas paints it.
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const colors = new Map();

function parseColor(text) {
  if (!colors.has(text)) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    colors.set(text, { channels: [red, green, blue], alpha: alpha / 255 });
  }
  return colors.get(text);
}

function backgroundOf(element) {
  const layers = [];
  for (let e = element; e; e = e.parentElement) {
    const color = parseColor(getComputedStyle(e).backgroundColor);
    layers.push(color);
    if (color.alpha === 1) break;
  }
  return layers.reduceRight((below, { channels, alpha }) => blend(channels, below, alpha), [255, 255, 255]);
}

const blend = (above, below, alpha) => above.map((channel, i) => channel * alpha + below[i] * (1 - alpha));

// The contrast ratio of WCAG 2: 1 is invisible, 21 is black on white.
function contrast(one, other) {
  const [dark, bright] = [one, other].map(luminance).sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(channels) {
  const linear = channels.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

// Kinds of text that are hard to read, each with an example; but for what an author has coloured by hand.
function faintTexts(qa, nodes) {
  const found = new Map();
  for (const node of nodes) {
    const element = node.parentElement;
    if (qa.contains(element.closest("#qa [style], #qa font, .replay-button"))) continue;
    const background = backgroundOf(element);
    const { channels, alpha } = parseColor(getComputedStyle(element).color);
    const ratio = contrast(blend(channels, background, alpha), background);
    const kind = `${ratio.toFixed(1)}: ${element.className || element.localName}`;
    if (ratio < READABLE && !found.has(kind)) found.set(kind, `${kind}: ${node.data.trim()}`);
  }
  return [...found.values()];
}

function countTags(qa) {
  const counts = {};
  for (const element of qa.querySelectorAll("*"))
    if (!element.parentElement.closest("mjx-container, svg"))
      counts[element.localName] = (counts[element.localName] ?? 0) + 1;
  return counts;
}

function inspect() {
  const qa = document.getElementById("qa");
  const nodes = textNodes(qa);
  return {
    text: nodes.filter((node) => !node.parentElement.closest(CODE)).map((node) => node.data).join("\n"),
    counts: countTags(qa),
    mathProblems: mathProblems(qa),
    hostile: hostile(qa),
    escaping: escaping(qa),
    brokenMedia: brokenMedia(qa),
    overflowing: overflowing(qa),
    faintTexts: faintTexts(qa, nodes),
    imageSizes: [...qa.querySelectorAll("img")].map((image) => [image.clientWidth, image.clientHeight]),
  };
}

(async () => {
  const reports = [];
  for (const side of sides) {
    await show(side);
    const qa = document.getElementById("qa");
    await settle(qa);
    await clickAll(qa);
    reports.push(inspect());
  }
  done({ reports });
})().catch((error) => done({ error: String(error.stack ?? error) }));
