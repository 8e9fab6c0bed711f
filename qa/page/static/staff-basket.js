// Clauses put aside for comparing: kept in this browser, shown below the hits.
import { el } from "./staff.js";

const NAME = "tiaowen.basket";
const MOST = 4;

function read() {
  try {
    const held = JSON.parse(localStorage.getItem(NAME) || "[]");
    return held.filter((one) => typeof one.id === "string").slice(0, MOST);
  } catch (error) { return []; }
}

function keep(held) {
  try { localStorage.setItem(NAME, JSON.stringify(held)); } catch (error) { /* until reload */ }
}

export function basket({ main, announce }) {
  let held = read();

  function address() {
    return `compare?${new URLSearchParams(held.map((one) => ["c", one.id]))}`;
  }

  function chip(one) {
    const remove = el("button", { type: "button", class: "tw-basket-drop", "data-id": one.id },
      el("span", { class: "tw-sr" }, `移出对比：${one.label}`), el("span", { "aria-hidden": "true" }, "×"));
    return el("li", {}, el("span", { class: "tw-basket-name", title: one.label }, one.label), remove);
  }

  function paint() {
    for (const button of main.querySelectorAll("[data-basket]")) {
      const inside = held.some((one) => one.id === button.dataset.basket);
      button.setAttribute("aria-pressed", String(inside));
      button.querySelector("span").textContent = inside ? "已加入对比" : "加入对比";
    }
    const shelf = document.getElementById("tw-basket");
    if (!shelf) return;
    shelf.hidden = held.length === 0;
    const compare = held.length > 1
      ? el("a", { class: "tw-button", href: address() }, `并排比较 ${held.length} 条`)
      : el("p", { class: "tw-basket-hint" }, "再加入一条就能并排比较");
    const clear = el("button", { type: "button", class: "tw-quiet", "data-clear": true }, "清空");
    shelf.replaceChildren(
      el("h2", {}, `对比篮（${held.length}/${MOST}）`),
      el("ul", {}, ...held.map(chip)),
      el("div", { class: "tw-row" }, compare, clear),
    );
  }

  function change(next, said) {
    held = next;
    keep(held);
    paint();
    announce(said);
  }

  function drop(id) {
    change(held.filter((one) => one.id !== id), `已移出对比，篮里有 ${held.filter((one) => one.id !== id).length} 条。`);
  }

  function toggle(id, label) {
    if (held.some((one) => one.id === id)) { drop(id); return; }
    if (held.length === MOST) {
      announce(`最多并排 ${MOST} 条，请先移出一条。`);
      document.getElementById("tw-basket")?.querySelector(".tw-basket-drop")?.focus();
      return;
    }
    change([...held, { id, label }], `已加入对比，篮里有 ${held.length + 1} 条。`);
  }

  document.getElementById("tw-basket")?.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.id) drop(button.dataset.id);
    else change([], "对比篮已清空。");
    const next = document.querySelector("#tw-basket:not([hidden]) button");
    (next || document.getElementById("tw-count"))?.focus();
  });
  // What another window of this browser puts in or takes out.
  window.addEventListener("storage", (event) => {
    if (event.key !== NAME) return;
    held = read();
    paint();
  });
  return { paint, toggle, drop };
}
