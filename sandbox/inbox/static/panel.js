/* The app's section of the side bar: loading, canvas, failure; and beneath it what the call took. */
import { drawCanvas } from "./canvas.js";
import { el, icon } from "./dom.js";
import { submit as send, open as ask } from "./server.js";
import { hideTooltip } from "./tooltip.js";

const FIRST_SCREEN_PX = 400; // developers.intercom.com/docs/canvas-kit/canvas-kit-inbox-best-practices

const ASKED_AT_ONCE = 5; // developers.intercom.com/docs/canvas-kit: "up to the first 5 participants"

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

export class Panel {
  #body = document.getElementById("app");
  #figures = document.getElementById("figures");
  #foldSwitch = document.getElementById("show-fold");
  #options;
  #running = null;
  #asked = null;
  #early = new Map();
  #drawn = null;
  #canvas = null;
  #isFirst = true;

  /** @param options gives the variants of the request that are switched on */
  constructor(options, told) {
    this.#options = options;
    this.told = told;
    this.#foldSwitch.checked = localStorage.getItem("inbox-fold") !== "off";
    this.#foldSwitch.addEventListener("change", () => {
      localStorage.setItem("inbox-fold", this.#foldSwitch.checked ? "on" : "off");
      this.#drawFold();
    });
  }

  /** Initialize, as on opening a conversation: of a group, for the first five participants at the same time. */
  open(slug, participants) {
    this.#early = new Map(participants.slice(1, ASKED_AT_ONCE).map(({ id }) => [id, ask(this.#request(slug, id))]));
    for (const answer of this.#early.values()) answer.catch(() => {}); // told when that participant is chosen
    return this.#open(slug, participants[0].id);
  }

  /** Another participant of the same conversation; asked for now unless that was done on opening. */
  choose(contactId) {
    const early = this.#early.get(contactId);
    this.#early.delete(contactId);
    return this.#open(this.#asked.slug, contactId, early);
  }

  reload() {
    return this.#asked && this.#open(this.#asked.slug, this.#asked.contact_id);
  }

  #request(slug, contactId) {
    return { slug, contact_id: contactId, options: this.#options() };
  }

  #open(slug, contactId, early) {
    this.#asked = { slug, contact_id: contactId };
    this.#isFirst = true;
    this.#drawWaiting();
    return this.#call((signal) => early ?? ask(this.#request(slug, contactId), signal));
  }

  async #submit(componentId, element) {
    if (this.#running) return;
    this.#isFirst = false;
    element.classList.add("is-waiting");
    this.#drawn.element.setAttribute("aria-busy", "true");
    const hadFocus = this.#body.contains(document.activeElement);
    await this.#call((signal) => send({
      ...this.#asked, options: this.#options(), component_id: componentId, input_values: this.#drawn.values, current_canvas: this.#canvas,
    }, signal));
    if (hadFocus) this.#body.focus({ preventScroll: true });
  }

  async #call(work) {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const began = performance.now();
    const ticking = setInterval(() => this.#tell(`${((performance.now() - began) / 1000).toFixed(1)} s`), 500);
    document.body.dataset.panel = "loading";
    hideTooltip();
    let exchange;
    try {
      exchange = await work(running.signal);
    } catch (error) {
      exchange = { canvas: null, ms: Math.round(performance.now() - began), problem: error.message, request: "", answer: null };
    } finally {
      clearInterval(ticking);
    }
    if (running.signal.aborted) return; // another conversation was opened meanwhile
    this.#running = null;
    this.#show(exchange);
  }

  #show(exchange) {
    this.#canvas = exchange.canvas;
    if (exchange.canvas) {
      this.#drawn = drawCanvas(exchange.canvas, (id, element) => this.#submit(id, element));
      this.#body.replaceChildren(this.#drawn.element);
    } else {
      this.#drawn = null;
      this.#isFirst = false;
      this.#body.replaceChildren(el("p", { className: "went-wrong", role: "alert" }, icon("cross"), "Something went wrong"));
    }
    this.#scrollToTop();
    this.#drawFold();
    this.#drawFigures(exchange);
    document.body.dataset.panel = exchange.canvas ? "shown" : "failed";
    this.told(exchange);
  }

  /** A new screen is read from its top; nothing moves when that is in sight. */
  #scrollToTop() {
    const scroller = this.#body.closest(".scroll");
    const top = this.#body.closest("section").offsetTop;
    if (scroller.scrollTop > top) scroller.scrollTop = top;
  }

  #drawWaiting() {
    this.#body.replaceChildren(el("div", { className: "waiting", role: "status", "aria-label": "Loading" },
      ...Array.from({ length: 5 }, () => el("i"))));
    this.#drawFold();
  }

  #drawFold() {
    this.#body.querySelector(".fold")?.remove();
    const drawn = this.#isFirst && this.#foldSwitch.checked;
    this.#body.classList.toggle("with-fold", drawn);
    if (drawn) this.#body.append(el("div", { className: "fold", "aria-hidden": "true" }, el("span", {}, `${FIRST_SCREEN_PX} px: first screen ends here`)));
  }

  #tell(...pieces) { this.#figures.replaceChildren(...pieces); }

  #drawFigures({ ms, upstream_requests: upstream, problem }) {
    const height = this.#drawn ? Math.ceil(this.#drawn.element.getBoundingClientRect().height) : null;
    const tooTall = this.#isFirst && height > FIRST_SCREEN_PX;
    const figures = [`${ms} ms`, upstream !== null && upstream !== undefined && plural(upstream, "shop request"),
      height && (tooTall ? el("span", { className: "is-bad" }, `${height} px, too tall`) : `${height} px`),
      problem && el("span", { className: "is-bad" }, problem)].filter(Boolean);
    this.#tell(...figures.flatMap((figure, at) => (at ? [" · ", figure] : [figure])));
  }
}
