"use strict";
/* The look of the page, which is remembered if the browser allows it, and the keyboard shortcuts. */

const remembered = (name) => {
  try {
    return localStorage.getItem(`cuedeck ${name}`);
  } catch {
    return null; // a browser may not allow storage for files
  }
};
const remember = (name, value) => {
  try {
    localStorage.setItem(`cuedeck ${name}`, value);
  } catch {
    /* then the choice lasts until the page is closed */
  }
};

const looks = {
  width(value) {
    document.documentElement.dataset.width = value;
  },
  theme(value) {
    if (value === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
    document.querySelectorAll(".frame").forEach(themeSide);
  },
};

function setLook(name, value) {
  const choice = document.querySelector(`#${name} input[value="${CSS.escape(value)}"]`);
  if (!choice) return;
  choice.checked = true;
  looks[name](value);
  remember(name, value);
}

for (const name of Object.keys(looks)) {
  const chosen = document.querySelector(`#${name} input:checked`).value;
  const narrow = name === "width" && innerWidth < 720 ? "phone" : null;
  looks[name](chosen);
  setLook(name, remembered(name) ?? narrow ?? chosen);
  find(name).addEventListener("change", (event) => setLook(name, event.target.value));
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.querySelectorAll(".frame").forEach(themeSide);
});

function nextLook(name) {
  const choices = [...document.querySelectorAll(`#${name} input`)].map((each) => each.value);
  const now = document.querySelector(`#${name} input:checked`).value;
  setLook(name, choices[(choices.indexOf(now) + 1) % choices.length]);
}

/** Move to the next or the previous card. Without a card in focus, go to the first one in the window. */
function step(direction) {
  const focused = document.activeElement.closest?.(".card-box");
  const boxes = [...document.querySelectorAll(".card-box")].filter((box) => box.getClientRects().length);
  const top = tools.getBoundingClientRect().bottom;
  const first = boxes.findIndex((box) => box.getBoundingClientRect().bottom > top);
  const to = focused ? boxes.indexOf(focused) + direction : first;
  const button = boxes[to]?.querySelector(".flip");
  button?.focus({ preventScroll: true });
  button?.scrollIntoView({ block: "nearest" });
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  f: () => flipAll(),
  w: () => nextLook("width"),
  t: () => setLook("theme", isDark() ? "light" : "dark"),
  "/": () => find("search").focus(),
  "?": () => find("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || find("keys").open) return;
  if (event.key === "Escape") {
    clearFilters();
    return;
  }
  if (event.target.matches?.("input[type=search], select") || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});
find("help").addEventListener("click", () => find("keys").showModal());
