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

/* A browser opens only six connections to a server. A tab that listened to it would keep one of them, so tabs ask. */
const PAUSE = 200; // in milliseconds: between two questions
const PATIENCE = 2000; // after one without an answer, since the server may have ended

async function follow() {
  let pause = PAUSE;
  try {
    const answer = document.hidden ? null : await fetch("/version");
    if (answer?.ok && (await answer.text()) !== document.documentElement.dataset.version) {
      if (page) keep();
      location.reload();
      return;
    }
  } catch {
    pause = PATIENCE;
  }
  setTimeout(follow, pause);
}

follow();
