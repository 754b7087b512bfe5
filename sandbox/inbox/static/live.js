/* What changes by itself: the contact as Intercom holds it, and the shop's buttons, whose effects arrive there by the sync. */
import { el } from "./dom.js";
import { drawHeld, drawNobody } from "./held.js";
import { act, live } from "./server.js";

const EVERY_MS = 500;
const EVERY_MS_WHILE_WAITING = 200; // so that the seconds shown are the sync's, not this page's
const LINES_KEPT = 4;
const SYNC = { running: ["Sync is running", ""], starting: ["First backfill is running", ""], stopped: ["Sync is not running", "warn"] };
const SURE_MS = 4_000;

export class Live {
  #shop = document.getElementById("in-the-shop");
  #about = document.getElementById("in-the-shop-about");
  #acts = document.getElementById("acts");
  #log = document.getElementById("act-log");
  #held = document.getElementById("contact-in-intercom");
  #body = document.getElementById("as-held");
  #chip = document.getElementById("sync-chip");
  #told;
  #watched = null;
  #version = "";
  #contactVersion = null;
  #contact = undefined; // undefined: not asked yet; null: there is none
  #waiting = [];
  #timer = null;
  #asking = null;

  /** @param told is given the conversation as Intercom holds it, when it has changed */
  constructor(told) {
    this.#told = told;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#pause() : this.#ask()));
  }

  /** From now on this participant of this conversation. */
  watch(slug, contactId) {
    this.#watched = { slug, contact_id: contactId };
    this.#version = "";
    this.#contactVersion = null;
    this.#contact = undefined;
    this.#waiting = [];
    this.#log.replaceChildren();
    this.#ask();
  }

  /** Something has just been done: the next look is now. */
  look() { this.#ask(); }

  #pause() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #ask() {
    this.#pause();
    if (!this.#watched || document.hidden) return;
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const state = await live({ ...this.#watched, version: this.#version }, asking.signal);
      if (asking.signal.aborted) return;
      if (state.version !== this.#version) this.#show(state);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.#tellSync("stopped", "Sandbox cannot be reached");
    }
    if (this.#version === "none") return;
    this.#timer = setTimeout(() => this.#ask(), this.#waiting.length ? EVERY_MS_WHILE_WAITING : EVERY_MS);
  }

  #show(state) {
    this.#version = state.version;
    if (!state.sync) return;
    this.#shop.hidden = this.#held.hidden = false;
    this.#tellSync(state.sync);
    this.#told(this.#watched.slug, state.thread);
    this.#drawActs(state.shop);
    if (state.intercom_version === this.#contactVersion) return;
    if (this.#contactVersion !== null) this.#arrived();
    this.#contactVersion = state.intercom_version;
    this.#drawContact(state.intercom, state.sync);
  }

  #tellSync(name, words) {
    const [said, tone] = SYNC[name] ?? SYNC.stopped;
    this.#chip.textContent = words ?? said;
    this.#chip.dataset.tone = tone;
  }

  #drawContact(contact, sync) {
    const before = this.#contact;
    this.#contact = contact;
    this.#body.replaceChildren(...(contact ? drawHeld(contact, before ?? undefined, before === null) : drawNobody(sync)));
    document.body.dataset.held = contact ? "contact" : "nobody";
  }

  // the shop

  #drawActs({ who, order, offers }) {
    this.#about.textContent = who ? [who, order && (order.number ?? "order without number")].filter(Boolean).join(" · ") : "";
    for (const offer of offers) {
      const button = this.#acts.querySelector(`[data-act="${offer.name}"]`) ?? this.#button(offer.name);
      button.dataset.reason = offer.reason ?? "";
      button.setAttribute("aria-disabled", String(Boolean(offer.reason)));
      button.title = offer.reason ? `Not now: ${offer.reason}` : "";
      button.dataset.label = offer.label;
      if (!button.dataset.sure) button.textContent = offer.label;
    }
  }

  #button(name) {
    const button = el("button", { type: "button", className: "small-button", data: { act: name }, onclick: () => this.#press(button, name) });
    this.#acts.append(button);
    return button;
  }

  #press(button, name) {
    if (button.dataset.reason) return this.#say(`${button.dataset.label}: ${button.dataset.reason}`, "is-refused");
    if (name === "erase" && !button.dataset.sure) return this.#askWhetherSure(button);
    delete button.dataset.sure;
    return this.#do(name);
  }

  /** Who is erased does not come back before the next start: pressing once is not enough. */
  #askWhetherSure(button) {
    button.dataset.sure = "asked";
    button.textContent = "Really erase?";
    setTimeout(() => { delete button.dataset.sure; button.textContent = button.dataset.label; }, SURE_MS);
    return undefined;
  }

  async #do(name) {
    const watched = this.#watched;
    const began = performance.now();
    const line = this.#say("…");
    this.#waiting.push({ began, line });
    try {
      const { said } = await act({ ...watched, name });
      line.firstChild.textContent = said;
    } catch (error) {
      this.#waiting = this.#waiting.filter((each) => each.line !== line);
      line.firstChild.textContent = error.message;
      line.classList.add("is-refused");
    }
    if (watched === this.#watched) this.#ask();
  }

  #say(words, className = "") {
    const line = el("li", { className }, el("span", {}, words));
    this.#log.prepend(line);
    while (this.#log.children.length > LINES_KEPT) this.#log.lastChild.remove();
    return line;
  }

  /** The contact has changed: that is what every act was waiting for. */
  #arrived() {
    for (const { began, line } of this.#waiting) {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      line.dataset.seconds = seconds;
      line.append(" ", el("span", { className: "arrived" }, `in Intercom after ${seconds} s`));
    }
    this.#waiting = [];
  }
}
