"use strict";
/* Searching and filtering. In a course, a recording that is chosen also shows its timeline. */

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const SIGNS = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"' };
const texts = new Map(); // by note id, made when first searched

function textOf(id) {
  let text = texts.get(id);
  if (text === undefined) {
    const note = data.notes[id];
    const html = note.cards.map(([, , front, back]) => `${front} ${back}`).join(" ");
    const plain = html
      .replace(/<math[^>]* alttext="([^"]*)"/g, "$1<")
      .replace(/<(?:img|audio) data-file="[^"]*" (?:alt|aria-label)="([^"]*)"/g, " $1 <")
      .replace(/<[^>]*>/g, "");
    const read = plain
      .replace(/&(?:lt|gt|amp|quot);/g, (sign) => SIGNS[sign])
      .replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)));
    text = folded([id, data.concepts[note.concept], read].join("\n").replace(/\s+/g, " "));
    texts.set(id, text);
  }
  return text;
}

const filters = ["recording", "concept", "tag", "kind", "state"];
const isCourse = data.groups.length > 1;
const states = {
  new: ["New", (note) => note.status === "new"],
  changed: ["Changed", (note) => note.status === "changed"],
  either: ["New or changed", (note) => note.status !== "unchanged"],
  rerendered: ["Rerendered", (note) => note.status === "rerendered"],
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
  const { recording } = chosen;
  const groups = recording ? data.groups.filter((group) => group.id === recording) : data.groups;
  const filtering = words.length > 0 || filters.some((name) => chosen[name]);
  const all = !words.length && filters.every((name) => !chosen[name] || name === "recording");
  listNotes(groups, (id) => fits(id, words, chosen), all);
  if (isCourse) showRecording(recording);
  const cards = [...blocks.keys()].reduce((sum, id) => sum + data.notes[id].cards.length, 0);
  const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  find("count").textContent = `${counted(blocks.size, "note")}, ${counted(cards, "card")}`;
  find("none").hidden = blocks.size > 0;
  find("clear").hidden = !filtering;
  for (const name of filters) find(name).classList.toggle("set", Boolean(chosen[name]));
}

/** Mark a recording in the list, and show its timeline below; "" shows none. */
function showRecording(id) {
  const shown = find("chosen-recording");
  if (shown.dataset.of === id) return;
  shown.dataset.of = id;
  shown.replaceChildren(...(id ? [document.importNode(find(`timeline-${id}`).content, true)] : []));
  const list = document.querySelector(".recordings");
  for (const row of list.querySelectorAll("button")) {
    const isChosen = row.dataset.recording === id;
    row.setAttribute("aria-pressed", String(isChosen));
    if (isChosen) reveal(row, list);
  }
}

/** Scroll a list, and nothing around it, until a row of it is in view. */
function reveal(row, list) {
  const [inner, outer] = [row, list].map((each) => each.getBoundingClientRect());
  if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - inner.height;
}

function choose(name, value) {
  find(name).value = value;
  applyFilters();
  cardsRoot.focus({ preventScroll: true });
  tools.scrollIntoView();
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
  const count = (group) => group.sections.reduce((sum, section) => sum + section.notes.length, 0);
  offer("recording", "All recordings", data.groups.map((group) => [group.id, group.title, count(group)]));
  find("recording").parentElement.hidden = !isCourse;
  for (const row of document.querySelectorAll("[data-recording]")) {
    row.addEventListener("click", () => {
      const id = row.dataset.recording;
      find("recording").value = find("recording").value === id ? "" : id;
      applyFilters();
    });
  }
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

/** Prepare the texts for the search, a few at a time, so that the page never stalls. */
function prepare(ids) {
  ids.splice(0, 200).forEach(textOf);
  if (ids.length) setTimeout(prepare, 0, ids);
}

makeFilters();
applyFilters();
if (location.hash) goTo(location.hash.slice(1));
prepare(Object.keys(data.notes));
