// What several parts of the page need.
// Pages below the first level name the way up (data-root); the chat is at the top.
export const base = new URL(document.documentElement.dataset.root || "./", document.baseURI.split(/[?#]/)[0]);

export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export function link(path, params = {}) {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(params)) if (value) url.searchParams.set(name, value);
  return url.href;
}

export function remembered(name) {
  try { return localStorage.getItem(name) || ""; } catch (error) { return ""; }
}

export function remember(name, value) {
  try { localStorage.setItem(name, value); } catch (error) { /* works until reload */ }
}

// Makes the speaker of the live region: the same words twice are said twice.
export function announcer(live) {
  return (text) => {
    live.textContent = "";
    window.setTimeout(() => { live.textContent = text; }, 60);
  };
}

// Asks the API; throws an Error whose message can be shown.
export async function api(path, options = {}) {
  let answer;
  try {
    answer = await fetch(new URL(`api/${path}`, base), options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("网络好像断开了，请稍后再试。");
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(body?.error?.message || "暂时打不开，请稍后再试。");
  return body;
}

// The clipboard interface exists on https and localhost only; an intranet page needs the old way.
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    const box = document.createElement("textarea");
    box.value = text;
    box.style.position = "fixed";
    box.style.opacity = "0";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}

// Copies and says so on the button itself, which keeps the focus.
export async function copyWith(button, text, announce) {
  const done = await copyText(text);
  const label = button.querySelector("span");
  const words = button.dataset.words || label.textContent;
  button.dataset.words = words;
  label.textContent = done ? "已复制" : "请手动复制";
  announce(done ? `已复制：${text}` : text);
  button.focus({ preventScroll: true });
  window.setTimeout(() => { label.textContent = words; }, 2200);
}
