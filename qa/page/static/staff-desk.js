// What the pages of documents, word lists and quality share: small parts, dialogs, jobs.
import { announce, el, staffApi } from "./staff.js";

export function chip(words, tone = "") {
  return el("span", { class: tone ? `tw-chip tw-${tone}` : "tw-chip" }, words);
}

// `quiet` for what is not the main thing to do here.
export function button(words, act, attributes = {}) {
  const node = el("button", { type: "button", class: "tw-quiet", ...attributes }, words);
  node.addEventListener("click", act);
  return node;
}

export const mainButton = (words, act, attributes = {}) =>
  button(words, act, { class: "tw-button", ...attributes });

// A line that says how something went; it is announced as well.
export function tell(node, text, wrong = false) {
  node.replaceChildren(...(text
    ? [el("p", { class: wrong ? "tw-form-said tw-form-wrong" : "tw-form-said" }, text)] : []));
  if (text) announce(text);
}

// Runs something that may fail, with its button out of action meanwhile.
export async function trying(node, place, act) {
  const off = node instanceof HTMLElement;
  if (off) node.setAttribute("aria-disabled", "true");
  if (off && node.dataset.busy) return undefined;
  if (off) node.dataset.busy = "1";
  try {
    return await act();
  } catch (error) {
    tell(place, error.message, true);
    return undefined;
  } finally {
    if (off) { node.removeAttribute("aria-disabled"); delete node.dataset.busy; }
  }
}

// What is asked for after a long batch may come too soon after it; then it waits instead of failing.
export async function patiently(act) {
  for (let left = 30; ; left -= 1) {
    try {
      return await act();
    } catch (error) {
      if (error.code !== "rate_limited" || !left) throw error;
      await new Promise((resolve) => { window.setTimeout(resolve, 3000); });
    }
  }
}

// Asks for a yes and, where wanted, for a reason; gives the reason, "" for none, null for no.
export function ask({ title, text, action, reason }) {
  return new Promise((resolve) => {
    const field = reason ? el("textarea", {
      id: "tw-reason", rows: 3, maxlength: 500, required: reason === "needed",
    }) : null;
    const form = el("form", { method: "dialog", class: "tw-form" },
      el("h2", { id: "tw-dialog-title" }, title), el("p", {}, text));
    if (field) {
      const words = reason === "needed" ? "理由（必填，会记入变更记录）" : "说明（可不填）";
      form.append(el("label", { for: "tw-reason" }, words), field);
    }
    const yes = el("button", { type: "submit", class: "tw-button", value: "yes" }, action);
    const no = el("button", { type: "button", class: "tw-quiet" }, "取消");
    form.append(el("div", { class: "tw-row tw-dialog-row" }, yes, no));
    const dialog = el("dialog", { class: "tw-dialog", "aria-labelledby": "tw-dialog-title" }, form);
    document.querySelector(".tw-staff").append(dialog);
    no.addEventListener("click", () => dialog.close(""));
    dialog.addEventListener("close", () => {
      const answer = dialog.returnValue === "yes" ? (field ? field.value : "") : null;
      dialog.remove();
      resolve(answer);
    });
    dialog.showModal();
    (field || yes).focus();
  });
}

// UTC times as people here write them.
export function when(at) {
  const time = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

export function bar(label, done, total) {
  const known = total > 0;
  const node = el("progress", {
    class: "tw-bar", "aria-label": label, ...(known ? { max: total, value: done } : {}),
  });
  return node;
}

// How a running job is doing.
export function jobView(job) {
  const amount = job.total ? `${job.done} / ${job.total}` : "";
  return el("div", { class: "tw-job" },
    el("p", {}, `${job.step || "正在进行"} ${amount}`),
    bar(job.name, job.done, job.total),
    el("p", { class: "tw-desk-note" }, `${job.who} 开始于 ${when(job.started)}`));
}

// Looks after a job of a kind: `show(job)` on every change, `over(job)` when it has ended while
// this page was looking. What it knows comes from the server, so a reload changes nothing.
export function follow(kind, show, over = () => {}) {
  let seen = null;
  async function look() {
    let job = null;
    try {
      job = (await staffApi("jobs"))[kind];
    } catch (error) {
      if (error.code === "login_required" || error.code === "unavailable") return;
      window.setTimeout(look, 4000);
      return;
    }
    show(job);
    if (job?.state === "running") {
      seen = job.id;
      window.setTimeout(look, 700);
    } else if (seen !== null && job?.id === seen) {
      seen = null;
      announce(job.message);
      over(job);
    }
  }
  look();
  return look;
}

export function select(name, choices, chosen, all) {
  const node = el("select", { name }, el("option", { value: "" }, all));
  fill(node, choices, chosen, all);
  return node;
}

export function fill(node, choices, chosen, all) {
  const options = Object.entries(choices).map(([value, words]) =>
    el("option", { value, selected: value === chosen }, words));
  node.replaceChildren(el("option", { value: "" }, all), ...options);
}
