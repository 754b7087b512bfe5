/* Building elements without markup strings: whatever the shop or a contact wrote stays text. */

export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "data") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const DRAWINGS = {
  chevron: "M6 3.5 10.5 8 6 12.5",
  outside: "M6.5 3.5H3.5v9h9v-3M9 3.5h3.5V7M12.5 3.5 7.5 8.5",
  arrow: "M3 8h10M9 4l4 4-4 4",
  check: "M3.5 8.5 6.5 11.5 12.5 5",
  down: "M4 6.5 8 10.5 12 6.5",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5V5h-2.5",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3 13.5 13.5",
  box: "M2.5 5 8 2.2 13.5 5v6L8 13.8 2.5 11ZM2.5 5 8 7.8 13.5 5M8 7.8v6",
  theme: "M8 2.5a5.5 5.5 0 1 0 0 11ZM8 2.5a5.5 5.5 0 0 1 0 11",
  cross: "M5.5 5.5l5 5M10.5 5.5l-5 5M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Z",
};

export function icon(name, className = "") {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon ${className}`.trim());
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}

export function avatar(name) {
  const words = (name || "?").match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? ["?"];
  const first = [...words[0]][0];
  const isLatin = /\p{Script=Latin}|\p{Script=Cyrillic}|\p{Script=Greek}/u.test(first);
  const letters = words.length > 1 && isLatin ? first + [...words.at(-1)][0] : first;
  const tone = [...(name || "?")].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 5;
  return el("span", { className: "avatar", "aria-hidden": "true", data: { tone } }, letters.toLocaleUpperCase());
}

/** Arrow keys go from one of `members()` to the next, as in every tab list and radio group. */
export function withArrowKeys(container, members) {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  container.addEventListener("keydown", (event) => {
    const all = members();
    const at = all.indexOf(document.activeElement);
    if (!(event.key in steps) || at < 0) return;
    event.preventDefault();
    all[(at + steps[event.key] + all.length) % all.length].focus();
  });
  return container;
}
