"use strict";
/* The page follows the file: the server reports changes, and what the author was looking at stays in view. */

const STATE = "cuedeck preview";
const page = typeof data === "object"; // a page with only problems has nothing to keep

function keep() {
  const article = [...document.querySelectorAll("article")].find((each) => each.getBoundingClientRect().bottom > 80);
  const state = {
    place: scrollY && article ? [article.getAttribute("aria-label"), article.getBoundingClientRect().top] : null,
    values: Object.fromEntries(["search", ...filters].map((name) => [name, find(name).value])),
    flipped: [...flipped],
    allBacks,
  };
  sessionStorage.setItem(STATE, JSON.stringify(state));
}

function restore() {
  const state = JSON.parse(sessionStorage.getItem(STATE) ?? "null");
  sessionStorage.removeItem(STATE);
  if (!state) return;
  for (const [name, value] of Object.entries(state.values)) {
    find(name).value = value;
    if (find(name).value !== value) find(name).value = ""; // that choice no longer exists
  }
  applyFilters();
  flipAll(state.allBacks);
  state.flipped.forEach((key) => flipped.add(key));
  const [id, top] = state.place ?? [];
  if (!blocks.has(id)) return;
  fill(blocks.get(id));
  settle(() => find(`note-${id}`).getBoundingClientRect().top - top);
}

if (page) {
  history.scrollRestoration = "manual";
  restore();
}

/* The server answers as soon as there is another page, or after a second: a browser opens only six connections to a
   server, and a tab that kept one would leave others without any. A hidden tab does not ask. */
const { version } = document.documentElement.dataset;
const PAUSE = 200; // in milliseconds: until a hidden tab looks whether it is still hidden
const PATIENCE = 2000; // after a question without an answer, since the server may have ended

async function follow() {
  if (document.hidden) {
    setTimeout(follow, PAUSE);
    return;
  }
  try {
    const answer = await fetch(`/version?${version}`);
    const isNewer = answer.ok && (await answer.text()) !== version;
    if (!isNewer) {
      setTimeout(follow, answer.ok ? 0 : PATIENCE);
      return;
    }
    if (page) keep();
    location.reload();
  } catch {
    setTimeout(follow, PATIENCE);
  }
}

follow();
