"use strict";
(() => {
  const form = document.getElementById("filters");
  const said = document.getElementById("shown");
  const cards = [...document.querySelectorAll(".card")];
  const rows = [...document.querySelectorAll("tr[data-area]")];
  const columns = [...document.querySelectorAll(".column")];
  const field = (name) => form.elements[name].value.trim().toLowerCase();
  const fits = (one, area, head) =>
    (!area || one.dataset.area.toLowerCase() === area) && (!head || one.dataset.head.toLowerCase() === head);
  const update = () => {
    const words = field("search").split(/\s+/).filter(Boolean);
    const [area, head, rag] = [field("area"), field("head"), field("rag")];
    const late = form.elements.late.checked;
    let shown = 0;
    for (const card of cards) {
      const fit = fits(card, area, head)
        && (!rag || card.dataset.rag.toLowerCase() === rag)
        && (!late || card.dataset.late !== "0")
        && words.every((word) => card.dataset.words.includes(word));
      card.hidden = !fit;
      shown += fit ? 1 : 0;
    }
    for (const row of rows) {
      row.hidden = !fits(row, area, head) || !words.every((word) => row.textContent.toLowerCase().includes(word));
    }
    const narrowed = words.length > 0 || area || head || rag || late;
    for (const column of columns) {
      const left = column.querySelectorAll(".card:not([hidden])").length;
      column.hidden = left === 0;
      const folded = column.querySelector("details");
      if (folded && narrowed) { folded.open = left > 0 && left <= 50; }
    }
    said.textContent = narrowed
      ? `${shown} of ${cards.length} cases shown.`
      : `All ${cards.length} cases shown.`;
  };
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => { event.preventDefault(); update(); });
  form.addEventListener("reset", () => { setTimeout(update, 0); });
  document.documentElement.classList.add("live");
  update();
})();
