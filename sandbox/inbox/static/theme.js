/* Applied before the first paint: the theme chosen last time, else the system's. */
"use strict";
(() => {
  const root = document.documentElement;
  const kept = localStorage.getItem("inbox-theme");
  if (kept) root.dataset.theme = kept;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const tell = () => button.setAttribute("aria-label", isDark() ? "Switch to light" : "Switch to dark");
    tell();
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      localStorage.setItem("inbox-theme", root.dataset.theme);
      tell();
    });
  });
})();
