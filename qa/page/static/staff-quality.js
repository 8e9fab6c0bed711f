// Quality: the last evaluation, what residents said, and cases drafted from it.
import { announce, el, mayEdit, staffApi } from "./staff.js";
import { ask, button, chip, fill, follow, jobView, tell, trying, when } from "./staff-desk.js";
import { link } from "./shared.js";

const find = (selector) => document.querySelector(selector);
const filters = find("#tw-filters");

function measures(report) {
  const rows = report.measures.map((one) => el("tr", {},
    el("th", { scope: "row" }, one.label), el("td", {}, one.value), el("td", {}, one.interval || "—"),
    el("td", {}, String(one.cases)), el("td", { class: "tw-what" }, one.what)));
  const head = ["指标", "结果", "95% 区间", "题数", "说明"].map((words) => el("th", { scope: "col" }, words));
  return el("div", { class: "tw-scroll", tabindex: 0, role: "region", "aria-label": "评测指标" },
    el("table", { class: "tw-measures" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows)));
}

function reportNodes(found) {
  if (found.missing) return [el("p", { class: "tw-form-said tw-form-wrong" }, found.missing)];
  const report = found.report;
  if (!report) return [el("p", {}, "还没有评测结果。")];
  const facts = report.facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
  return [el("p", { class: "tw-desk-note" }, `${report.label} · ${when(report.started)}`), measures(report),
    el("details", {}, el("summary", {}, "评测了什么"), el("dl", { class: "tw-facts" }, ...facts)),
    el("p", {}, el("a", { href: link("api/staff/quality/report.html"), target: "_blank", rel: "noopener" }, "打开完整报告（新窗口）"))];
}

async function showReport() {
  const place = find("#tw-report");
  const said = el("div", {});
  const running = el("div", {});
  const size = el("select", { name: "sample" }, el("option", { value: "100" }, "100 题，较快"), el("option", { value: "" }, "全部题目"));
  const run = button("运行评测", () => trying(run, said, async () => {
    tell(said, "");
    await staffApi("quality/run", { method: "POST", body: { sample: size.value ? Number(size.value) : null } });
    look();
  }));
  const tools = mayEdit ? [el("div", { class: "tw-row tw-run" },
    el("label", { class: "tw-field" }, el("span", {}, "题数"), size), run)] : [];
  async function draw() {
    const shown = el("div", { class: "tw-report-shown" }, ...reportNodes(await staffApi("quality/report")));
    place.replaceChildren(shown, ...tools, running, said);
  }
  const look = follow("evaluate", (job) => {
    const nodes = job?.state === "running" ? [jobView(job)]
      : job?.state === "failed" ? [el("p", { class: "tw-form-said tw-form-wrong" }, job.message)] : [];
    running.replaceChildren(...nodes);
  }, draw);
  await draw();
}

function query() {
  const form = new FormData(filters);
  const view = form.get("view");
  const wanted = new URLSearchParams();
  if (view === "unanswered") wanted.set("unanswered", "true");
  else if (view) wanted.set("verdict", view);
  for (const name of ["status", "reason", "area", "q"]) if (form.get(name)) wanted.set(name, form.get(name));
  return wanted;
}

function opinion(entry, reload) {
  const said = el("div", {});
  const tools = [];
  if (mayEdit && entry.question) {
    const draft = button(entry.drafted ? "已起草" : "起草题目", () => trying(draft, said, async () => {
      await staffApi(`feedback/${entry.id}/draft`, { method: "POST" });
      entry.drafted = true;
      draft.textContent = "已起草";
      draft.disabled = true;
      tell(said, "已起草，在下面的「题目草稿」里。");
      await showDrafts();
    }), { "aria-label": `起草题目：${entry.question}` });
    draft.disabled = entry.drafted;
    tools.push(draft);
  }
  if (mayEdit) {
    tools.push(button("删除", async () => {
      const yes = await ask({ title: "删除这条评价", text: "删除后不能恢复。有个人信息或谩骂的内容才需要删。", action: "删除" });
      if (yes === null) return;
      await trying(null, said, async () => {
        await staffApi(`feedback/${entry.id}`, { method: "DELETE" });
        await reload();
        announce("已删除。");
      });
    }, { "aria-label": `删除第 ${entry.id} 条` }));
  }
  const question = entry.question ? el("p", { class: "tw-asked-words" }, entry.question)
    : el("p", { class: "tw-desk-note" }, "（没有附上提问）");
  const facts = [entry.day, entry.area, `第 ${entry.id} 条`].filter(Boolean);
  const shown = entry.clause_ids.map((id) => el("a", { href: link(`c/${id}`) }, id));
  return el("li", { class: "tw-opinion-line" },
    el("div", {}, question, ...(entry.comment ? [el("p", {}, `说明：${entry.comment}`)] : []),
      el("div", { class: "tw-chips" }, chip(entry.verdict_words, entry.verdict === "up" ? "good" : "bad"),
        ...(entry.reason ? [chip(entry.reason)] : []), ...(entry.status_words ? [chip(entry.status_words)] : [])),
      el("p", { class: "tw-desk-note" }, facts.join(" · ")),
      ...(shown.length ? [el("p", { class: "tw-desk-note tw-cited" }, "引用的条款：", ...shown.flatMap((a) => [a, " "]))] : []), said),
    el("div", { class: "tw-row" }, ...tools));
}

async function showOpinions() {
  const place = find("#tw-said");
  const list = el("ul", { class: "tw-opinions" });
  const count = el("p", { class: "tw-desk-note", role: "status" });
  const csv = el("a", { class: "tw-quiet", download: "" }, "导出为表格（CSV）");
  const more = button("更早的", () => load(following).catch(broken));
  let following = null;
  let filled = false;
  let turn = 0;
  function broken(error) { tell(count, error.message, true); }
  async function load(before) {
    const mine = turn += 1;
    const wanted = query();
    csv.href = link(`api/staff/feedback.csv?${wanted}`);
    if (before) wanted.set("before", before);
    const found = await staffApi(`feedback?${wanted}`);
    if (mine !== turn) return; // another filter was chosen meanwhile
    if (!filled) {
      for (const name of ["status", "reason", "area"]) fill(filters.elements[name], found.choices[name], "", "全部");
      filled = true;
    }
    if (!before) list.replaceChildren();
    list.append(...found.entries.map((entry) => opinion(entry, () => load(null))));
    following = found.next;
    more.hidden = following === null;
    count.textContent = list.children.length
      ? `一共收到：有用 ${found.counts.up ?? 0}，没用 ${found.counts.down ?? 0}；下面显示 ${list.children.length} 条`
      : "没有符合条件的评价。";
  }
  filters.elements.view[0].checked = true;
  let typing = 0;
  filters.addEventListener("input", (event) => {
    window.clearTimeout(typing);
    typing = window.setTimeout(() => load(null).catch(broken), event.target.name === "q" ? 300 : 0);
  });
  filters.addEventListener("submit", (event) => event.preventDefault());
  place.replaceChildren(el("div", { class: "tw-row tw-run" }, csv), count, list, more);
  await load(null);
}

async function showDrafts() {
  const { drafts } = await staffApi("drafts");
  const items = drafts.map((draft) => el("li", {}, el("details", {}, el("summary", {}, `${draft.id}　${draft.question}`),
    el("pre", { class: "tw-lines", tabindex: 0 }, JSON.stringify(draft, null, 1)))));
  const note = "草稿要由人补全正确的条款和要点、删去 draft 字段，才能并入评测题目。";
  find("#tw-drafts").replaceChildren(...(drafts.length
    ? [el("p", { class: "tw-desk-note" }, note), el("ul", { class: "tw-plain-list" }, ...items),
      el("a", { class: "tw-quiet", href: link("api/staff/drafts.jsonl"), download: "" }, "下载草稿（JSON Lines）")]
    : [el("p", {}, "还没有草稿。在上面的提问旁边点「起草题目」。")]));
}

for (const [name, show] of [["report", showReport], ["said", showOpinions], ["drafts", showDrafts]]) {
  const place = find(`#tw-${name}`);
  if (place) show().catch((error) => tell(place, error.message, true));
}
