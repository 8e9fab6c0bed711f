// Puts the page together, once Gradio has placed it. `props` and `watch` are Gradio's.
import { chat } from "./chat.js";
import { completion } from "./complete.js";
import { saveMarkdown } from "./keep.js";
import { look } from "./look.js";
import { opinions } from "./opinion.js";
import { reader } from "./reader.js";
import { announcer, api, base, copyWith, link } from "./shared.js";

export function start({ element, send, props, watch }) {
  const find = (selector) => element.querySelector(selector);
  const announce = announcer(find(".tw-live"));
  const asked = new URLSearchParams(window.location.search);
  const area = find("#tw-area");
  const input = find("#tw-input");
  let setting = { ...props.setting };    // areas, examples and notice as the page was built with

  const talk = chat({ element, send, announce, explain: asked.get("explain") === "1" });
  const pages = reader({ element, announce });
  const rate = opinions({ element, area, questionOf: talk.questionOf, announce });
  const complete = completion({
    input, area, list: find("#tw-suggest"), choose: (question) => talk.ask(question),
  });
  look({
    element,
    announce,
    actions: {
      clear: () => { pages.close(); return talk.clear(); },
      save: () => { saveMarkdown(talk.turns()); announce("问答已保存为文件。"); },
      print: () => { pages.close(); window.print(); },
    },
  });

  function refresh(parts) {
    if (!parts) return;
    const chosen = area.value;
    const slots = { areas: area, examples: find(".tw-topics"), notice: find(".tw-slot-notice") };
    for (const [name, slot] of Object.entries(slots)) {
      if (parts[name] !== setting[name]) slot.innerHTML = parts[name];
    }
    if (parts.areas !== setting.areas) talk.chooseArea(chosen);
    setting = { ...parts };
  }

  function share(button) {
    const question = talk.questionOf(button.closest(".tw-turn"));
    copyWith(button, link("", { q: question, area: area.value }), announce);
  }

  function pressed(event) {
    const button = event.target.closest("button");
    if (!button) {
      const quote = event.target.closest(".tw-card[data-clause] .tw-quote");
      if (quote && !String(window.getSelection())) pages.openCard(quote.closest(".tw-card"), quote.closest(".tw-card").querySelector("[data-read]"));
      return;
    }
    if (button.dataset.ask) talk.ask(button.dataset.ask);
    else if (button.dataset.copy) {
      copyWith(button, `${button.dataset.copy}\n${link(button.dataset.link)}`, announce);
    } else if ("read" in button.dataset) pages.openCard(button.closest(".tw-card"), button);
    else if (button.dataset.rate) rate.open(button);
    else if ("share" in button.dataset) share(button);
  }

  // A link that carries a question asks it at once; one that names a clause opens it. The address
  // is then put back, so that a reload does not ask again.
  async function arrive() {
    const question = asked.get("q");
    const clause = asked.get("clause");
    if (!question && !clause && !asked.get("area")) return;
    if (asked.get("area")) talk.chooseArea(asked.get("area"));
    history.replaceState(null, "", base.pathname + (asked.get("explain") ? "?explain=1" : ""));
    if (question) talk.ask(question.slice(0, 20000));
    if (!clause) return;
    try {
      const found = await api(`clauses/${encodeURIComponent(clause)}`);
      await pages.openClause(found.doc_id, found.clause_id);
    } catch (error) { announce(error.message); }
  }

  find(".tw-composer").addEventListener("submit", (event) => {
    event.preventDefault();
    complete.close();
    talk.ask(input.value);
  });
  input.addEventListener("keydown", (event) => {
    if (complete.key(event)) return;
    // While an input method composes, Enter picks a word; 229 is how older browsers say so.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    complete.close();
    talk.ask(input.value);
  });
  element.addEventListener("click", pressed);
  window.addEventListener("tiaowen-failed", talk.giveUp);
  watch("value", () => talk.receive(props.value));
  watch("setting", () => refresh(props.setting));
  refresh(props.setting);
  document.documentElement.lang = "zh-CN";
  document.getElementById("tw-splash")?.remove();
  arrive();
}
