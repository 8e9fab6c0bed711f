// The reader: a whole document beside the chat, or over it on a narrow screen.
import { fill, outlineOf, unitOffsets } from "./document.js";
import { api, calm, copyWith, link } from "./shared.js";

const VALIDITY = { in_force: "有效", lapsed: "已过期", repealed: "已废止", unknown: "效力未知" };
const DIGEST = "要点摘编，非官方原文，办理以原文为准";
const KEPT = 6;      // documents kept at hand
const BESIDE = "(min-width: 62.5em)";

export function reader({ element, announce }) {
  const panel = element.querySelector(".tw-reader");
  const app = element.querySelector(".tw-app");
  const find = (selector) => panel.querySelector(selector);
  const sheet = find(".tw-sheet");
  const outline = find(".tw-outline");
  const wide = window.matchMedia(BESIDE);
  const documents = new Map();
  let list = [];         // the citations to step through: elements of cards
  let place = -1;
  let opener = null;
  let shown = null;      // {doc, clause, entries, lineAt}
  let turn = 0;          // the latest opening; an earlier one that arrives late is dropped
  let pushed = false;

  function load(id) {
    if (!documents.has(id)) {
      const loading = api(`documents/${encodeURIComponent(id)}`);
      loading.catch(() => documents.delete(id));
      documents.set(id, loading);
      if (documents.size > KEPT) documents.delete(documents.keys().next().value);
    }
    return documents.get(id);
  }

  function arrange() {
    const open = !panel.hidden;
    const over = open && !wide.matches;
    app.classList.toggle("tw-reading", open && wide.matches);
    panel.setAttribute("aria-modal", String(over));
    for (const other of app.children) if (other !== panel) other.inert = over;
    document.documentElement.classList.toggle("tw-held", over);
  }

  // Opens at a card of the conversation; previous and next go through the cards of its turn.
  function openCard(card, from) {
    opener = from || card;
    list = [...card.closest(".tw-turn").querySelectorAll(".tw-card[data-clause]")];
    return step(list.indexOf(card));
  }

  function openClause(doc, clause) {
    opener = null;
    list = [];
    place = -1;
    return show({ doc, clause, spans: [], cite: "" });
  }

  function step(to) {
    place = to;
    const { doc, clause, spans, cite } = list[to].dataset;
    return show({ doc, clause, cite, spans: spans.split(",").map((s) => s.split("-").map(Number)) });
  }

  async function show(target) {
    const mine = ++turn;
    if (panel.hidden) {
      panel.hidden = false;
      arrange();
      if (!wide.matches && !pushed) { history.pushState({ tiaowenReader: true }, ""); pushed = true; }
      panel.focus({ preventScroll: true });
    }
    stepsFor();
    sheet.setAttribute("aria-busy", "true");
    if (shown?.doc.doc_id !== target.doc) { heading(null); sheet.textContent = "正在打开全文……"; }
    try {
      const doc = await load(target.doc);
      if (mine !== turn || panel.hidden) return;
      draw(doc, target);
    } catch (error) {
      if (mine !== turn) return;
      shown = null;
      sheet.textContent = error.message;
      announce(error.message);
    }
    sheet.removeAttribute("aria-busy");
  }

  function draw(doc, target) {
    const unit = unitOffsets(doc.text);
    const span = (points) => points.map(unit);
    const passages = doc.passages.map((p) => ({ ...p, span: span(p.span) }));
    const clause = passages.find((p) => p.clause_id === target.clause);
    const marks = target.spans.map(span);
    heading(doc);
    const lineAt = fill(sheet, doc.text, passages, { here: clause?.span, marks });
    contactsUnder(doc);
    const entries = outlineOf(doc.text, passages);
    shown = { doc, clause: target.clause, cite: target.cite, lineAt };
    list.length || stepsFor();
    drawOutline(entries);
    goTo(sheet.querySelector("mark") || (clause ? lineAt(clause.span[0]) : sheet.firstElementChild));
    announce(`已打开《${doc.title.replace(/[《》]/g, "")}》${clause ? "，标出了引用的条款。" : "。"}`);
  }

  function heading(doc) {
    find("#tw-reader-title").textContent = doc ? doc.title : "正在打开……";
    const day = doc?.published?.split("-").map(Number);
    const facts = doc ? [doc.doc_number, day && `${day[0]}年${day[1]}月${day[2]}日`, doc.issuer] : [];
    find(".tw-reader-facts").textContent = facts.filter(Boolean).join(" · ");
    const standing = find(".tw-reader-standing");
    standing.replaceChildren();
    if (!doc) return;
    // The card knows more than the document: whether another one repeals it, as of which day.
    const said = list[place]?.querySelector(".tw-validity")?.cloneNode(true);
    const line = said || document.createElement("p");
    line.className = "tw-validity";
    if (!said) line.dataset.validity = doc.validity;
    const words = { "tw-badge": VALIDITY[doc.validity], "tw-reason": doc.validity_reason };
    for (const name of said ? [] : Object.keys(words)) {
      const piece = document.createElement("span");
      piece.className = name;
      piece.textContent = words[name];
      line.append(piece);
    }
    standing.append(line);
    if (doc.origin === "digest") {
      const notice = document.createElement("p");
      notice.className = "tw-digest";
      notice.textContent = DIGEST;
      standing.append(notice);
    }
  }

  function contactsUnder(doc) {
    if (!doc.contacts.length) return;
    const box = document.createElement("div");
    box.className = "tw-contacts";
    const title = document.createElement("h3");
    title.textContent = "文件里写的联系方式";
    box.append(title);
    for (const contact of doc.contacts) {
      const line = document.createElement("p");
      line.append([contact.purpose, contact.person].filter(Boolean).join(" "));
      for (const phone of contact.phones) {
        const call = document.createElement("a");
        call.href = `tel:${phone.replace(/[^\d+]/g, "")}`;
        call.textContent = phone;
        line.append(" ", call);
      }
      box.append(line);
    }
    sheet.append(box);
  }

  function drawOutline(entries) {
    const items = entries.map((entry) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `tw-entry tw-depth-${entry.depth}`;
      const label = document.createElement("b");
      label.textContent = entry.label;
      button.append(label, ` ${entry.heading}`);
      if (entry.clause && entry.clause === shown.clause) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => {
        if (!wide.matches) foldOutline(true);
        goTo(shown.lineAt(entry.offset));
        sheet.focus({ preventScroll: true });
      });
      const item = document.createElement("li");
      item.append(button);
      return item;
    });
    const list_ = document.createElement("ol");
    list_.append(...items);
    outline.replaceChildren(...(items.length ? [list_] : []));
    outline.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
    find("[data-reader=copy]").hidden = !(shown.cite || shown.clause);
    foldOutline(panel.dataset.outline !== "open");
  }

  function foldOutline(folded) {
    panel.dataset.outline = folded ? "closed" : "open";
    find("[data-reader=outline]").setAttribute("aria-expanded", String(!folded));
  }

  function stepsFor() {
    find(".tw-steps").hidden = list.length < 2;
    find(".tw-count").textContent = `${place + 1} / ${list.length}`;
    find("[data-reader=previous]").disabled = place <= 0;
    find("[data-reader=next]").disabled = place >= list.length - 1;
  }

  // Blocks out of sight are measured when they come near, which moves what was scrolled to: twice.
  function goTo(node) {
    if (!node) return;
    const move = () => node.scrollIntoView({ block: "center", behavior: "auto" });
    move();
    requestAnimationFrame(() => { move(); requestAnimationFrame(move); });
    if (!calm()) node.classList.add("tw-flash");
    window.setTimeout(() => node.classList.remove("tw-flash"), 1600);
  }

  function close(back = true) {
    if (panel.hidden) return;
    turn += 1;
    panel.hidden = true;
    arrange();
    if (pushed) { pushed = false; if (back) history.back(); }
    const target = opener?.isConnected ? opener : element.querySelector("#tw-input");
    target.focus({ preventScroll: true });
    if (target === opener) target.scrollIntoView({ block: "nearest" });
  }

  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reader]");
    if (!button) return;
    const name = button.dataset.reader;
    if (name === "close") close();
    else if (name === "previous") step(place - 1);
    else if (name === "next") step(place + 1);
    else if (name === "outline") foldOutline(panel.dataset.outline === "open");
    else if (name === "copy") {
      const cite = shown.cite || shown.doc.title;
      copyWith(button, `${cite}\n${link(`c/${shown.clause}`)}`, announce);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  window.addEventListener("popstate", () => { if (pushed) { pushed = false; close(false); } });
  wide.addEventListener("change", arrange);
  foldOutline(!window.matchMedia("(min-width: 75em)").matches);
  return { openCard, openClause, close };
}
