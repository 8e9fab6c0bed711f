// The search page and the comparison. Everything works by links and forms alone; this keeps the
// page in place while the hits change, holds the basket, and copies.
import { basket } from "./staff-basket.js";
import { copyWith, link } from "./shared.js";
import { announce } from "./staff.js";

const main = document.getElementById("tw-content");
const box = basket({ main, announce });
let asked = null;      // the request under way

// What only scripts can do is shown only where they run.
function ready() {
  for (const button of main.querySelectorAll("[data-basket], [data-copy], [data-print]")) {
    button.hidden = false;
  }
  const facets = document.getElementById("tw-facets");
  const wide = window.matchMedia("(min-width: 60em)").matches;
  // Newer browsers show them by the style sheet alone.
  if (facets && wide && !CSS.supports("selector(::details-content)")) facets.open = true;
  box.paint();
  const field = document.getElementById("tw-q");
  if (field?.dataset.wrong) {
    field.focus();
    field.setSelectionRange(Number(field.dataset.wrong), Number(field.dataset.wrong) + 1);
  }
}

// Takes the new page's form and results in; what was unfolded stays so, and the focus stays near.
function swap(page, focus) {
  const folds = new Map([...main.querySelectorAll("details[id]")].map((node) => [node.id, node.open]));
  const held = document.activeElement?.id;
  for (const selector of [".tw-search", "#tw-results"]) {
    const fresh = page.querySelector(selector);
    if (fresh) main.querySelector(selector)?.replaceWith(document.adoptNode(fresh));
  }
  document.title = page.title;
  for (const [id, open] of folds) {
    const node = document.getElementById(id);
    if (node && id !== "tw-help") node.open = open;
  }
  ready();
  const count = document.getElementById("tw-count");
  if (document.getElementById("tw-said")) return;      // an alert speaks for itself
  const same = held && document.getElementById(held);
  (focus === "hits" || !same ? count : same)?.focus({ preventScroll: focus !== "hits" });
  if (count) announce(count.textContent);
}

async function go(url, { push = true, focus = "" } = {}) {
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error("other page");
    const text = await answer.text();
    if (push) window.history.pushState(null, "", url);
    swap(new DOMParser().parseFromString(text, "text/html"), focus);
  } catch (error) {
    if (error.name !== "AbortError") window.location.assign(url);      // the browser says what is wrong
  } finally {
    if (asked === mine) main.removeAttribute("aria-busy");
  }
}

function searchOf(form) {
  const said = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value.trim()) said.set(name, value.trim());
  return new URL(`search${said.size ? `?${said}` : ""}`, window.location.href);
}

main.addEventListener("submit", (event) => {
  if (!event.target.matches(".tw-search")) return;
  event.preventDefault();
  go(searchOf(event.target));
});

main.addEventListener("click", (event) => {
  const button = event.target.closest("[data-basket], [data-copy], [data-print], [data-drop]");
  if (button?.dataset.basket) box.toggle(button.dataset.basket, button.dataset.label);
  else if (button?.dataset.copy) {
    copyWith(button, `${button.dataset.copy}\n${link(button.dataset.link)}`, announce);
  } else if (button && "print" in button.dataset) window.print();
  else if (button?.dataset.drop) box.drop(button.dataset.drop);
  const anchor = event.target.closest("a[href]");
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!anchor || !plain || anchor.hasAttribute("download")) return;
  const url = new URL(anchor.href);
  const here = new URL(window.location.href);
  if (url.origin !== here.origin || url.pathname !== here.pathname) return;
  if (!here.pathname.endsWith("/search")) return;
  event.preventDefault();
  go(url, { focus: anchor.closest(".tw-pages") ? "hits" : "" });
});

window.addEventListener("popstate", () => go(new URL(window.location.href), { push: false }));

// Back from the comparison to the search one came from.
const back = main.querySelector("[data-back]");
const from = document.referrer && new URL(document.referrer);
if (back && from && from.origin === window.location.origin && from.pathname.endsWith("/search")) {
  back.href = from.href;
}
ready();
