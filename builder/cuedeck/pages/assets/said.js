"use strict";
/* What is said around the moments of each note. The server has it, so that a page that is kept contains none of it. */

if (data.said) {
  extras.push(async (article, id) => {
    const answer = await fetch(`/said/${id}`);
    if (!answer.ok) return;
    const { passages, places } = await answer.json();
    const made = element("section", "said");
    made.setAttribute("aria-label", `What is said at the moments of ${id}`);
    for (const [when, words] of passages) made.append(passageOf(when, words));
    if (places.length) made.append(element("h5", "", "Other places that are like it"));
    for (const [at, words] of places) made.append(placeOf(at, words));
    article.querySelector(".sides").append(made);
  });
}

function passageOf(when, words) {
  const made = element("details");
  made.open = true;
  made.append(element("summary", "", `Said from ${when.replace("-", " to ")}`));
  const text = element("p");
  text.dir = "auto";
  for (const [word, isMatched] of words) text.append(isMatched ? element("mark", "", word) : word, " ");
  if (!words.length) text.append("Nothing is said there.");
  made.append(text);
  return made;
}

function placeOf(at, words) {
  const line = `at: ${at}`;
  const made = element("p", "place-to-take");
  const button = element("button", "", line);
  const said = element("span", "", `… ${words} …`);
  button.type = "button";
  button.setAttribute("aria-label", `Copy ${line}`);
  said.dir = "auto";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(line);
      button.textContent = `copied: ${line}`;
    } catch {
      getSelection().selectAllChildren(button); // so that it can be copied by hand
    }
  });
  made.append(button, " ", said);
  return made;
}
