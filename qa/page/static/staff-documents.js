// The documents: the list with what waits, and the way to one document or one comparison.
import { announce, el, mayEdit, staffApi } from "./staff.js";
import { button, follow, jobView, mainButton, patiently, select, tell, trying, when } from "./staff-desk.js";
import { showOne } from "./staff-documents-one.js";
import { chips, notices, withdraw } from "./staff-documents-parts.js";
import { showReplacement } from "./staff-documents-replace.js";
import { link } from "./shared.js";
import { uploads } from "./staff-documents-upload.js";

const place = document.getElementById("tw-desk");
const asked = new URLSearchParams(window.location.search);
const SHOWN = 100;
const FILTERS = {
  live: "已用于答复", waiting: "待更新索引", withdrawn: "已撤下", notices: "有提醒的", yes: "等您确认替换的",
};

// What is stored against what is answered from, and the one button that brings them together.
function indexPanel(state, reload) {
  const node = el("section", { class: "tw-panel tw-index", "aria-label": "索引" });
  const said = el("div", {});
  let job = null;
  const start = mainButton("更新索引", () => trying(start, said, async () => {
    tell(said, "");
    await staffApi("build", { method: "POST" });
    announce("开始更新索引。");
    look();
  }));
  function draw() {
    const parts = [el("h2", {}, "索引")];
    if (job?.state === "running") {
      parts.push(jobView(job), el("p", { class: "tw-desk-note" },
        "更新期间照常提问，用的是原来的索引。可以离开这一页，进度不会丢。"));
    } else {
      parts.push(el("p", {}, state.stale
        ? "有改动还没有进入索引，答复还按原来的内容。" : "索引与文件一致，答复用的就是下面的文件。"));
      if (job?.state === "failed") parts.push(el("p", { class: "tw-form-said tw-form-wrong" }, job.message));
      if (job?.state === "done") parts.push(el("p", { class: "tw-desk-note" }, `${when(job.ended)} ${job.message}`));
      if (mayEdit && (state.stale || job?.state === "failed")) parts.push(start);
    }
    node.replaceChildren(...parts, said);
  }
  const look = follow("build", (found) => { job = found; draw(); }, reload);
  draw();
  return { node, draw };
}

function actions(entry, said, reload) {
  if (entry.waiting) {
    const link = el("a", { class: "tw-button", href: `documents?replace=${encodeURIComponent(entry.waiting)}` }, "看变化并确认");
    return mayEdit ? [link] : [];
  }
  const file = entry.version ? [el("a", { class: "tw-quiet", href: link(`api/staff/versions/${entry.version.id}/file`) }, "下载")] : [];
  if (!mayEdit) return file;
  if (entry.version) {
    const restore = button("恢复", () => trying(restore, said, async () => {
      await staffApi(`versions/${entry.version.id}/restore`, { method: "POST" });
      await reload();
      tell(said, `已恢复《${entry.title}》。`);
    }));
    return [restore, ...file];
  }
  return [button("撤下", () => withdraw(entry, said, reload))];
}

function line(entry, said, reload) {
  const version = entry.version;
  const title = version ? el("span", { class: "tw-doc-title" }, entry.title)
    : el("a", { class: "tw-doc-title", href: `documents?doc=${encodeURIComponent(entry.doc_id)}` }, entry.title);
  const meta = [entry.doc_number, entry.area.split("/").pop(), entry.kind, entry.file].filter(Boolean);
  const acts = actions(entry, said, reload);
  for (const node of acts) {
    node.setAttribute("aria-label", `${node.textContent}《${entry.title}》`);
  }
  return el("li", { class: "tw-doc" },
    el("div", { class: "tw-doc-main" }, title, el("p", { class: "tw-desk-note" }, meta.join(" · ")),
      ...(version ? [el("p", {}, `${when(version.at)} 由 ${version.by} 撤下。理由：${version.reason}`)] : []),
      el("div", { class: "tw-chips" }, ...chips(entry)), ...notices(entry)),
    el("div", { class: "tw-row" }, ...acts));
}

function fits(entry, words, wanted) {
  const text = [entry.title, entry.doc_number, entry.area, entry.file, entry.kind].join("\n").toLowerCase();
  if (words && !text.includes(words)) return false;
  if (wanted === "waiting") return ["new", "changed"].includes(entry.standing);
  if (wanted === "notices") return entry.notices.length > 0;
  if (wanted === "yes") return Boolean(entry.waiting);
  return !wanted || entry.standing === wanted;
}

async function showList() {
  let state = await staffApi("documents");
  const said = el("div", {});
  const list = el("ul", { class: "tw-docs" });
  const count = el("p", { class: "tw-desk-note", role: "status" });
  const words = el("input", { type: "search", name: "q", placeholder: "标题、文号、地区、文件名" });
  const wanted = select("standing", FILTERS, "", "全部");
  const more = button("再显示一些", () => { shown += SHOWN; draw(); });
  let shown = SHOWN;
  function draw() {
    const found = state.entries.filter((entry) => fits(entry, words.value.trim().toLowerCase(), wanted.value));
    list.replaceChildren(...found.slice(0, shown).map((entry) => line(entry, said, reload)));
    count.textContent = state.entries.length
      ? `共 ${state.entries.length} 份，显示 ${Math.min(found.length, shown)} 份`
      : "还没有文件。请把文件拖到上面的框里。";
    more.hidden = found.length <= shown;
  }
  async function reload() {
    state = await patiently(() => staffApi("documents"));
    Object.assign(panelState, { stale: state.stale });
    panel.draw();
    draw();
  }
  const panelState = { stale: state.stale };
  const panel = indexPanel(panelState, reload);
  for (const field of [words, wanted]) field.addEventListener("input", () => { shown = SHOWN; draw(); });
  const filters = el("div", { class: "tw-filters" },
    el("label", { class: "tw-field" }, el("span", {}, "查找"), words),
    el("label", { class: "tw-field" }, el("span", {}, "状态"), wanted));
  place.replaceChildren(panel.node, ...(mayEdit ? [uploads({ reload })] : []),
    el("section", { class: "tw-panel", "aria-labelledby": "tw-list-title" },
      el("h2", { id: "tw-list-title" }, "全部文件"), filters, said, count, list, more));
  draw();
}

async function start() {
  try {
    if (asked.get("doc")) await showOne(place, asked.get("doc"));
    else if (asked.get("replace")) await showReplacement(place, asked.get("replace"));
    else await showList();
  } catch (error) {
    tell(place, error.message, true);
    place.append(el("p", {}, el("a", { href: "documents" }, "回到全部文件")));
  }
}

start();
