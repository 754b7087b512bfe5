/* The page: joins list, thread and panel; the address holds the open conversation. */
import { drawConditions } from "./conditions.js";
import { ConversationList } from "./conversations.js";
import { withArrowKeys } from "./dom.js";
import { showJson } from "./json.js";
import { Live } from "./live.js";
import { Panel } from "./panel.js";
import * as server from "./server.js";
import { drawContact, Thread } from "./thread.js";

const variants = document.getElementById("variants-form");

function variantsOn() {
  return Object.fromEntries([...variants.querySelectorAll("input")].map((input) => [input.name, input.checked]));
}

function tellVariants() {
  const on = Object.values(variantsOn()).filter(Boolean).length;
  const chip = document.getElementById("variants-chip");
  chip.textContent = on ? `${on} changed` : "As documented";
  chip.dataset.tone = on ? "warn" : "";
}

const tabs = [...document.querySelectorAll(".tabs [role=tab]")];
function showPane(name) {
  document.body.dataset.pane = name;
  for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.dataset.shows === name));
}
for (const tab of tabs) tab.addEventListener("click", () => showPane(tab.dataset.shows));
withArrowKeys(document.querySelector(".tabs"), () => tabs.filter((tab) => tab.offsetParent));

const conversations = await server.conversations();
const panel = new Panel(variantsOn, (exchange) => { delete reloading.dataset.stale; showJson(exchange); });
const reloading = document.getElementById("reload");
const thread = new Thread(() => { reloading.dataset.stale = "true"; live.look(); }); // Intercom does not ask again by itself
const live = new Live((slug, held) => thread.update(slug, held));

function show(slug) {
  const conversation = list.mark(slug);
  if (!conversation) return;
  const choose = (id) => {
    const contact = conversation.participants.find((each) => each.id === id);
    drawContact({ ...conversation, contact }, choose);
    thread.choose(contact);
    document.querySelector(".participants :checked")?.focus();
    panel.choose(id);
    live.watch(slug, id);
  };
  thread.show(conversation);
  drawContact(conversation, choose);
  panel.open(slug, conversation.participants);
  live.watch(slug, conversation.participants[0].id);
}

function open(slug, { keepPane = false } = {}) {
  if (location.hash.slice(2) === slug) show(slug);
  else location.hash = `/${slug}`;
  if (!keepPane) showPane("side");
}

const list = new ConversationList(conversations, open);
addEventListener("hashchange", () => show(decodeURIComponent(location.hash.slice(2))));

variants.addEventListener("change", () => { tellVariants(); panel.reload(); });
variants.addEventListener("submit", (event) => event.preventDefault());
reloading.addEventListener("click", () => panel.reload());

addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const does = { j: () => list.move(1), k: () => list.move(-1), r: () => panel.reload(), "/": () => { showPane("list"); list.search(); } };
  if (does[event.key]) { event.preventDefault(); does[event.key](); }
});

tellVariants();
showPane("side");
drawConditions();
const asked = decodeURIComponent(location.hash.slice(2));
if (conversations.some((each) => each.slug === asked)) show(asked);
else if (conversations.length) location.replace(`#/${conversations[0].slug}`);
document.body.dataset.ready = "true";
