/* The catalogue page: draws catalogue.json, which names every component type in every style. */
import { drawCanvas } from "./canvas.js";
import { el } from "./dom.js";

const specimens = await (await fetch("static/catalogue.json")).json();
const said = document.getElementById("last-action");

for (const { title, note, components } of specimens) {
  const drawn = drawCanvas({ content: { components } }, (id) => {
    said.textContent = `Submit of ${id} with ${JSON.stringify(drawn.values)}`;
  });
  document.getElementById("specimens").append(el("section", { className: "specimen", "aria-label": title },
    el("h3", {}, title), el("div", { className: "app-body" }, drawn.element), note && el("p", {}, note)));
}
document.body.dataset.ready = "true";
