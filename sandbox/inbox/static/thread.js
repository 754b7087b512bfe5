/* The pane in the middle: what the contact wrote, as text. */
import { avatar, el } from "./dom.js";

const WHEN = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

function message({ author, by, note, at, subject, text }) {
  const className = `message of-${by}${note ? " is-note" : ""}`;
  const when = at ? ` · ${WHEN.format(new Date(at * 1000))}` : "";
  return el("article", { className }, avatar(author), el("header", {}, el("b", {}, author), when, note ? " · note" : ""),
    el("div", { className: "words", dir: "auto" }, subject && el("b", { className: "subject" }, subject), text));
}

export function drawThread(conversation) {
  const { title, label, about, messages, attributes } = conversation;
  const facts = Object.entries(attributes).map(([name, value]) => el("li", {}, el("b", {}, `${name} `), value));
  document.getElementById("pane-thread").replaceChildren(
    el("header", { className: "thread-head" }, el("h2", { dir: "auto" }, title || label.split(" — ").at(-1))),
    el("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Messages" }, el("div", { className: "thread-body" },
      facts.length > 0 && el("ul", { className: "attributes", "aria-label": "Conversation attributes" }, ...facts),
      ...messages.map(message))),
    about && el("p", { className: "thread-note" }, el("b", {}, "This sample: "), about));
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
