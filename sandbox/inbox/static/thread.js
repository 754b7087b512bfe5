/* The pane in the middle: what was said, as text, and what Intercom holds of the conversation. */
import { Composer } from "./composer.js";
import { avatar, el } from "./dom.js";

const WHEN = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

function message({ author, by, note, at, subject, text }) {
  const className = `message of-${by}${note ? " is-note" : ""}`;
  const when = at ? ` · ${WHEN.format(new Date(at * 1000))}` : "";
  return el("article", { className }, avatar(author), el("header", {}, el("b", {}, author), when, note ? " · note" : ""),
    el("div", { className: "words", dir: "auto" }, subject && el("b", { className: "subject" }, subject), text));
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

const factsOf = ({ attributes, tags = [] }) => [
  ...Object.entries(attributes).map(([name, value]) => ({ name, value, key: `${name}: ${value}` })),
  ...tags.map((tag) => ({ tag, key: `tag ${tag}` }))];

function chip({ name, value, tag }, isNew) {
  const className = [tag && "is-tag", isNew && "is-new"].filter(Boolean).join(" ");
  if (tag) return el("li", { className, data: { tag }, title: "Tag" }, tag);
  return el("li", { className, data: { conversation: name } }, el("b", {}, `${name} `), el("span", {}, told(name, value)));
}

/** Intercom holds times as seconds, and shows them as dates. */
function told(name, value) {
  return /_at$/.test(name) && /^\d{9,10}$/.test(value) ? DAY.format(new Date(value * 1000)) : value;
}

/** One conversation at a time. `replied` is told when Intercom has taken what the contact wrote. */
export class Thread {
  #pane = document.getElementById("pane-thread");
  #facts = el("ul", { className: "attributes", "aria-label": "Conversation attributes and tags" });
  #messages = el("div", { className: "thread-body", role: "log" });
  #scroller = el("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Messages" }, this.#messages);
  #composer;
  #slug = null;
  #drawn = null; // the messages and facts that are to be seen
  #isLive = false;

  constructor(replied) {
    this.#composer = new Composer((thread) => {
      this.update(this.#slug, thread);
      replied();
    });
  }

  show(conversation) {
    const { slug, title, label, about } = conversation;
    this.#slug = slug;
    this.#drawn = null;
    this.#isLive = false;
    this.#pane.replaceChildren(
      el("header", { className: "thread-head" }, el("h2", { dir: "auto" }, title || label.split(" — ").at(-1)), this.#facts),
      this.#scroller, this.#composer.element,
      ...(about ? [el("p", { className: "thread-note" }, el("b", {}, "This sample: "), about)] : []));
    this.#composer.open(slug, conversation.contact);
    this.#draw(conversation);
    this.#scroller.scrollTop = 0;
  }

  /** Another participant is looked at, and would write. */
  choose(contact) { this.#composer.writeAs(contact); }

  /** The conversation as Intercom holds it by now. */
  update(slug, thread) {
    if (slug !== this.#slug) return;
    this.#draw(thread);
    this.#isLive = true;
    this.#composer.allow(thread.can_reply);
  }

  #draw(thread) {
    const facts = factsOf(thread);
    const keys = facts.map(({ key }) => key);
    const before = this.#drawn;
    this.#drawn = { keys, count: thread.messages.length };
    if (before?.keys.join("\n") !== keys.join("\n")) {
      this.#facts.replaceChildren(...facts.map((fact) => chip(fact, this.#isLive && !before.keys.includes(fact.key))));
    }
    if (before?.count === thread.messages.length) return;
    this.#messages.replaceChildren(...thread.messages.map(message));
    if (!thread.messages.length) this.#messages.append(el("p", { className: "none" }, "Nothing has been said yet."));
    if (before) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}

export function drawContact({ contact, participants }, choose) {
  const name = contact.name || contact.email || "Unknown visitor";
  const known = [contact.name && contact.email, contact.role].filter(Boolean).join(" · ");
  const externalId = contact.external_id && el("span", { className: "known is-id", title: "external_id" }, contact.external_id);
  const others = participants.length > 1 && el("div", { className: "participants", role: "radiogroup", "aria-label": "Participants" },
    ...participants.map((each) => el("label", {}, el("input", {
      type: "radio", name: "participant", checked: each.id === contact.id, onchange: () => choose(each.id),
    }), el("span", { dir: "auto" }, each.name || "Unknown"))));
  document.getElementById("contact").replaceChildren(...[avatar(name), el("b", { dir: "auto" }, name), el("span", { className: "known" }, known), externalId, others].filter(Boolean));
}
