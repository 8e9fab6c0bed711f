// A new version beside the one in use, clause by clause, before anything is changed.
import { el, mayEdit, staffApi } from "./staff.js";
import { button, mainButton, tell, trying } from "./staff-desk.js";

function words(kind) { return kind === "gone" ? "删去" : "新增"; }

function marked(pieces) {
  return el("p", { class: "tw-diff-text", lang: "zh-CN" }, ...pieces.map(([kind, piece]) => {
    if (kind === "same") return piece;
    return el(kind === "gone" ? "del" : "ins", {}, el("span", { class: "tw-sr" }, `${words(kind)}：`), piece);
  }));
}

function group(title, clauses, kind) {
  if (!clauses.length) return [];
  const items = clauses.map((clause) => el("li", { class: "tw-diff" },
    el("h4", {}, `${clause.path} ${clause.heading}`.trim()),
    ...(clause.still ? [el("p", { class: "tw-desk-note" }, `这段文字两个版本里都有，${kind === "gone" ? "新版本里不再" : "在用的版本里没有"}识别为一条条款。`)] : []),
    marked(clause.marks || [[kind, clause.text]])));
  return [el("details", { open: true }, el("summary", {}, `${title} ${clauses.length} 条`), el("ul", {}, ...items))];
}

function side(name, facts) {
  const parts = [facts.doc_number || "无文号", facts.published || "无日期", `${facts.characters} 字`];
  return el("div", { class: "tw-side" }, el("p", { class: "tw-side-name" }, name),
    el("p", {}, `《${facts.title}》`), el("p", { class: "tw-desk-note" }, parts.join(" · ")));
}

export async function showReplacement(place, token) {
  const path = `replacements/${encodeURIComponent(token)}`;
  const shown = await staffApi(path);
  const said = el("div", {});
  const reason = el("input", { type: "text", id: "tw-why", maxlength: 500 });
  const none = !shown.added.length && !shown.removed.length && !shown.changed.length;
  const yes = mainButton("确认替换", () => trying(yes, said, async () => {
    const done = await staffApi(path, { method: "POST", body: { reason: reason.value } });
    window.location.assign(`documents?doc=${encodeURIComponent(done.doc_id)}`);
  }));
  const no = button("不替换，保留在用的版本", () => trying(no, said, async () => {
    await staffApi(path, { method: "DELETE" });
    window.location.assign(`documents?doc=${encodeURIComponent(shown.doc_id)}`);
  }));
  place.replaceChildren(
    el("p", {}, el("a", { href: "documents" }, "← 全部文件")),
    el("section", { class: "tw-panel" }, el("h2", { class: "tw-one-title" }, "比较新旧版本"),
      el("div", { class: "tw-two" }, side("在用的", shown.before), side(`新的（${shown.file}）`, shown.after)),
      ...(shown.other_identity ? [el("p", { class: "tw-form-said tw-form-wrong" },
        "注意：新文件的文号或标题与在用的不同，很可能不是同一份文件。确认后在用的这一份会换成它。")] : []),
      ...shown.warnings.map((text) => el("p", { class: "tw-desk-note" }, `提醒：${text}`)),
      el("p", { class: "tw-diff-count" },
        none ? "条款没有变化，只是条款以外的文字或排版不同。"
          : `条款：新增 ${shown.added.length}，删去 ${shown.removed.length}，改动 ${shown.changed.length}`),
      ...group("改动", shown.changed), ...group("新增", shown.added, "new"), ...group("删去", shown.removed, "gone")),
    ...(mayEdit ? [el("section", { class: "tw-panel tw-form" },
      el("label", { for: "tw-why" }, "说明（可不填，会记入变更记录）"), reason,
      el("div", { class: "tw-row" }, yes, no),
      el("p", { class: "tw-desk-note" }, "替换后原来的版本会保留，可以换回。新内容在更新索引后开始用于答复。"), said)] : []));
  if (!mayEdit) tell(said, "");
}
