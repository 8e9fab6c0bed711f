// The word lists: edited as text, checked line by line, tried on the evaluation cases, saved.
import { announce, el, mayEdit, staffApi } from "./staff.js";
import { button, chip, follow, jobView, mainButton, tell, trying } from "./staff-desk.js";

const place = document.getElementById("tw-desk");
const name = new URLSearchParams(window.location.search).get("list") || "synonyms.tsv";
const path = `lexicon/${encodeURIComponent(name)}`;
const HELP = {
  "synonyms.tsv": "每行：居民说法、官方用语（几个词用空格分开，最贴切的在前）、类别、备注，各列之间是制表符。备注写「口语」的也会反过来用于改写。「…」代表中间可以隔几个字。",
  "words.tsv": "每行一个不该被切开的词，后面可以写类别。",
  "stopwords.tsv": "每行一个不用来查找的词。",
};
const CATEGORIES = ["落户", "入学", "社保", "医保", "住房", "就业", "救助", "养老托育", "医疗", "交通", "产业", "城建", "环境", "通信", "农村", "人群", "政务"];
const NOTES = ["口语", "简称", "旧称", "异称", "方言", "港台", "说法", "错字"];

function lineOf(text, number) {
  const lines = text.split("\n");
  const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  return [start, start + (lines[number - 1] || "").length];
}

function field(words, node) { return el("label", { class: "tw-field" }, el("span", {}, words), node); }

// Puts one well-formed line at the end: tabs are hard to type into a box.
function adder(text, changed) {
  if (name !== "synonyms.tsv") return [];
  const resident = el("input", { type: "text", name: "resident", maxlength: 30, placeholder: "如 外地娃" });
  const official = el("input", { type: "text", name: "official", maxlength: 100, placeholder: "如 随迁子女" });
  const category = el("select", { name: "category" }, ...CATEGORIES.map((word) => el("option", {}, word)));
  const note = el("select", { name: "note" }, ...NOTES.map((word) => el("option", {}, word)));
  const form = el("form", { class: "tw-filters tw-adder", "aria-label": "加一行" }, field("居民说法", resident),
    field("官方用语", official), field("类别", category), field("备注", note),
    el("button", { type: "submit", class: "tw-quiet" }, "加一行"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!resident.value.trim() || !official.value.trim()) {
      announce("请先填居民说法和官方用语。");
      (resident.value.trim() ? official : resident).focus();
      return;
    }
    const line = [resident.value.trim(), official.value.trim().split(/\s+/).join(" "), category.value, note.value].join("\t");
    text.value = `${text.value.replace(/\n*$/, text.value.trim() ? "\n" : "")}${line}\n`;
    resident.value = "";
    official.value = "";
    resident.focus();
    changed();
  });
  return [form];
}

function findings(checked, text) {
  if (!checked.findings.length) return [el("p", { class: "tw-form-said" }, "检查过了，没有问题。")];
  const items = checked.findings.map((one) => el("li", {},
    button(`第 ${one.line} 行`, () => { text.focus(); text.setSelectionRange(...lineOf(text.value, one.line)); scrollTo(one.line); }, { class: "tw-quiet tw-line-link" }),
    chip(one.error ? `错误：${one.fault}` : `参考：${one.fault}`, one.error ? "bad" : "warn"),
    el("span", {}, `「${one.word}」${one.detail}`)));
  function scrollTo(number) { text.scrollTop = Math.max(0, (number - 3)) * parseFloat(getComputedStyle(text).lineHeight); }
  const errors = checked.errors;
  return [el("p", {}, `错误 ${errors} 处（改好才能保存），参考 ${checked.findings.length + checked.more - errors} 处`),
    el("ul", { class: "tw-findings" }, ...items),
    ...(checked.more ? [el("p", {}, `另有 ${checked.more} 处没有列出。`)] : [])];
}

function changes(title, found, tone) {
  if (!found.length) return [];
  const items = found.map((one) => el("li", {}, one.question, el("span", { class: "tw-desk-note" },
    `　${one.before} → ${one.after}${one.why ? `（${one.why}）` : ""}`)));
  return [el("details", { open: tone !== "" }, el("summary", {}, `${title}（${found.length}）`), el("ul", { class: "tw-plain-list" }, ...items))];
}

function trial(job) {
  if (!job) return [];
  if (job.state === "running") return [jobView(job)];
  if (job.state === "failed") return [el("p", { class: "tw-form-said tw-form-wrong" }, job.message)];
  const { measures, gained, lost, moved } = job.result;
  const better = { true: "变好", false: "变差", null: "不变" };
  const rows = measures.map((one) => el("tr", {}, el("th", { scope: "row" }, one.label), el("td", {}, one.before),
    el("td", {}, one.after), el("td", {}, chip(better[one.better], { true: "good", false: "bad" }[one.better] || ""))));
  return [el("p", {}, job.message), el("div", { class: "tw-scroll", tabindex: 0, role: "region", "aria-label": "试用结果" },
    el("table", { class: "tw-measures" }, el("thead", {}, el("tr", {}, ...["指标", "现在", "改后", ""].map((words) => el("th", { scope: "col" }, words)))),
      el("tbody", {}, ...rows))),
    ...changes("多答对", gained, "good"), ...changes("少答对", lost, "bad"), ...changes("对错未变，结果不同", moved, "")];
}

async function start() {
  for (const link of document.querySelectorAll(".tw-lists a")) {
    if (link.dataset.list === name) link.setAttribute("aria-current", "page");
  }
  let kept = await staffApi(path);
  const said = el("div", {});
  const found = el("div", { class: "tw-found" });
  const tried = el("div", { class: "tw-trial" });
  const text = el("textarea", { id: "tw-text", class: "tw-text", rows: 12, spellcheck: "false", wrap: "off", readonly: !mayEdit });
  text.value = kept.text;
  const state = el("p", { class: "tw-desk-note", role: "status" });
  const dirty = () => text.value !== kept.text;
  const changed = () => { state.textContent = dirty() ? "有改动还没有保存" : `已保存，${kept.entries} 条`; };
  const check = button("检查", () => trying(check, said, async () => {
    tell(said, "");
    const checked = await staffApi(`${path}/check`, { method: "POST", body: { text: text.value } });
    found.replaceChildren(...findings(checked, text));
    announce(checked.findings.length ? `错误 ${checked.errors} 处` : "检查过了，没有问题。");
  }));
  const save = mainButton("保存", () => trying(save, said, async () => {
    kept = await staffApi(path, { method: "PUT", body: { text: text.value, base: kept.version } });
    text.value = kept.text;
    changed();
    tell(said, "已保存。更新索引后用于答复。");
    said.append(el("p", {}, el("a", { href: "documents" }, "去更新索引")));
  }));
  const size = el("select", { name: "sample" }, el("option", { value: "100" }, "100 题，较快"), el("option", { value: "" }, "全部题目"));
  const attempt = button("试一试", () => trying(attempt, said, async () => {
    tell(said, "");
    const body = { text: text.value, sample: size.value ? Number(size.value) : null };
    await staffApi(`${path}/try`, { method: "POST", body });
    look();
  }));
  const look = follow("preview", (job) => tried.replaceChildren(...trial(job)));
  text.addEventListener("input", changed);
  window.addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });
  place.replaceChildren(
    el("section", { class: "tw-panel" }, el("h2", {}, `${kept.title}：本单位补充的`),
      el("p", { class: "tw-desk-note" }, `${HELP[name]}这里只写补充的内容，与程序自带的词表合起来用。「#」开头的行是注释。`),
      el("label", { class: "tw-sr", for: "tw-text" }, `${kept.title}，每行一条`), text, state,
      ...(mayEdit ? [...adder(text, changed), el("div", { class: "tw-row" }, save, check)] : []), said, found),
    el("section", { class: "tw-panel", "aria-labelledby": "tw-try-title" },
      el("h2", { id: "tw-try-title" }, "在评测题上试一试"),
      el("p", { class: "tw-desk-note" }, "用保存着的词表和上面的内容各答一遍评测题（随附样例文件），看多答对哪些、少答对哪些。不影响正在用的答复。"),
      ...(mayEdit ? [el("div", { class: "tw-row tw-run" }, field("题数", size), attempt)] : []), tried));
  changed();
}

start().catch((error) => tell(place, error.message, true));
