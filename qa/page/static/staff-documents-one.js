// One document: what is known of it, its outline, and the text as read beside the repaired one.
import { el, mayEdit, staffApi } from "./staff.js";
import { bar, button, trying, when } from "./staff-desk.js";
import { chips, notices, withdraw } from "./staff-documents-parts.js";
import { send } from "./staff-documents-upload.js";
import { link } from "./shared.js";

const ROWS = 300; // shown at once

// Characters that cannot be seen, made visible where they were taken away or put in.
function visible(text) {
  return text.replace(/\r\n|\r|\n/g, "↵\n").replace(/\t/g, "⇥").replace(/[ \u00a0\u3000]/g, "␣")
    .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, "[零宽]");
}

function cell(row, side, tag, words) {
  const node = el("div", { class: `tw-side tw-side-${tag}` }, el("span", { class: "tw-side-name" }, words));
  const text = el("p", { lang: "zh-CN" });
  for (const [raw, repaired, kind] of row.pieces) {
    const piece = side === 0 ? raw : repaired;
    if (!kind) text.append(piece);
    else if (piece) text.append(el(tag, { title: kind }, side === 0 ? visible(piece) : piece));
  }
  if (row.repaired && !text.textContent.trim()) text.append(el("span", { class: "tw-desk-note" }, "（整行去掉了）"));
  node.append(text);
  return node;
}

const head = () => el("li", { class: "tw-both tw-both-head", "aria-hidden": "true" },
  el("span", {}, "位置"), el("span", {}, "读到的"), el("span", {}, "整理后"));

function rowNode(row) {
  const kinds = [...new Set(row.pieces.map((piece) => piece[2]).filter(Boolean))];
  return el("li", { class: row.repaired ? "tw-both tw-both-repaired" : "tw-both" },
    el("span", { class: "tw-both-line" }, `第 ${row.line} 行`),
    cell(row, 0, "del", "读到的"), cell(row, 1, "ins", "整理后"),
    ...(row.repaired ? [el("p", { class: "tw-both-why" }, `修复：${kinds.join("、")}`)] : []));
}

function texts(docId, repairs) {
  const said = el("div", {});
  const list = el("ol", { class: "tw-both-list" });
  const only = el("input", { type: "checkbox", checked: repairs > 0 });
  const more = button("再显示一些", () => { shown += ROWS; draw(); });
  const count = el("p", { class: "tw-desk-note", role: "status" });
  let rows = null;
  let shown = ROWS;
  function draw() {
    const wanted = rows.filter((row) => (only.checked ? row.repaired
      : row.pieces.some((piece) => piece[0].trim() || piece[1].trim())));
    list.replaceChildren(...(wanted.length ? [head()] : []), ...wanted.slice(0, shown).map(rowNode));
    count.textContent = wanted.length ? `${wanted.length} 行${only.checked ? "有修复" : ""}，显示 ${Math.min(shown, wanted.length)} 行`
      : "没有需要修复的地方，整理后的文字与读到的一样。";
    more.hidden = wanted.length <= shown;
  }
  const open = el("details", { class: "tw-texts" }, el("summary", {}, "读到的原文与整理后的文字对照"),
    el("label", { class: "tw-along" }, only, el("span", {}, "只看有修复的行")), said, count, list, more);
  more.hidden = true;
  only.addEventListener("change", () => { if (rows) { shown = ROWS; draw(); } });
  open.addEventListener("toggle", () => {
    if (!open.open || rows) return;
    trying(null, said, async () => {
      rows = (await staffApi(`documents/${encodeURIComponent(docId)}/texts`)).rows;
      draw();
    });
  });
  return open;
}

function outline(entries) {
  const items = entries.map((entry) => el("li", { class: `tw-out tw-out-${Math.min(entry.depth, 3)}` },
    el("a", { href: link(`c/${entry.clause_id}`) }, `${entry.label} ${entry.heading}`.trim() || "（无标题）"),
    entry.role ? el("span", { class: "tw-desk-note" }, entry.role) : "",
    entry.units.length ? el("span", { class: "tw-desk-note" }, `　责任单位：${entry.units.join("、")}`) : ""));
  return el("details", { open: true }, el("summary", {}, `目录（${entries.length} 段）`), el("ul", { class: "tw-outs" }, ...items));
}

function replaceButton(entry, said) {
  const input = el("input", { type: "file", class: "tw-sr", id: "tw-new-version" });
  const words = el("span", {}, "替换为新版本");
  const label = el("label", { class: "tw-button", for: "tw-new-version" }, words);
  input.addEventListener("change", () => {
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    trying(label, said, async () => {
      said.replaceChildren(el("p", {}, `正在上传并比较「${file.name}」`), bar("上传", 0, 0));
      const { token } = await send(file, { replaces: entry.doc_id });
      window.location.assign(`documents?replace=${encodeURIComponent(token)}`);
    });
  });
  return [input, label];
}

function versions(kept, said) {
  if (!kept.length) return [];
  const items = kept.map((version) => {
    const what = version.kind === "withdrawn" ? "撤下" : "被替换";
    const back = mayEdit && version.kind === "replaced" ? [button("换回这一版", () => trying(null, said, async () => {
      const { token } = await staffApi(`versions/${version.id}/stage`, { method: "POST" });
      window.location.assign(`documents?replace=${encodeURIComponent(token)}`);
    }))] : [];
    return el("li", {}, el("p", {}, `${when(version.at)} 由 ${version.by} ${what}${version.reason ? `：${version.reason}` : ""}`),
      el("p", { class: "tw-desk-note" }, version.file),
      el("div", { class: "tw-row" }, el("a", { class: "tw-quiet", href: link(`api/staff/versions/${version.id}/file`) }, "下载"), ...back));
  });
  return [el("section", { class: "tw-panel", "aria-labelledby": "tw-old-title" },
    el("h2", { id: "tw-old-title" }, "以前的版本"), el("ul", { class: "tw-olds" }, ...items))];
}

export async function showOne(place, docId) {
  const found = await staffApi(`documents/${encodeURIComponent(docId)}`);
  const entry = found.entry;
  const said = el("div", {});
  const back = async () => { window.location.assign("documents"); };
  const acts = mayEdit ? [...replaceButton(entry, said), button("撤下", () => withdraw(entry, said, back))] : [];
  const facts = found.facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
  document.title = `${entry.title} · 条问`;
  const waiting = entry.waiting ? [el("p", { class: "tw-form-said" }, "有一个新版本等确认。",
    el("a", { href: `documents?replace=${encodeURIComponent(entry.waiting)}` }, "看变化"))] : [];
  place.replaceChildren(
    el("p", {}, el("a", { href: "documents" }, "← 全部文件")),
    el("section", { class: "tw-panel" }, el("h2", { class: "tw-one-title" }, entry.title),
      el("div", { class: "tw-chips" }, ...chips(entry)), ...waiting, ...notices(entry),
      el("dl", { class: "tw-facts" }, ...facts),
      el("div", { class: "tw-row" }, ...acts,
        el("a", { class: "tw-quiet", href: link(`api/staff/documents/${entry.doc_id}/file`) }, "下载原件")), said),
    el("section", { class: "tw-panel", "aria-label": "对照" }, texts(docId, entry.repairs)),
    el("section", { class: "tw-panel", "aria-label": "目录" }, outline(found.outline)),
    ...versions(found.versions, said));
  const first = place.querySelector(".tw-notices");
  if (first) first.open = true;
}
