/* The drawer of switches for the stand-in shop. The server translates them into the stand-in's own language. */
import { el } from "./dom.js";
import { conditions, setConditions } from "./server.js";

const LATENCIES = [[0, "0 ms"], [50, "50 ms"], [300, "300 ms"], [1500, "1.5 s"]];
const ANSWERS = [["normal", "Normally"], ["outage", "503"], ["hang", "Hangs"], ["drip", "Drips"], ["reset", "Resets"]];
const SCOPES = [["view_payments", "payments"], ["view_customer_groups", "groups"], ["view_states", "states"], ["view_stores", "stores"],
  ["view_customers", "customers"], ["view_orders", "orders"]];

const form = document.getElementById("conditions-form");
const chip = document.getElementById("conditions-chip");

function segments(legend, name, choices) {
  return el("fieldset", {}, el("legend", {}, legend), el("div", { className: "segments" },
    ...choices.map(([value, label]) => el("label", {}, el("input", { type: "radio", name, value: String(value) }), label))));
}

function summary({ latency_ms: latency, answers, missing_scopes: missing }) {
  const said = [];
  if (answers !== "normal") said.push(ANSWERS.find(([value]) => value === answers)[1]);
  if (latency) said.push(LATENCIES.find(([value]) => value === latency)?.[1] ?? `${latency} ms`);
  if (missing.length) said.push(missing.length === 1 ? "1 scope missing" : `${missing.length} scopes missing`);
  return said;
}

function show(state) {
  for (const input of form.querySelectorAll("input")) {
    if (input.name === "latency_ms") input.checked = Number(input.value) === state.latency_ms;
    if (input.name === "answers") input.checked = input.value === state.answers;
    if (input.name === "missing_scopes") input.checked = state.missing_scopes.includes(input.value);
  }
  const said = summary(state);
  chip.textContent = said.length ? said.join(", ") : "Normal";
  chip.dataset.tone = said.length ? "warn" : "";
}

async function change(asked, said = "") {
  const status = document.getElementById("conditions-said");
  try {
    show(await setConditions(asked));
    status.textContent = said;
  } catch (error) {
    status.textContent = `Not switched: ${error.message}`;
  }
}

export async function drawConditions() {
  form.replaceChildren(
    segments("Latency", "latency_ms", LATENCIES),
    segments("The shop answers", "answers", ANSWERS),
    el("fieldset", {}, el("legend", {}, "Scopes the API client lacks"), el("div", { className: "ticks" },
      ...SCOPES.map(([value, label]) => el("label", {}, el("input", { type: "checkbox", name: "missing_scopes", value }), label)))),
    el("div", { className: "switch-buttons" },
      el("button", { type: "button", className: "small-button", onclick: () => change({ expire_token: true }, "Token expired.") }, "Expire token once"),
      el("button", { type: "button", className: "small-button", onclick: () => change({ reset: true }, "Everything normal again.") }, "Reset all")),
    el("p", { id: "conditions-said", role: "status" }));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    const chosen = new FormData(form);
    change({ latency_ms: Number(chosen.get("latency_ms") ?? 0), answers: chosen.get("answers") ?? "normal", missing_scopes: chosen.getAll("missing_scopes") });
  });
  try {
    show(await conditions());
  } catch (error) {
    chip.textContent = "Unreachable";
    chip.dataset.tone = "warn";
  }
}
