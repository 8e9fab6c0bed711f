// How a document stands, what deserves a look in it, and how it is withdrawn.
import { el, staffApi } from "./staff.js";
import { ask, chip, tell, trying } from "./staff-desk.js";

const TONES = { live: "good", new: "warn", changed: "warn", withdrawn: "bad" };
const VALIDITY_TONES = { in_force: "good", lapsed: "bad", repealed: "bad", unknown: "" };

export function chips(entry) {
  const shown = [chip(entry.standing_words, TONES[entry.standing])];
  if (entry.standing === "withdrawn") return shown;
  shown.push(chip(entry.validity_words, VALIDITY_TONES[entry.validity]));
  shown.push(chip(`${entry.clauses} 条`));
  if (entry.origin === "要点摘编") shown.push(chip("要点摘编", "warn"));
  if (entry.repairs) shown.push(chip(`修复 ${entry.repairs} 处`));
  return shown;
}

export function notices(entry) {
  if (!entry.notices.length) return [];
  return [el("details", { class: "tw-notices" },
    el("summary", {}, `${entry.notices.length} 处提醒`),
    el("ul", {}, ...entry.notices.map((text) => el("li", {}, text))))];
}

export async function withdraw(entry, said, done) {
  const reason = await ask({
    title: `撤下《${entry.title}》`, reason: "needed", action: "撤下",
    text: "撤下后答复里马上不再引用它，下次更新索引时彻底移出；文件会保留，可以随时恢复。",
  });
  if (reason === null) return;
  await trying(null, said, async () => {
    const path = `documents/${encodeURIComponent(entry.doc_id)}/withdraw`;
    await staffApi(path, { method: "POST", body: { reason } });
    await done();
    tell(said, `已撤下《${entry.title}》。答复里已经不再引用它。`);
  });
}
