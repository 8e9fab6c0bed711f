// Files by drag and drop or picker: one after the other, each with its own progress and report.
import { announce, el, tokenHeader, toLogin } from "./staff.js";
import { bar, button } from "./staff-desk.js";
import { base } from "./shared.js";

const AT_MOST = 50 * 1024 * 1024;
const TONES = { added: "good", replaced: "good", waiting: "warn", failed: "bad" };
const SUFFIXES = ".txt,.text,.md,.markdown,.html,.htm,.shtml,.mht,.mhtml,.docx,.docm,.doc,.wps,.dot,.rtf,.pdf,.zip";

// Sends one file; `moved(done, total)` while it is on its way. Gives the server's answer.
export function send(file, { replaces, moved = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    if (file.size > AT_MOST) { reject(new Error("文件超过 50 MB，不像政策文件。请拆分后再上传。")); return; }
    if (!file.size) { reject(new Error("文件是空的，或者是一个文件夹。请选择文件本身。")); return; }
    const url = new URL("api/staff/uploads", base);
    url.searchParams.set("name", file.name.slice(0, 500) || "未命名");
    if (replaces) url.searchParams.set("replaces", replaces);
    const call = new XMLHttpRequest();
    call.open("POST", url);
    call.setRequestHeader(...tokenHeader());
    call.responseType = "json";
    call.upload.addEventListener("progress", (event) => moved(event.loaded, event.total));
    call.addEventListener("error", () => reject(new Error("没有传上去：网络断开了，或者文件在上传时被改动。请再试一次。")));
    call.addEventListener("load", () => {
      const said = call.response;
      if (call.status < 300) { resolve(said); return; }
      if (said?.error?.code === "login_required") toLogin();
      const error = new Error(said?.error?.message || "没有传上去，请再试一次。");
      if (call.status === 429) error.wait = Number(call.getResponseHeader("retry-after")) || 5;
      reject(error);
    });
    call.send(file);
  });
}

// The server counts requests; a long batch waits its turn instead of failing.
async function sendPatiently(file, options) {
  for (;;) {
    try {
      return await send(file, options);
    } catch (error) {
      if (!error.wait) throw error;
      await new Promise((resolve) => { window.setTimeout(resolve, error.wait * 1000); });
    }
  }
}

function report(one) {
  if (one.error) return [el("p", {}, el("strong", {}, "没有导入："), one.error.replace(/^无法导入「[^」]*」：/, ""))];
  const [added, removed, changed] = one.changes;
  const facts = [`${one.clauses} 条条款`];
  if (one.repairs) facts.push(`修复 ${one.repairs} 处`);
  const lines = [el("p", {}, el("strong", {}, `${one.words}：`),
    one.outcome === "waiting" ? `《${one.title}》` : el("a", { href: `documents?doc=${one.doc_id}` }, `《${one.title}》`),
    one.doc_number ? `（${one.doc_number}）` : "", `　${facts.join("，")}`)];
  if (one.outcome === "waiting") {
    lines.push(el("p", {}, `新增 ${added} 条，删去 ${removed} 条，改动 ${changed} 条。`,
      el("a", { href: `documents?replace=${encodeURIComponent(one.token)}` }, "看变化并确认替换")));
  }
  for (const text of one.notes) lines.push(el("p", {}, text));
  if (one.warnings.length) {
    lines.push(el("details", { class: "tw-notices" }, el("summary", {}, `${one.warnings.length} 处提醒`),
      el("ul", {}, ...one.warnings.map((text) => el("li", {}, text)))));
  }
  return lines;
}

export function uploads({ reload }) {
  const input = el("input", { type: "file", id: "tw-files", multiple: true, accept: SUFFIXES, class: "tw-sr" });
  const drop = el("label", { class: "tw-drop", for: "tw-files" },
    el("strong", {}, "把文件拖到这里，或点这里选择"),
    el("span", { class: "tw-desk-note" }, "可以一次选多份：docx、doc、wps、pdf、txt、md、html、rtf，或 zip 压缩包；每份不超过 50 MB。"));
  const overall = el("div", { hidden: true, class: "tw-job" });
  const list = el("ul", { class: "tw-sent" });
  const clear = button("清空这份清单", () => { list.replaceChildren(); clear.hidden = true; overall.hidden = true; });
  clear.hidden = true;
  const queue = [];
  const total = { all: 0, done: 0, bad: 0 };
  let running = false;

  function count() {
    overall.hidden = false;
    const words = total.done < total.all ? `正在处理第 ${total.done + 1} 份，共 ${total.all} 份`
      : `处理完 ${total.all} 份，${total.all - total.bad} 份没有问题，${total.bad} 份没有导入`;
    overall.replaceChildren(el("p", {}, words), bar("上传进度", total.done, total.all));
    return words;
  }

  async function one({ file, node }) {
    const moved = (done, all) => {
      const share = all ? Math.round(100 * done / all) : 0;
      node.querySelector(".tw-sent-state").textContent = share < 100 ? `上传 ${share}%` : "正在读取";
    };
    let files;
    try {
      files = (await sendPatiently(file, { moved })).files;
    } catch (error) {
      files = [{ file: file.name, outcome: "failed", error: error.message }];
    }
    total.bad += files.every((found) => found.outcome === "failed") ? 1 : 0;
    const shown = files.map((found) => el("div", { class: `tw-sent-one tw-${TONES[found.outcome] || "same"}-line` },
      files.length > 1 ? el("p", { class: "tw-desk-note" }, found.file) : "", ...report(found)));
    node.replaceChildren(el("p", { class: "tw-sent-name" }, file.name), ...shown);
  }

  async function work() {
    if (running) return;
    running = true;
    while (queue.length) {
      count();
      await one(queue.shift());
      total.done += 1;
    }
    running = false;
    announce(count());
    clear.hidden = false;
    Object.assign(total, { all: 0, done: 0, bad: 0 });
    await reload();
  }

  function take(files) {
    for (const file of files) {
      const node = el("li", {}, el("p", { class: "tw-sent-name" }, file.name), el("p", { class: "tw-sent-state" }, "排队"));
      list.append(node);
      queue.push({ file, node });
      total.all += 1;
    }
    if (files.length) work();
  }

  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("tw-over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("tw-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("tw-over");
    take([...event.dataTransfer.files]);
  });
  // A file dropped beside the frame would otherwise take the place of this page.
  for (const name of ["dragover", "drop"]) {
    window.addEventListener(name, (event) => event.preventDefault());
  }
  window.addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
  return el("section", { class: "tw-panel", "aria-labelledby": "tw-upload-title" },
    el("h2", { id: "tw-upload-title" }, "加入文件"), input, drop, overall, list, clear);
}
