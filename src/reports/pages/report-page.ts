for (const header of document.querySelectorAll<HTMLTableCellElement>("th[data-sortable]")) {
  header.querySelector("button")?.addEventListener("click", () => sortBy(header));
}

/** Sorts the rows of the header's table by its column; a second click turns the order round. */
function sortBy(header: HTMLTableCellElement): void {
  const table = header.closest("table");
  const body = table?.tBodies[0];
  if (!table || !body) return;
  const isDescending = header.getAttribute("aria-sort") !== "descending";
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
  const column = header.cellIndex;
  const rows = [...body.rows].map((row) => ({ row, key: row.cells[column]?.dataset.value ?? "" }));
  const isNumber = header.dataset.sortable === "number";
  rows.sort((a, b) => (isNumber ? numberOf(a.key) - numberOf(b.key) : a.key.localeCompare(b.key, "en")));
  if (isDescending) rows.reverse();
  body.append(...rows.map(({ row }) => row));
}

/** A cell without a value sorts below all numbers. */
function numberOf(key: string): number {
  return key === "" ? Number.NEGATIVE_INFINITY : Number(key);
}
