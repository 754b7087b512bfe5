/* A contact as Intercom holds it: attributes, tags, events newest first. What is new since the last look is marked. */
import { el } from "./dom.js";

const EVENTS_AT_FIRST = 3;
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const DAY_AND_TIME = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

const MARKED_MS = 4_000;
const marked = new Map(); // what was new, and since when: it stays marked when something else changes meanwhile

let allEventsOf = null; // the contact whose older events were asked for

/** @param before the same contact at the last look, if there was one; @param isNew whether there was none then */
export function drawHeld(held, before, isNew) {
  const archived = held.contact.archived && el("p", { className: "none" }, el("b", {}, "Archived"));
  return [archived, drawTags(held, before), drawEvents(held, before), drawAttributes(held, before, isNew)].filter(Boolean);
}

export function drawNobody(sync) {
  const why = sync === "running" ? "Nobody here has this id: the sync makes a contact when there is an order." :
    sync === "starting" ? "The first backfill is looking for orders." : "The sync is not running, so none will be made.";
  return [el("p", { className: "none" }, el("b", {}, "No contact in Intercom"), el("br"), why)];
}

function mark(element, key, isNew) {
  if (isNew) marked.set(key, performance.now());
  const age = performance.now() - (marked.get(key) ?? -MARKED_MS);
  if (age >= MARKED_MS) return element;
  element.classList.add("is-new");
  element.style.animationDelay = `${-age}ms`;
  return element;
}

function when(seconds) {
  if (!seconds) return "";
  const at = new Date(seconds * 1000);
  return (at.toDateString() === new Date().toDateString() ? TIME : DAY_AND_TIME).format(at);
}

function shown(value, type) {
  if (value === null || value === undefined) return "";
  if (type === "date" && typeof value === "number") return DAY.format(new Date(value * 1000));
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}

function valuesOf({ contact }) {
  const { name, email, role, external_id } = contact;
  return { name, email, role, external_id, ...contact.custom_attributes };
}

function drawAttributes(held, before, isNew) {
  const values = valuesOf(held);
  const old = before ? valuesOf(before) : {};
  const own = Object.keys(values).filter((name) => name in held.contact.custom_attributes).sort();
  const names = ["name", "email", "role", "external_id", ...own];
  const gone = before ? Object.keys(old).filter((name) => !(name in values)) : [];
  const rows = [...names, ...gone].filter((name) => name in values || name in old).map((name) => {
    const changed = isNew || (before !== undefined && old[name] !== values[name]);
    const row = el("tr", { data: { attribute: name } }, el("th", { scope: "row" }, name),
      el("td", { dir: "auto", title: name === "external_id" && values[name] }, shown(values[name], held.types[name]) || el("i", {}, "none")),
      el("td", { className: "when" }, when(held.changed_at[name])));
    return mark(row, `${held.contact.id} ${name}`, changed);
  });
  return el("div", {}, el("h4", {}, "Attributes"), el("table", { className: "held-attributes", "aria-label": "Attributes: name, value, when it changed" },
    el("tbody", {}, ...rows)), !own.length && el("p", { className: "none" }, "None from the shop yet."));
}

function drawTags({ contact, tags }, before) {
  if (!tags.length) return null;
  return el("ul", { className: "held-tags", "aria-label": "Tags" },
    ...tags.map((tag) => mark(el("li", {}, tag), `${contact.id} tag ${tag}`, before && !before.tags.includes(tag))));
}

function drawEvents(held, before) {
  const count = held.event_count;
  const head = el("h4", {}, count ? (count === 1 ? "1 event" : `${count} events`) : "No events yet");
  const newest = before ? Math.max(-1, ...before.events.map((each) => each.number)) : Infinity;
  const all = allEventsOf === held.contact.id;
  const list = el("ol", { className: "held-events", "aria-label": "Events, newest first" },
    ...held.events.slice(0, all ? undefined : EVENTS_AT_FIRST).map((event) => drawEvent(event, event.number > newest)));
  const more = !all && held.events.length > EVENTS_AT_FIRST && el("button", { type: "button", className: "quiet", onclick: () => {
    allEventsOf = held.contact.id;
    list.append(...held.events.slice(EVENTS_AT_FIRST).map((event) => drawEvent(event, false)));
    more.remove();
  } }, `${held.events.length - EVENTS_AT_FIRST} older`);
  return el("div", { className: "held-history" }, head, list, more);
}

function drawEvent({ event_name: name, created_at: at, metadata, number, intercom_user_id: contact }, isNew) {
  const keys = Object.entries(metadata).map(([key, value]) => el("span", {}, el("b", {}, key), " ", told(key, value)));
  const drawn = el("li", { data: { event: name, number } },
    el("div", { className: "event-name" }, el("span", {}, name), el("time", { dateTime: new Date(at * 1000).toISOString() }, when(at))),
    el("div", { className: "event-keys" }, ...keys));
  return mark(drawn, `${contact} event ${number}`, isNew);
}

function told(key, value) {
  if (key.endsWith("_date")) return DAY.format(new Date(value * 1000));
  if (value && typeof value === "object" && "amount" in value) return `${(value.amount / 100).toFixed(2)} ${value.currency.toUpperCase()}`;
  if (value && typeof value === "object") return String(value.value ?? value.url);
  return String(value);
}
