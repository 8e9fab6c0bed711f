// 有用 / 没用: a form under the answer; nothing is sent before the visitor presses 发送.
import { api } from "./shared.js";

export function opinions({ element, area, questionOf, announce }) {
  const template = element.querySelector(".tw-opinion-template");

  function close(tools) {
    tools.parentElement.querySelector(".tw-opinion")?.remove();
    for (const other of tools.querySelectorAll("[data-rate]")) other.ariaExpanded = "false";
  }

  function open(button) {
    const tools = button.closest(".tw-tools");
    const shown = button.ariaExpanded === "true";
    close(tools);
    if (shown) return;
    button.ariaExpanded = "true";
    const form = template.content.cloneNode(true).querySelector("form");
    form.dataset.verdict = button.dataset.rate;
    if (button.dataset.rate === "up") form.querySelector(".tw-reasons").remove();
    tools.after(form);
    form.querySelector("input, textarea").focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form, tools, button); });
    form.querySelector("[data-cancel]").addEventListener("click", () => { close(tools); button.focus(); });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close(tools);
      button.focus();
    });
  }

  async function send(form, tools, button) {
    const turn = tools.closest(".tw-turn");
    const cards = [...turn.querySelectorAll(".tw-card[data-clause]")].map((card) => card.dataset.clause);
    const said = {
      verdict: form.dataset.verdict,
      reason: form.querySelector("[name=reason]:checked")?.value || null,
      comment: form.comment.value,
      question: form.along.checked ? questionOf(turn).slice(0, 500) : null,
      status: turn.querySelector(".tw-reply").dataset.status,
      area: area.value || null,
      clause_ids: [...new Set(cards)].slice(0, 20),
    };
    try {
      await api("feedback", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(said),
      });
    } catch (error) {
      form.querySelector(".tw-opinion-said").textContent = error.message;
      return;
    }
    close(tools);
    for (const other of tools.querySelectorAll("[data-rate]")) other.remove();
    const thanks = document.createElement("p");
    thanks.className = "tw-thanks";
    thanks.tabIndex = -1;
    thanks.textContent = "谢谢，您的评价已经收到。";
    tools.prepend(thanks);
    thanks.focus({ preventScroll: true });
    announce(thanks.textContent);
  }

  return { open };
}
