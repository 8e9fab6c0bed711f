// Completing a question while it is typed: an ARIA combobox whose list opens above the box.
import { api } from "./shared.js";

const PAUSE_MS = 140;    // after the last key
const SHORTEST = 2;      // characters; one alone fits everything

export function completion({ input, list, area, choose }) {
  let timer = 0;
  let asked = null;      // the request under way
  let active = -1;

  const options = () => [...list.children];

  function close() {
    window.clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    list.replaceChildren();
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function show(questions) {
    list.replaceChildren(...questions.map((question, number) => {
      const option = document.createElement("li");
      option.id = `tw-option-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = question;
      return option;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = questions.length === 0;
    input.setAttribute("aria-expanded", String(questions.length > 0));
  }

  async function look() {
    const typed = input.value.trim();
    asked?.abort();
    if (typed.length < SHORTEST || typed.length > 60) { close(); return; }
    asked = new AbortController();
    const query = new URLSearchParams({ q: typed });
    if (area.value) query.set("area", area.value);
    try {
      const found = await api(`suggest?${query}`, { signal: asked.signal });
      if (input.value.trim() === typed && document.activeElement === input) show(found.questions);
    } catch (error) { if (error.name !== "AbortError") close(); }
  }

  function move(step) {
    const all = options();
    all[active]?.setAttribute("aria-selected", "false");
    active = (active + step + all.length + (active < 0 && step < 0 ? 1 : 0)) % all.length;
    all[active].setAttribute("aria-selected", "true");
    all[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[active].id);
  }

  // Whether the key was for the list and is done with.
  function key(event) {
    if (list.hidden || event.isComposing) return false;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) {
      const question = options()[active].textContent;
      close();
      choose(question);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, PAUSE_MS);
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());    // keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    const question = option.textContent;
    close();
    choose(question);
  });
  return { key, close };
}
