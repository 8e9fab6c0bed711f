// The menu in the header: type size, colours, and what can be done with the conversation.
export function look({ element, announce, actions }) {
  const button = element.querySelector(".tw-menu-button");
  const menu = element.querySelector(".tw-menu");
  const large = element.querySelector(".tw-large");

  function open(shown) {
    menu.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
  }

  function paint() {
    const chosen = window.tiaowenLook.get();
    large.setAttribute("aria-pressed", String(chosen.large));
    for (const radio of menu.querySelectorAll("[name=theme]")) {
      radio.checked = radio.value === chosen.theme;
    }
  }

  button.addEventListener("click", () => open(menu.hidden));
  large.addEventListener("click", () => {
    const on = !window.tiaowenLook.get().large;
    window.tiaowenLook.set({ large: on });
    paint();
    announce(on ? "已换成大字。" : "已换回普通字号。");
  });
  menu.addEventListener("change", (event) => {
    if (event.target.name === "theme") window.tiaowenLook.set({ theme: event.target.value });
  });
  menu.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (!name) return;
    open(false);
    if (actions[name]() !== true) button.focus();
  });
  menu.parentElement.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || menu.hidden) return;
    event.stopPropagation();
    open(false);
    button.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.parentElement.contains(event.target)) open(false);
  });
  menu.parentElement.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.parentElement.contains(event.relatedTarget)) open(false);
  });
  paint();
}
