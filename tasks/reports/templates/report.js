"use strict";
for (const drill of document.querySelectorAll(".drill")) drill.open = false;
function reveal() {
  const drill = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (drill instanceof HTMLDetailsElement) { drill.open = true; drill.scrollIntoView(); drill.firstElementChild.focus(); }
}
addEventListener("hashchange", reveal);
addEventListener("click", (event) => { if (event.target.closest && event.target.closest("a[href^='#d-'],a[href^='#c-']")) setTimeout(reveal); });
addEventListener("beforeprint", () => { for (const d of document.querySelectorAll(".drill")) if (d.querySelector(".finding")) d.open = true; for (const d of document.querySelectorAll(".chapter")) d.open = true; });
reveal();
for (const table of document.querySelectorAll("table.sortable")) {
  table.querySelectorAll("thead th").forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const value = (row) => row.cells[column].dataset.sort || row.cells[column].textContent;
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => (up ? 1 : -1) * value(a).localeCompare(value(b), "en", { numeric: true }));
      table.tBodies[0].append(...rows);
    });
  });
}
const form = document.querySelector(".filters");
const rows = [...document.querySelectorAll("#all-findings tbody tr")];
function filter() {
  const wanted = [...new FormData(form)].filter(([, value]) => value);
  for (const row of rows) row.hidden = !wanted.every(([name, value]) => row.dataset[name] === value);
  form.querySelector("output").textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
}
form.hidden = false;
form.addEventListener("input", filter);
filter();
const label = document.getElementById("edge-label");
for (const edge of document.querySelectorAll(".edge"))
  for (const kind of ["mouseenter", "focus"]) edge.addEventListener(kind, () => { label.textContent = edge.dataset.label; });
