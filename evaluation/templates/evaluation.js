const CONTEXT = 24;
const WORDS = {
  new: { text: "new: the other model has it right", className: "worse" },
  shared: { text: "made by both", className: "muted" },
  mended: { text: "mended: only the other model has it wrong", className: "better" },
};
const LINKED = ["POSITION", "VIOLATION", "SANCTION"];
const entitiesOf = (rows) => rows.map(([start, end, label, cases, score]) => ({ start, end, label, cases, score }));
for (const notice of data.notices) {
  notice.gold = entitiesOf(notice.gold);
  notice.found = entitiesOf(notice.found);
  notice.other = entitiesOf(notice.other || []);
}

function side(title, notice, entities, start, end, focus) {
  return element("div", { className: "side" }, element("small", {}, title), marked(notice.text, start, end, entities, focus));
}

const errors = data.errors.map((error) => {
  const notice = data.notices[error.notice];
  const characters = charactersOf(notice.text);
  const start = Math.max(0, error.start - CONTEXT), end = Math.min(characters.length, error.end + CONTEXT);
  return { ...error, notice, from: start, to: end, searched: `${notice.id} ${characters.slice(start, end).join("")}` };
});

function showError(error) {
  const head = element("div", { className: "head" },
    element("b", {}, error.label), element("span", {}, error.kind === "wrong label" ? `found as ${error.found}` : error.kind),
    element("span", { className: "muted" }, `${error.notice.id}, line ${error.line} · ${error.notice.form}`),
    error.state ? element("span", { className: WORDS[error.state].className }, WORDS[error.state].text) : null,
    error.score === null ? null : element("span", { className: "muted" }, `score ${error.score.toFixed(2)}`));
  const sides = element("div", { className: "sides" },
    side("gold", error.notice, error.notice.gold, error.from, error.to, error),
    // What is mended is shown as the other model had it.
    error.state === "mended" ? side("found by the other model", error.notice, error.notice.other, error.from, error.to, error)
      : side("found", error.notice, error.notice.found, error.from, error.to, error));
  return element("div", { className: "error" }, head, sides);
}

const errorList = filteredList({
  items: errors, list: "error-list", output: "error-count", more: "error-more", noun: "errors", show: showError,
  filters: ["error-label", "error-kind", "error-form", "error-search", "error-state"],
  matches: (error, label, kind, form, search, state) =>
    (!error.state || (state ? error.state === state : error.state !== "mended")) &&
    (!label || error.label === label || error.found === label) && (!kind || error.kind === kind)
    && (!form || error.notice.form === form) && (!search || error.searched.includes(search)),
});
for (const button of document.querySelectorAll("button[data-error-label]")) {
  button.addEventListener("click", () => {
    errorList.set(button.dataset.errorLabel, button.dataset.errorKind, "", "", "");
    byId("errors").scrollIntoView();
  });
}

function caseCells(found) {
  const cells = found ? [found.subject, ...LINKED.map((label) => found[label].join("\n"))] : ["–", "", "", ""];
  return cells.map((cell) => element("td", { className: "text chinese", lang: "zh" }, cell));
}

function caseTable(notice) {
  const head = ["", "subject", ...LINKED].map((name) => element("th", { className: "left" }, name));
  const body = element("tbody");
  for (const [gold, found] of notice.cases) {
    body.append(
      element("tr", { className: "first" }, element("td", { className: "top" }, "gold"), ...caseCells(gold)),
      element("tr", {}, element("td", { className: "top" }, "found"), ...caseCells(found)));
  }
  return element("div", { className: "wide" }, element("table", {}, element("thead", {}, element("tr", {}, ...head)), body));
}

function showNotice(notice) {
  const counted = (number, noun) => `${number || "no"} ${noun}${number > 1 ? "s" : ""}`;
  const summary = element("summary", {}, element("b", {}, notice.id), element("span", { className: "muted" }, notice.form),
    element("span", { className: notice.errors ? "worse" : "better" }, counted(notice.errors, "error")),
    element("span", { className: "muted" }, `F1 ${notice.f1.toFixed(3)} · ${counted(notice.cases.length, "case")}`),
    element("span", { className: "muted", lang: "zh" }, charactersOf(notice.text).slice(0, 30).join("").replaceAll("\n", " ")));
  const box = element("details", { className: "notice" }, summary);
  box.addEventListener("toggle", () => {
    if (box.children.length > 1) return;
    const end = charactersOf(notice.text).length;
    box.append(element("div", { className: "sides" },
      side("gold", notice, notice.gold, 0, end), side("found", notice, notice.found, 0, end)));
    if (notice.cases.length) box.append(caseTable(notice));
  });
  return box;
}

filteredList({
  items: data.notices, list: "notice-list", output: "notice-count", more: "notice-more", noun: "notices", show: showNotice,
  filters: ["notice-form", "notice-state", "notice-search"],
  matches: (notice, form, state, search) =>
    (!form || notice.form === form) && (!state || (state === "wrong") === (notice.errors > 0))
    && (!search || notice.id.includes(search) || notice.text.includes(search)),
});
