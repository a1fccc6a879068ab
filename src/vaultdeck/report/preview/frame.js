"use strict";

/* The frame that shows one card, as Anki's reviewer does: a document of its own that is never loaded
   anew; only what stands in #qa, the classes of its body and the note type's CSS change. */

// What Anki's reviewer lays below every note type's own CSS.
const REVIEWER_CSS = `
  html.night-mode { color-scheme: dark; }
  body { margin: 20px; overflow-wrap: break-word; background: #f5f5f5; }
  body.nightMode { background-color: #2c2c2c; color: #fcfcfc; }
  hr { height: 1px; margin: 1em 0; border: none; background-color: #737373; }
  img, video { max-width: 100%; max-height: 95vh; }
  li { text-align: start; }
  pre { text-align: left; }
  #typeans { width: 100%; box-sizing: border-box; line-height: 1.75; }
  .vaultdeck-failure { color: #b35900; }
  .nightMode .vaultdeck-failure { color: #f0b060; }
`;
// Anki loads MathJax for a card only if it holds one of these.
const MATH = /\\\[(.*?)\\\]|\\\((.*?)\\\)/s;

class CardFrame {
  /** `media`: name → address; `mathjax`: where it comes from; `onFailure` is told if it does not. */
  constructor(host, { media, mathjax, onFailure }) {
    this.media = media;
    this.mathjax = mathjax;
    this.onFailure = onFailure;
    this.turn = 0;
    this.frame = document.createElement("iframe");
    this.frame.title = "Card";
    this.frame.srcdoc =
      "<!doctype html><html><head><meta charset=utf-8></head><body><div id=qa dir=auto></div></body></html>";
    this.ready = new Promise((resolve) => {
      this.frame.addEventListener("load", () => resolve(this.prepare()), { once: true });
    });
    host.append(this.frame);
  }

  get document() {
    return this.frame.contentDocument;
  }

  prepare() {
    const base = this.document.createElement("style");
    base.textContent = REVIEWER_CSS;
    this.style = this.document.createElement("style");
    this.document.head.append(base, this.style);
  }

  /** Call `handle` for events of the card as for those of the page. */
  async listen(type, handle) {
    await this.ready;
    this.document.addEventListener(type, handle);
  }

  setDark(isDark) {
    this.isDark = isDark;
    this.ready.then(() => {
      this.document.documentElement.classList.toggle("night-mode", isDark);
      this.document.body.classList.toggle("nightMode", isDark);
      this.document.body.classList.toggle("night_mode", isDark);
    });
  }

  /** Show a side of a card; resolves when its math is typeset. */
  async show({ html, css, number, isBack }) {
    const turn = ++this.turn;
    await this.ready;
    if (turn !== this.turn) return;
    const { document: doc } = this;
    if (this.style.textContent !== css) this.style.textContent = css;
    doc.body.className = `card card${number}`;
    this.setDark(this.isDark);
    const qa = doc.getElementById("qa");
    qa.style.opacity = "";
    if (MATH.test(html)) {
      // As in Anki: a card with math appears when it is typeset.
      qa.style.opacity = "0";
      qa.replaceChildren(...this.parse(html));
      await this.typeset(qa);
      if (turn !== this.turn) return;
      qa.style.opacity = "";
    } else {
      qa.replaceChildren(...this.parse(html));
    }
    if (isBack) doc.getElementById("answer")?.scrollIntoView({ block: "nearest" });
    else doc.defaultView.scrollTo(0, 0);
  }

  /** Return the nodes of a side, media found, and nothing in them that could run. */
  parse(html) {
    // A document from DOMParser neither loads nor runs anything.
    const doc = new DOMParser().parseFromString(html, "text/html");
    for (const element of doc.querySelectorAll("*")) {
      if (/^(script|meta|base|link|object|embed)$/i.test(element.localName)) {
        element.remove();
        continue;
      }
      for (const { name } of [...element.attributes]) {
        if (/^on/i.test(name)) element.removeAttribute(name);
      }
      for (const name of ["src", "poster"]) {
        if (element.hasAttribute(name)) this.resolve(element, name);
      }
    }
    return [...doc.head.childNodes, ...doc.body.childNodes].map((node) =>
      this.document.adoptNode(node),
    );
  }

  resolve(element, attribute) {
    const name = element.getAttribute(attribute);
    if (/^(https?:|data:)/i.test(name)) return;
    let decoded = name;
    try {
      decoded = decodeURIComponent(name);
    } catch {
      // Not encoded, then.
    }
    const address = this.media[name] ?? this.media[decoded];
    if (address) element.setAttribute(attribute, address);
    else element.removeAttribute(attribute);
  }

  async typeset(qa) {
    try {
      const MathJax = await (this.loading ??= this.load());
      MathJax.typesetClear();
      await MathJax.typesetPromise(this.document.defaultView.Array.of(qa));
    } catch {
      this.onFailure();
    }
  }

  /** Load MathJax into the frame, configured as in Anki. */
  async load() {
    const { document: doc, mathjax } = this;
    const view = doc.defaultView;
    // MathJax takes only objects of its own window for options, and not those of ours.
    const options = view.JSON.parse(JSON.stringify(mathjaxOptions(mathjax.root)));
    options.startup.ready = () => {
      if (mathjax.fonts) inlineFonts(view.MathJax, mathjax.fonts);
      view.MathJax.startup.defaultReady();
    };
    view.MathJax = options;
    const script = doc.createElement("script");
    if (mathjax.code) {
      script.textContent = mathjax.code;
      doc.head.append(script);
    } else {
      script.src = mathjax.src;
      script.integrity = mathjax.integrity;
      script.crossOrigin = "anonymous";
      await new Promise((resolve, reject) => {
        script.addEventListener("load", resolve);
        script.addEventListener("error", reject);
        doc.head.append(script);
      });
    }
    await view.MathJax.startup.promise;
    return view.MathJax;
  }
}

/** Return Anki's options: only \( \) and \[ \] are math, errors stay TeX. The menu would load more. */
function mathjaxOptions(root) {
  const packages = ["noerrors", "mathtools"];
  return {
    tex: {
      displayMath: [["\\[", "\\]"]],
      processEscapes: false,
      processEnvironments: false,
      processRefs: false,
      packages: { "[+]": packages, "[-]": ["textmacros"] },
    },
    loader: {
      load: packages.map((name) => `[tex]/${name}`),
      paths: { mathjax: root },
      versionWarnings: false,
    },
    options: { enableMenu: false },
    startup: { typeset: false },
  };
}

/** Let MathJax take its fonts from the page, where it would name files that an offline page lacks. */
function inlineFonts(MathJax, fonts) {
  const faces = MathJax._?.output?.chtml?.fonts?.tex_ts?.TeXFont?.defaultFonts ?? {};
  for (const face of Object.values(faces)) {
    const name = /MathJax_[\w-]+\.woff/.exec(face.src ?? "")?.[0];
    if (name && fonts[name]) face.src = `url("${fonts[name]}") format("woff")`;
  }
}
