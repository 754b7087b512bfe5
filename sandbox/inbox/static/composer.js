/* The box below the thread: what is typed is a reply of the customer, as the Messenger would send it. */
import { el } from "./dom.js";
import { reply } from "./server.js";

const LONGEST = 5000;

export class Composer {
  #sent;
  #slug = null;
  #contact = null;
  #drafts = new Map(); // what was typed and not sent, by conversation
  #isSending = false;
  #box = el("textarea", { id: "reply", rows: 1, maxLength: LONGEST, dir: "auto", "aria-describedby": "reply-keys reply-problem" });
  #button = el("button", { type: "submit", className: "small-button" }, "Send");
  #problem = el("p", { className: "problem", id: "reply-problem", role: "alert" });
  #none = el("p", { className: "none" }, "This sample has no conversation in Intercom that could be replied to.");
  #form = el("form", { className: "composer" }, this.#box, el("div", { className: "composer-foot" },
    el("span", { className: "hint", id: "reply-keys" }, el("kbd", {}, "Enter"), " sends, ", el("kbd", {}, "Shift Enter"), " new line"), this.#button), this.#problem);
  element = el("div", { className: "composer-place", hidden: true }, this.#form, this.#none);

  /** @param sent is told the conversation as it is with the reply */
  constructor(sent) {
    this.#sent = sent;
    this.#box.addEventListener("input", () => this.#tell());
    this.#box.addEventListener("keydown", (event) => this.#pressed(event));
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
  }

  open(slug, contact) {
    if (this.#slug) this.#drafts.set(this.#slug, this.#box.value);
    this.#slug = slug;
    this.#box.value = this.#drafts.get(slug) ?? "";
    this.#problem.textContent = "";
    this.element.hidden = true;
    this.writeAs(contact);
    this.#tell();
  }

  writeAs(contact) {
    this.#contact = contact;
    const name = contact.name || contact.email || "the visitor";
    this.#box.placeholder = `Reply as ${name}`;
    this.#box.setAttribute("aria-label", `Reply as ${name}`);
  }

  /** Whether Intercom has this conversation. */
  allow(canReply) {
    this.element.hidden = false;
    this.#form.hidden = !canReply;
    this.#none.hidden = canReply;
  }

  #pressed(event) {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return; // the browser's own new line
    event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) this.#box.setRangeText("\n", this.#box.selectionStart, this.#box.selectionEnd, "end");
    else this.#send();
    this.#tell();
  }

  #tell() {
    this.#button.disabled = this.#isSending || !this.#box.value.trim();
    this.#box.style.height = "auto"; // as high as what is in it, up to what the style allows
    if (this.#box.value) this.#box.style.height = `${this.#box.scrollHeight + 2}px`;
  }

  async #send() {
    const text = this.#box.value;
    if (this.#isSending || !text.trim()) return;
    const slug = this.#slug;
    this.#isSending = true;
    this.#problem.textContent = "";
    this.#tell();
    try {
      const thread = await reply({ slug, contact_id: this.#contact.id, text });
      this.#drafts.delete(slug);
      if (slug === this.#slug) {
        this.#box.value = "";
        this.#sent(thread);
      }
    } catch (error) {
      if (slug === this.#slug) this.#problem.textContent = `Not sent. ${error.message}`;
    }
    this.#isSending = false;
    this.#tell();
  }
}
