let chosen = [];
for (const item of data.cases) {
  const notice = data.notices[item.notice];
  item.searched = [item.subject, item.organ, ...item.positions, ...item.violations, ...item.sanctions, notice.id, notice.title].join("\n");
}

function noticeRow(item) {
  const notice = data.notices[item.notice];
  const entities = notice.entities.map(([start, end, label, cases]) => ({ start, end, label, cases }));
  const heading = [notice.title, notice.source || notice.id, `case ${item.number}`].filter(Boolean).join(" · ");
  return element("tr", { className: "opened" }, element("td", { className: "text", colSpan: 6 },
    element("p", { className: "note" }, heading),
    marked(notice.text, 0, charactersOf(notice.text).length, entities)));
}

function showCase(item) {
  const button = element("button", { type: "button", className: "count", lang: "zh", ariaExpanded: "false" }, item.subject);
  const cell = (texts) => element("td", { className: "text chinese", lang: "zh" }, texts.join("\n"));
  const row = element("tr", {}, element("td", { className: "text chinese" }, button),
    cell(item.positions), cell(item.violations), cell(item.sanctions),
    cell([item.date]), cell([item.organ === "not told" ? "" : item.organ]));
  let opened = null;
  button.addEventListener("click", () => {
    if (opened) { opened.remove(); opened = null; } else { opened = noticeRow(item); row.after(opened); }
    button.ariaExpanded = String(opened !== null);
  });
  return row;
}

filteredList({
  items: data.cases, list: "case-list", output: "case-count", more: "case-more", noun: "cases", show: showCase, page: 100,
  filters: ["case-kind", "case-stage", "case-year", "case-search"],
  matches: (item, kind, stage, year, search) =>
    (!kind || item.kinds.includes(kind)) && (!stage || item.stage === stage) && (!year || item.date.startsWith(year))
    && (!search || item.searched.includes(search)),
  changed: (found) => { chosen = found; },
});

byId("case-csv").addEventListener("click", () => {
  // The mark in front tells spreadsheets that it is UTF-8; the lines are those of `tongbao tag --output OUT.csv`.
  const file = new Blob(["\ufeff", data.header, ...chosen.map((item) => item.csv)], { type: "text/csv" });
  const link = element("a", { href: URL.createObjectURL(file), download: "cases.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
});
