"use strict";
/* The list of notes. All have a place in the page, but only those near the window are filled: ten thousand stay smooth. */

const data = JSON.parse(document.getElementById("data").textContent);
const sheet = cardSheet(data.style);
const find = (id) => document.getElementById(id);
const cardsRoot = find("cards");
const flipped = new Set(); // of cards that show the other side than most: "note id/ordinal"
let allBacks = false;

const articles = new Map(); // by note id
const sections = []; // heading, and the ids of the notes under it

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function makeList() {
  for (const group of data.groups) {
    if (data.groups.length > 1) cardsRoot.append(element("h2", "", group.title));
    for (const section of group.sections) {
      const heading = element("div", section.gap ? "passage gap" : "passage");
      const title = element("h3");
      heading.id = section.id;
      heading.tabIndex = -1;
      if (section.clock) title.append(element("span", "clock", section.clock));
      title.append(section.title);
      heading.append(title);
      if (section.words) heading.append(element("p", "", section.words));
      cardsRoot.append(heading);
      for (const id of section.notes) {
        const article = element("article");
        article.id = `note-${id}`;
        article.dataset.note = id;
        article.setAttribute("aria-label", id);
        articles.set(id, article);
        cardsRoot.append(article);
        near.observe(article);
      }
      sections.push({ heading, notes: section.notes });
    }
  }
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) fill(target);
      else if (!target.contains(document.activeElement)) target.replaceChildren();
    }
  },
  { rootMargin: "1000px 0px" },
);

function fill(article) {
  if (article.firstChild) return;
  const id = article.dataset.note;
  const note = data.notes[id];
  const made = document.importNode(find("note").content, true).querySelector("article");
  const value = (name) => made.querySelector(`.${name} dd`);
  made.querySelector("h4").textContent = id;
  const status = made.querySelector(".status");
  status.dataset.status = note.status;
  status.textContent = note.status;
  for (const [label, address] of note.moments) {
    const link = element("a", "", label);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    value("moments").append(link);
  }
  made.querySelector(".moments").hidden = !note.moments.length;
  value("kind").textContent = data.kinds[note.kind];
  value("line").textContent = note.line;
  const concept = made.querySelector(".concept button");
  concept.textContent = data.concepts[note.concept];
  concept.addEventListener("click", () => choose("concept", note.concept));
  made.querySelector(".tags").hidden = !note.tags.length;
  for (const tag of note.tags) {
    const button = element("button", "link", tag);
    button.type = "button";
    button.addEventListener("click", () => choose("tag", tag));
    value("tags").append(button);
  }
  for (const [level, rule, message, hint] of note.remarks) {
    const item = element("li", level);
    item.append(element("span", "rule", rule), " ", element("span", "", message));
    if (hint) item.append(element("span", "hint", hint));
    made.querySelector(".remarks").append(item);
  }
  note.cards.forEach((card) => made.querySelector(".sides").append(cardBox(id, card)));
  article.replaceChildren(...made.childNodes);
}

function cardBox(id, [name, ordinal, front, back]) {
  const box = document.importNode(find("card").content, true).querySelector("section");
  const button = box.querySelector("button");
  const key = `${id}/${ordinal}`;
  box.dataset.card = key;
  box.setAttribute("aria-label", `${name} of ${id}`);
  const show = () => {
    const isBack = allBacks !== flipped.has(key);
    box.dataset.side = isBack ? "back" : "front";
    box.querySelector("h5").textContent = `${name}, ${isBack ? "back" : "front"}`;
    button.textContent = isBack ? "Show front" : "Show back";
    button.setAttribute("aria-label", `${button.textContent}: ${name} of ${id}`);
    for (const frame of box.querySelectorAll(".frame")) showSide(frame, sheet, ordinal, isBack ? back : front);
  };
  const flip = () => {
    if (!flipped.delete(key)) flipped.add(key);
    show();
  };
  button.addEventListener("click", flip);
  box.querySelector(".frames").addEventListener("click", (event) => {
    const onLink = event.composedPath().some((each) => each.tagName === "A");
    if (!onLink && getSelection().isCollapsed) flip();
  });
  box.addEventListener("flip", show);
  show();
  return box;
}

function flipAll(backs = !allBacks) {
  allBacks = backs;
  flipped.clear();
  const button = find("flip-all");
  button.setAttribute("aria-pressed", String(allBacks));
  document.querySelectorAll(".card-box").forEach((box) => box.dispatchEvent(new Event("flip")));
}

/* Searching and filtering. */

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const SIGNS = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"' };
const texts = new Map(); // by note id, made when first looked for

function textOf(id) {
  let text = texts.get(id);
  if (text === undefined) {
    const note = data.notes[id];
    const html = note.cards.map(([, , front, back]) => `${front} ${back}`).join(" ");
    const plain = html.replace(/<math[^>]* alttext="([^"]*)"/g, "$1<").replace(/<[^>]*>/g, "");
    const read = plain
      .replace(/&(?:lt|gt|amp|quot);/g, (sign) => SIGNS[sign])
      .replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)));
    text = folded([id, data.concepts[note.concept], read].join("\n").replace(/\s+/g, " "));
    texts.set(id, text);
  }
  return text;
}

const filters = ["concept", "tag", "kind", "state"];
const states = {
  new: ["New", (note) => note.status === "new"],
  changed: ["Changed", (note) => note.status === "changed"],
  either: ["New or changed", (note) => note.status !== "unchanged"],
  unchanged: ["Unchanged", (note) => note.status === "unchanged"],
  advice: ["With advice", (note) => note.remarks.length > 0],
};

function fits(id, words, chosen) {
  const note = data.notes[id];
  return (
    (!chosen.concept || note.concept === chosen.concept) &&
    (!chosen.tag || note.tags.includes(chosen.tag)) &&
    (!chosen.kind || note.kind === chosen.kind) &&
    (!chosen.state || states[chosen.state][1](note)) &&
    words.every((word) => textOf(id).includes(word))
  );
}

function applyFilters() {
  const words = folded(find("search").value).split(/\s+/).filter(Boolean);
  const chosen = Object.fromEntries(filters.map((name) => [name, find(name).value]));
  const filtering = words.length > 0 || filters.some((name) => chosen[name]);
  let notes = 0;
  let cards = 0;
  for (const { heading, notes: ids } of sections) {
    let here = 0;
    for (const id of ids) {
      const shown = !filtering || fits(id, words, chosen);
      articles.get(id).hidden = !shown;
      if (shown) {
        here += 1;
        cards += data.notes[id].cards.length;
      }
    }
    heading.hidden = filtering && !here;
    notes += here;
  }
  const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  find("count").textContent = `${counted(notes, "note")}, ${counted(cards, "card")}`;
  find("none").hidden = notes > 0;
  find("clear").hidden = !filtering;
  for (const name of filters) find(name).classList.toggle("set", Boolean(chosen[name]));
}

function choose(name, value) {
  find(name).value = value;
  applyFilters();
  cardsRoot.focus({ preventScroll: true });
  document.querySelector(".tools").scrollIntoView();
}

function clearFilters() {
  find("search").value = "";
  for (const name of filters) find(name).value = "";
  applyFilters();
}

function offer(name, first, entries) {
  find(name).append(new Option(first, ""));
  for (const [value, label, count] of entries) find(name).append(new Option(count ? `${label} (${count})` : label, value));
}

function makeFilters() {
  const counts = (pick) => {
    const found = new Map();
    for (const note of Object.values(data.notes)) for (const each of pick(note)) found.set(each, (found.get(each) ?? 0) + 1);
    return found;
  };
  const concepts = counts((note) => [note.concept]);
  const tags = counts((note) => note.tags);
  const kinds = counts((note) => [note.kind]);
  const named = Object.entries(data.concepts).filter(([id]) => concepts.has(id));
  offer("concept", "All concepts", named.map(([id, title]) => [id, title, concepts.get(id)]));
  offer("tag", "All tags", [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tag, count]) => [tag, tag, count]));
  offer("kind", "All kinds", [...kinds].map(([kind, count]) => [kind, data.kinds[kind], count]));
  const notes = Object.values(data.notes);
  offer("state", "All states", Object.entries(states).map(([id, [label, test]]) => [id, label, notes.filter(test).length]));
  for (const name of filters) find(name).addEventListener("change", applyFilters);
  find("search").addEventListener("input", applyFilters);
  find("clear").addEventListener("click", () => {
    clearFilters();
    find("search").focus();
  });
  find("more").addEventListener("click", () => {
    const open = find("filters").classList.toggle("open");
    find("more").setAttribute("aria-expanded", String(open));
  });
  find("flip-all").addEventListener("click", () => flipAll());
}

/* A click on a passage leads to its notes, wherever it is made; filters that would hide them are taken away. */

function goTo(id) {
  const target = find(id);
  if (!target) return;
  if (target.hidden) clearFilters();
  target.focus({ preventScroll: true });
  const margin = parseFloat(getComputedStyle(target).scrollMarginTop);
  settle(() => target.getBoundingClientRect().top - margin);
}

/** Scroll until nothing is missing. What comes into sight is filled only then, and changes its height. */
function settle(missing, frames = 10) {
  scrollBy(0, missing());
  if (frames) requestAnimationFrame(() => settle(missing, frames - 1));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (!link) return;
  event.preventDefault();
  goTo(link.getAttribute("href").slice(1));
});

makeFilters();
makeList();
applyFilters();
