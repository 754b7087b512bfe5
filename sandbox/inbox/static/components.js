/* The twelve component types of the Canvas Kit, one drawing function each.
   developers.intercom.com/docs/references/canvas-kit describes attributes and defaults. Each function gets the component and
   the canvas it stands on: `on.submit(id, element)` sends a Submit, `on.values` keeps what the teammate typed or chose. */
import { el, icon, withArrowKeys } from "./dom.js";
import { marked } from "./markdown.js";
import { withTooltip } from "./tooltip.js";

const isBlocked = (component) => Boolean(component.disabled) || component.save_state === "saved";

function follow(action, id, element, on) {
  if (action.type === "submit") on.submit(id, element);
  else if (/^https?:\/\//u.test(action.url ?? "")) open(action.url, "_blank", "noopener,noreferrer");
}

function text(component) {
  const style = component.style ?? "paragraph";
  const heading = style === "header" ? { role: "heading", "aria-level": 4 } : {};
  return el("div", { className: "c-text", data: { style, align: component.align ?? "left" }, ...heading }, ...marked(component.text));
}

function picture({ url, width, height, rounded, alt = "" }) {
  const className = rounded ? "is-rounded" : "";
  const image = url.startsWith(location.origin) || url.startsWith("/")
    ? el("img", { src: url, width, height, alt, className })
    // the simulator never leaves this machine: pictures of other hosts are drawn as a place of the same size
    : el("span", { className: `picture-place ${className}`, title: url, role: "img", "aria-label": alt || `Picture from ${url}` });
  image.style.width = `${width}px`;
  image.style.height = `${height}px`;
  return image;
}

function image(component) {
  let drawn = picture(component);
  if (component.action?.type === "url") {
    drawn = el("a", { href: component.action.url, target: "_blank", rel: "noopener noreferrer", "aria-label": "Open the picture's link" }, drawn);
  }
  return el("div", { className: "c-image", data: { align: component.align ?? "left" } }, drawn);
}

const divider = () => el("hr", { className: "c-divider" });
const spacer = (component) => el("div", { className: "c-spacer", data: { size: component.size ?? "s" } });

function dataTable(component) {
  const pairs = component.items.map(({ field, value }) =>
    el("div", { className: "pair" }, withTooltip(el("dt", {}, field)), withTooltip(el("dd", {}, value))));
  return el("dl", { className: "c-data-table" }, ...pairs);
}

function button(component, on) {
  const style = component.style ?? "primary";
  const outside = component.action.type === "url" && icon("outside");
  return el("div", { className: "c-button" }, el("button", {
    type: "button", disabled: Boolean(component.disabled), data: { style, id: component.id },
    onclick: (event) => follow(component.action, component.id, event.currentTarget, on),
  }, el("span", {}, component.label), outside));
}

function listItem(item, list, on) {
  const blocked = Boolean(list.disabled || item.disabled);
  const action = blocked ? null : item.action;
  const below = [item.subtitle, item.tertiary_text].filter(Boolean).join(" • ");
  const inside = [
    item.image && picture({ url: item.image, width: item.image_width, height: item.image_height, rounded: item.rounded_image }),
    el("span", { className: "words" }, el("span", { className: "title" }, item.title), below && el("span", { className: "below" }, below)),
    item.action && icon(item.action.type === "url" ? "outside" : "chevron", "mark"),
  ];
  const common = { className: blocked ? "row is-disabled" : "row", data: { id: item.id } };
  if (action?.type === "submit") {
    return el("button", { ...common, type: "button", onclick: (event) => on.submit(item.id, event.currentTarget) }, ...inside);
  }
  if (action?.type === "url") return el("a", { ...common, href: action.url, target: "_blank", rel: "noopener noreferrer" }, ...inside);
  return el("div", { ...common, "aria-disabled": blocked ? "true" : undefined }, ...inside);
}

const list = (component, on) =>
  el("ul", { className: "c-list" }, ...component.items.map((item) => el("li", {}, listItem(item, component, on))));

const labelled = (label, id) => label && el("label", { className: "field-label", htmlFor: id }, label);

function input(component, on) {
  on.values[component.id] = component.value ?? "";
  const fieldId = `field-${component.id}`;
  const blocked = isBlocked(component);
  const field = el("input", {
    type: "text", id: fieldId, name: component.id, value: component.value ?? "", placeholder: component.placeholder ?? "",
    disabled: blocked, autocomplete: "off", spellcheck: false, "aria-label": component.label ? undefined : component.placeholder,
    "aria-invalid": component.save_state === "failed" ? "true" : undefined,
    oninput: () => { on.values[component.id] = field.value; },
  });
  const send = component.action && el("button", {
    type: "button", className: "inline-button", disabled: blocked, "aria-label": `Send ${component.label ?? component.id}`,
    data: { id: component.id }, onclick: (event) => follow(component.action, component.id, event.currentTarget, on),
  }, icon(component.save_state === "saved" ? "check" : "arrow"));
  if (send) field.addEventListener("keydown", (event) => { if (event.key === "Enter") send.click(); });
  return el("div", { className: "c-input", data: { saveState: component.save_state ?? "unsaved" } },
    labelled(component.label, fieldId), el("div", { className: send ? "field has-button" : "field" }, field, send));
}

function textarea(component, on) {
  on.values[component.id] = component.value ?? "";
  const fieldId = `field-${component.id}`;
  const field = el("textarea", {
    id: fieldId, name: component.id, value: component.value ?? "", placeholder: component.placeholder ?? "",
    disabled: Boolean(component.disabled), "aria-invalid": component.error ? "true" : undefined,
    "aria-label": component.label ? undefined : component.placeholder, oninput: () => { on.values[component.id] = field.value; },
  });
  return el("div", { className: "c-textarea", data: { saveState: component.error ? "failed" : "unsaved" } },
    labelled(component.label, fieldId), el("div", { className: "field" }, field));
}

function checkbox(component, on) {
  const chosen = new Set(component.value ?? []);
  on.values[component.id] = [...chosen];
  // the reference says `option`, Intercom's tutorial says `options`: both are drawn
  const boxes = (component.options ?? component.option ?? []).map((option) => el("label", {}, el("input", {
    type: "checkbox", checked: chosen.has(option.id), disabled: isBlocked(component) || Boolean(option.disabled),
    onchange: (event) => {
      if (event.target.checked) chosen.add(option.id);
      else chosen.delete(option.id);
      on.values[component.id] = [...chosen];
    },
  }), el("span", {}, option.text)));
  return el("div", { className: "c-checkbox", data: { saveState: component.save_state ?? "unsaved" } },
    el("fieldset", {}, component.label && el("legend", { className: "field-label" }, component.label), ...boxes));
}

function dropdown(component, on) {
  on.values[component.id] = component.value ?? null;
  const fieldId = `field-${component.id}`;
  const nothing = el("option", { value: "", disabled: true, selected: component.value === undefined }, "Choose…");
  const options = component.options.map((option) =>
    el("option", { value: option.id, disabled: Boolean(option.disabled), selected: option.id === component.value }, option.text));
  const field = el("select", {
    id: fieldId, disabled: isBlocked(component), "aria-label": component.label ? undefined : component.id,
    onchange: () => { on.values[component.id] = field.value; },
  }, nothing, ...options);
  return el("div", { className: "c-dropdown", data: { saveState: component.save_state ?? "unsaved" } },
    labelled(component.label, fieldId), el("div", { className: "field" }, field, icon("down", "drop")));
}

function singleSelect(component, on) {
  on.values[component.id] = component.value ?? null;
  const choose = (chosen) => {
    for (const each of choices) each.setAttribute("aria-checked", String(each === chosen));
    on.values[component.id] = chosen.dataset.option;
    if (component.action) follow(component.action, component.id, chosen, on);
  };
  const choices = component.options.map((option) => el("button", {
    type: "button", role: "radio", "aria-checked": String(option.id === component.value), data: { option: option.id },
    disabled: isBlocked(component) || Boolean(option.disabled), onclick: (event) => choose(event.currentTarget),
  }, el("span", {}, option.text)));
  return el("div", { className: "c-single-select", data: { saveState: component.save_state ?? "unsaved" } },
    withArrowKeys(el("div", { role: "radiogroup", "aria-label": component.label ?? component.id },
      component.label && el("span", { className: "field-label" }, component.label), el("div", { className: "choices" }, ...choices)),
    () => choices.filter((choice) => !choice.disabled)));
}

export const COMPONENTS = {
  text, image, divider, spacer, "data-table": dataTable, button, list, input, textarea, checkbox, dropdown, "single-select": singleSelect,
};
