"use strict";
// What both pages share. Texts of notices enter the page as text nodes alone.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === "label") made.dataset.label = value;
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

// Offsets count code points, of which JavaScript's strings know nothing.
const charactersOf = (() => {
  const known = new Map();
  return (text) => {
    if (!known.has(text)) known.set(text, Array.from(text));
    return known.get(text);
  };
})();

// The text from one place to another with its entities marked: {start, end, label, cases}.
function marked(text, start, end, entities, focus) {
  const characters = charactersOf(text);
  const box = element("div", { className: "chinese", lang: "zh" });
  let last = start;
  if (start > 0) box.append("…");
  for (const entity of entities) {
    if (entity.end <= start || entity.start >= end) continue;
    const from = Math.max(entity.start, start), to = Math.min(entity.end, end);
    box.append(characters.slice(last, from).join(""));
    const isFocus = focus && entity.start < focus.end && entity.end > focus.start;
    const mark = element("mark", { label: entity.label, title: entity.label, className: isFocus ? "focus" : "" });
    mark.append(characters.slice(from, to).join(""));
    // A word joiner, so that no line begins with the numbers.
    if (entity.cases.length) mark.append("\u2060", element("sup", {}, entity.cases.join(",")));
    box.append(mark);
    last = to;
  }
  box.append(characters.slice(last, end).join(""));
  if (end < characters.length) box.append("…");
  return box;
}

// A list that is filtered and shown a page at a time, so that thousands of items cost nothing before they are asked for.
function filteredList({ items, list, filters, output, more, matches, show, noun, page = 50, changed = () => {} }) {
  let found = [], shown = 0;
  const controls = filters.map(byId);
  const showMore = () => {
    const next = found.slice(shown, shown + page);
    byId(list).append(...next.map(show));
    shown += next.length;
    byId(more).hidden = shown >= found.length;
  };
  const update = () => {
    const values = controls.map((control) => control.value.trim());
    found = items.filter((item) => matches(item, ...values));
    shown = 0;
    byId(list).replaceChildren();
    byId(output).textContent = `${found.length} of ${items.length} ${noun}`;
    showMore();
    changed(found);
  };
  for (const control of controls) control.addEventListener(control.tagName === "SELECT" ? "change" : "input", update);
  byId(more).addEventListener("click", showMore);
  update();
  return { set: (...values) => { controls.forEach((control, i) => { control.value = values[i]; }); update(); } };
}
