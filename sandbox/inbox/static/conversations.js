/* The list on the left: search, arrow keys, j and k. Opening a conversation is what makes Intercom call the app. */
import { avatar, el } from "./dom.js";

export class ConversationList {
  #all;
  #open;
  #list = document.getElementById("conversations");
  #filter = document.getElementById("filter");

  constructor(conversations, open) {
    this.#all = conversations;
    this.#open = open;
    this.#filter.addEventListener("input", () => this.#draw());
    this.#filter.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "Enter") { event.preventDefault(); this.#buttons[0]?.focus(); }
      if (event.key === "Escape") { this.#filter.value = ""; this.#draw(); }
    });
    this.#list.addEventListener("keydown", (event) => {
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in steps) { event.preventDefault(); this.move(steps[event.key], { focus: true }); }
    });
    this.#draw();
  }

  get #buttons() { return [...this.#list.querySelectorAll("button")]; }
  get current() { return this.#list.querySelector("[aria-current=true]")?.dataset.slug; }

  search() { this.#filter.focus(); }

  /** Mark `slug` as the open one; false when there is no such conversation. */
  mark(slug) {
    const found = this.#all.find((each) => each.slug === slug);
    this.selected = found?.slug;
    for (const button of this.#buttons) this.#tell(button);
    this.#list.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
    return found;
  }

  move(step, { focus = false } = {}) {
    const buttons = this.#buttons;
    const at = buttons.findIndex((button) => button.dataset.slug === this.selected);
    const next = buttons[Math.min(buttons.length - 1, Math.max(0, at + step))];
    if (!next || next === buttons[at]) return;
    this.#open(next.dataset.slug, { keepPane: true });
    if (focus) next.focus();
  }

  #tell(button) {
    const isOpen = button.dataset.slug === this.selected;
    if (isOpen) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    // one stop for Tab, the arrows do the rest
    button.tabIndex = isOpen || (!this.selected && button === this.#buttons[0]) ? 0 : -1;
  }

  #draw() {
    const wanted = this.#filter.value.trim().toLocaleLowerCase();
    const shown = this.#all.filter((each) =>
      [each.label, each.about, each.snippet, each.contact.email].join(" ").toLocaleLowerCase().includes(wanted));
    this.#list.replaceChildren(...shown.map((each) => el("li", {}, this.#row(each))));
    if (!shown.length) this.#list.append(el("li", { className: "none" }, "No conversation found."));
    for (const button of this.#buttons) this.#tell(button);
    if (shown.length && !this.#list.querySelector("[tabindex='0']")) this.#buttons[0].tabIndex = 0;
  }

  #row({ slug, label, snippet }) {
    const [name, subject] = label.split(" — "); // "Anna Kowalska — Where is my parcel?"
    return el("button", { type: "button", data: { slug }, onclick: () => this.#open(slug) },
      avatar(name), el("span", { className: "name", dir: "auto" }, name), el("span", { className: "case" }, subject),
      el("span", { className: "snippet", dir: "auto" }, snippet));
  }
}
