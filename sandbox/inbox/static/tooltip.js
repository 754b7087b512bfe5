/* One tooltip for text that was cut off, on hover and on keyboard focus; Escape closes it. */
import { el } from "./dom.js";

const bubble = el("div", { className: "tooltip", role: "tooltip", id: "tooltip", hidden: true });

function show(target) {
  if (target.scrollWidth <= target.clientWidth) return;
  bubble.textContent = target.textContent;
  bubble.hidden = false;
  if (!bubble.isConnected) document.body.append(bubble);
  const at = target.getBoundingClientRect();
  const left = Math.min(at.left, innerWidth - bubble.offsetWidth - 8);
  const above = at.top - bubble.offsetHeight - 6;
  bubble.style.left = `${Math.max(8, left)}px`;
  bubble.style.top = `${above > 8 ? above : at.bottom + 6}px`;
  target.setAttribute("aria-describedby", bubble.id);
}

export function hideTooltip() {
  bubble.hidden = true;
}

export function withTooltip(target) {
  target.addEventListener("pointerenter", () => show(target));
  target.addEventListener("pointerleave", hideTooltip);
  target.addEventListener("focus", () => show(target));
  target.addEventListener("blur", hideTooltip);
  // only a value that is cut off deserves a stop on the way through the page
  new ResizeObserver(() => {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }).observe(target);
  return target;
}

addEventListener("keydown", (event) => { if (event.key === "Escape") hideTooltip(); });
addEventListener("scroll", hideTooltip, true);
