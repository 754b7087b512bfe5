/* Draws one canvas. A canvas always replaces the one before it whole, as in the Inbox. */
import { COMPONENTS } from "./components.js";
import { el } from "./dom.js";

function unknown(component, why) {
  return el("div", { className: "c-unknown", role: "note" }, `Not drawable: ${component?.type ?? "no type"} (${why})`);
}

function drawn(component, on) {
  const draw = COMPONENTS[component?.type];
  if (!draw) return unknown(component, "no such component type");
  try {
    return draw(component, on);
  } catch (error) {
    // a component that breaks the catalogue's rules must be seen, not swallowed
    return unknown(component, `breaks its rules: ${error.message}`);
  }
}

/** @returns {{element: HTMLElement, values: object}} `values` is kept up to date: the input_values of the next Submit */
export function drawCanvas(canvas, submit) {
  const on = { values: {}, submit };
  const parts = (canvas.content?.components ?? []).map((component) => {
    const element = drawn(component, on);
    element.classList.add("component");
    if (component?.bottom_margin === "none") element.dataset.bottomMargin = "none";
    return element;
  });
  return { element: el("div", { className: "canvas" }, ...parts), values: on.values };
}
