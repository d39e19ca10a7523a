"use strict";
/* The list of notes. All have room on the page, but it contains only those near the window: ten thousand scroll well. */

const data = JSON.parse(document.getElementById("data").textContent);
const sheet = cardSheet(data.style);
const find = (id) => document.getElementById(id);
const cardsRoot = find("cards");
const tools = document.querySelector(".tools"); // always at the top, so scrolling to something must end below them
const NOTES_A_BLOCK = 12;
const NOTE_HEIGHT = 330; // an estimate in pixels, until it is known
const flipped = new Set(); // cards that do not show the side given by allBacks: "note id/ordinal"
const blocks = new Map(); // by note id
const extras = []; // functions that add something to the article of a note, which other scripts put here
let allBacks = false;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** List the notes in some groups that fit. If not all of them are listed, a passage without one has no heading. */
function listNotes(groups, fits, all) {
  near.disconnect();
  blocks.clear();
  const listed = [];
  for (const group of groups) {
    const parts = group.sections.map((section) => [section, section.notes.filter(fits)]);
    const shown = parts.filter(([, ids]) => all || ids.length);
    if (data.groups.length > 1 && shown.length) listed.push(element("h2", "", group.title));
    for (const [section, ids] of shown) listed.push(headingOf(section), ...blocksOf(ids));
  }
  cardsRoot.replaceChildren(...listed);
  const made = [...new Set(blocks.values())];
  made.slice(0, 1).forEach(fill); // now, so that shortcuts find a card before the observer has filled its block
  for (const block of made) near.observe(block);
}

function headingOf(section) {
  const heading = element("div", section.gap ? "passage gap" : "passage");
  const title = element("h3");
  heading.id = section.id;
  heading.tabIndex = -1;
  if (section.clock) title.append(element("span", "clock", section.clock), " ");
  title.append(section.title);
  heading.append(title);
  if (section.words) heading.append(element("p", "", section.words));
  return heading;
}

function blocksOf(ids) {
  const made = [];
  for (let start = 0; start < ids.length; start += NOTES_A_BLOCK) {
    const block = element("div", "block");
    block.ids = ids.slice(start, start + NOTES_A_BLOCK);
    block.style.height = `${block.ids.length * NOTE_HEIGHT}px`;
    for (const id of block.ids) blocks.set(id, block);
    made.push(block);
  }
  return made;
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) fill(target);
      else empty(target);
    }
  },
  { rootMargin: "800px 0px" },
);

function fill(block) {
  if (block.firstChild) return;
  block.append(...block.ids.map(articleOf));
  block.style.height = "";
}

/** Remove the notes from a block, which keeps its height, unless the focus is in it. */
function empty(block) {
  if (!block.firstChild || block.contains(document.activeElement)) return;
  block.style.height = `${block.getBoundingClientRect().height}px`;
  block.replaceChildren();
}

function articleOf(id) {
  const note = data.notes[id];
  const made = document.importNode(find("note").content, true).querySelector("article");
  made.id = `note-${id}`;
  made.setAttribute("aria-label", id);
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
  for (const [level, rule, message, hint, fix] of note.remarks) {
    const item = element("li", level);
    item.append(element("span", "rule", rule), " ", element("span", "", message));
    if (hint) item.append(element("span", "hint", hint));
    if (fix) item.append(fixOf(...fix));
    made.querySelector(".remarks").append(item);
  }
  for (const pair of note.pictures) made.querySelector(".sides").append(pairOf(pair));
  note.cards.forEach((card) => made.querySelector(".sides").append(cardBox(id, card)));
  for (const add of extras) add(made, id);
  return made;
}

function fixOf(old, instead) {
  const made = element("span", "fix");
  made.append(element("del", "", old), " → ", element("ins", "", instead));
  return made;
}

/** Return a picture that has changed, as it was and as it is now. */
function pairOf(names) {
  const pair = element("div", "pair");
  names.forEach((name, number) => {
    const shown = element("figure");
    const picture = element("img");
    picture.src = data.media[name] ?? name;
    picture.alt = "";
    shown.append(element("figcaption", "", number ? "now" : `in ${data.before}`), picture);
    pair.append(shown);
  });
  return pair;
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
    for (const frame of box.querySelectorAll(".frame")) showSide(frame, sheet, ordinal, isBack ? back : front, data.media);
  };
  const flip = () => {
    if (!flipped.delete(key)) flipped.add(key);
    show();
  };
  button.addEventListener("click", flip);
  const frames = box.querySelector(".frames");
  let pressed = [0, 0];
  frames.addEventListener("pointerdown", (event) => (pressed = [event.clientX, event.clientY]));
  frames.addEventListener("click", (event) => {
    const onControl = event.composedPath().some((each) => ["A", "AUDIO"].includes(each.tagName));
    const moved = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]);
    if (!onControl && moved < 5) flip(); // a drag selects text
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

/* A click on a passage, anywhere on the page, goes to its notes, and clears filters that would hide them. */

function goTo(id) {
  if (!find(id)) clearFilters();
  const note = id.replace(/^note-/, "");
  if (blocks.has(note)) fill(blocks.get(note));
  const target = find(id);
  if (!target) return;
  target.focus({ preventScroll: true });
  settle(() => target.getBoundingClientRect().top - tools.getBoundingClientRect().height);
}

/** Scroll until `missing` is 0. Blocks are filled only when they come into view, and then change their height. */
function settle(missing, frames = 10) {
  scrollBy(0, missing());
  if (frames) requestAnimationFrame(() => settle(missing, frames - 1));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  goTo(link.getAttribute("href").slice(1));
});

new ResizeObserver(() => {
  document.documentElement.style.setProperty("--tools", `${tools.offsetHeight}px`);
}).observe(tools);
