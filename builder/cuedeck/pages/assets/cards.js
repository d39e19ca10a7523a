"use strict";
/* Cards in frames: a shadow tree confines a card's style to the card, and keeps the page's style out of it. */

const htmlOf = window.trustedTypes
  ? trustedTypes.createPolicy("cards", { createHTML: (html) => html })
  : { createHTML: (html) => html };

const isDark = () => {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

/** Return the style sheet that all cards of a page share. */
function cardSheet(style) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":host { all: initial; display: block; color-scheme: inherit; }" + style);
  return sheet;
}

/** Show one side of a card in an element, as Anki does, with the classes of Anki's window; `media` are addresses. */
function showSide(element, sheet, ordinal, html, media) {
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  const frame = document.createElement("div");
  const card = document.createElement("div");
  frame.className = "window";
  card.className = `card card${ordinal + 1}`;
  card.classList.toggle("nightMode", isDark());
  card.innerHTML = htmlOf.createHTML(html);
  for (const link of card.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  for (const each of card.querySelectorAll("[data-file]")) each.src = media[each.dataset.file] ?? each.dataset.file;
  frame.append(card);
  root.replaceChildren(frame);
}

/** Give a shown card the theme of the page. */
function themeSide(element) {
  element.shadowRoot?.querySelector(".card").classList.toggle("nightMode", isDark());
}
