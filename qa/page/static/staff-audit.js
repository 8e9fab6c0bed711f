// Who changed what, and when. Only editors see it.
import { el, mayEdit, staffApi } from "./staff.js";
import { button, fill, tell, when } from "./staff-desk.js";

const place = document.getElementById("tw-desk");
const DETAILS = {
  reason: "理由", doc_id: "文件编号", file: "文件名", clauses: "条款", added: "新增", removed: "删去",
  changed: "改动", lines: "改动的行", sample: "题数", feedback: "评价编号",
};

function detail(values) {
  const shown = Object.entries(values).filter(([, value]) => value !== null && value !== "");
  return shown.map(([key, value]) => {
    const name = DETAILS[key] || key;
    if (!Array.isArray(value)) return el("p", { class: "tw-desk-note" }, `${name}：${value}`);
    return el("details", {}, el("summary", {}, `${name}（${value.length}）`), el("pre", { class: "tw-lines" }, value.join("\n")));
  });
}

function row(entry) {
  return el("li", { class: "tw-change" },
    el("p", {}, el("strong", {}, entry.action_words), `　${entry.target}`),
    el("p", { class: "tw-desk-note" }, `${when(entry.at)} · ${entry.who}`), ...detail(entry.detail));
}

async function start() {
  if (!mayEdit) {
    tell(place, "变更记录只有编辑人员能看。", true);
    return;
  }
  const list = el("ul", { class: "tw-changes" });
  const said = el("div", {});
  const action = el("select", { name: "action" });
  const more = button("更早的", () => load(following));
  let following = null;
  async function load(before) {
    try {
      const query = new URLSearchParams();
      if (action.value) query.set("action", action.value);
      if (before) query.set("before", before);
      const found = await staffApi(`audit?${query}`);
      if (!action.options.length) fill(action, found.actions, "", "全部");
      if (!before) list.replaceChildren();
      list.append(...found.entries.map(row));
      if (!list.children.length) list.append(el("li", {}, "还没有变更。"));
      following = found.next;
      more.hidden = following === null;
      tell(said, "");
    } catch (error) {
      more.hidden = true;
      tell(said, error.message, true);
    }
  }
  action.addEventListener("change", () => load(null));
  place.replaceChildren(el("section", { class: "tw-panel" },
    el("p", { class: "tw-desk-note" }, "每一次改动都记在这里，只增不减，谁也改不了、删不掉。"),
    el("div", { class: "tw-filters" }, el("label", { class: "tw-field" }, el("span", {}, "做了什么"), action)), said, list, more));
  await load(null);
}

start();
