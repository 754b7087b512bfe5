/* Keeps parts of a page up to date. <div data-live="/console/health/figures" data-live-every="3"> is fetched anew every
   few seconds while somebody looks. Without this file the page is as true as when it was opened. */
(() => {
  "use strict";
  const LONGEST = 60;

  const keep = (part) => {
    const every = Math.max(1, Number(part.dataset.liveEvery) || 5);
    let pause = every;

    const refresh = async () => {
      if (document.hidden || part.contains(document.activeElement)) return;
      const answer = await fetch(part.dataset.live, { headers: { "X-Fragment": "1" }, redirect: "manual" });
      if (answer.status === 401 || answer.type === "opaqueredirect") return location.reload(); // leads to the sign-in
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      const fresh = new DOMParser().parseFromString(text, "text/html");
      part.replaceChildren(...fresh.body.childNodes);
      part.dispatchEvent(new CustomEvent("live", { bubbles: true }));
    };

    const next = () => setTimeout(async () => {
      try {
        await refresh();
        pause = every;
        part.removeAttribute("data-stale");
      } catch {
        pause = Math.min(LONGEST, pause * 2);
        part.setAttribute("data-stale", "");
      }
      if (part.isConnected) next();
    }, pause * 1000);
    next();
  };

  document.querySelectorAll("[data-live]").forEach(keep);

  // on a phone the pages stand in a row that is wider than the window
  document.querySelector(".side nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
