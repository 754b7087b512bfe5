/* The disclosure with the last request and answer, as sent and as received. */

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

export function showJson({ request, answer }) {
  let shown = request;
  try { shown = pretty(JSON.parse(request)); } catch { /* nothing was sent */ }
  document.getElementById("json-request").textContent = shown;
  document.getElementById("json-answer").textContent = answer === null || answer === undefined ? "" : pretty(answer);
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}
