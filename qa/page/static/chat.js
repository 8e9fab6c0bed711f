// The conversation. It lives here and in sessionStorage: the server keeps nothing of it.
import { calm, remember, remembered } from "./shared.js";

const HISTORY = 5;            // earlier questions that travel with a new one
const PATIENCE_MS = 45000;    // then say that the line may be down; a late answer still arrives
const KEPT_TURNS = 30;
const STORE = "tiaowen.chat";
const AREA = "tiaowen.area";
const CUT_OFF = "没有收到答复，可能是网络断开，或同时提问的人较多。请稍后再问一次。";

export function chat({ element, send: submit, announce, explain }) {
  const find = (selector) => element.querySelector(selector);
  const log = find(".tw-log");
  const input = find("#tw-input");
  const area = find("#tw-area");
  const send = find(".tw-send");
  const examples = find(".tw-examples");
  const pointer = window.matchMedia("(hover: hover)").matches;
  let turns = [];        // what is kept: {question, html, remember, markdown}
  let waiting = null;    // the turn without an answer: {token, question, node, timer}
  let token = Date.now();

  function store() {
    remember(AREA, area.value);
    try {
      sessionStorage.setItem(STORE, JSON.stringify({ turns: turns.slice(-KEPT_TURNS) }));
    } catch (error) { /* storage full or forbidden: the conversation still works until reload */ }
  }

  function restore() {
    chooseArea(remembered(AREA));
    try {
      const kept = JSON.parse(sessionStorage.getItem(STORE) || "{}");
      for (const turn of kept.turns || []) {
        const node = newTurn();
        node.innerHTML = turn.html;
        node.dataset.question = turn.question;
        turns.push(turn);
      }
    } catch (error) { sessionStorage.removeItem(STORE); }
  }

  function chooseArea(value) {
    area.value = [...area.options].some((option) => option.value === value) ? value : "";
  }

  function newTurn() {
    const node = document.createElement("article");
    node.className = "tw-turn";
    node.tabIndex = -1;
    log.append(node);
    return node;
  }

  function showState() {
    const any = log.children.length > 0;
    for (const button of element.querySelectorAll("[data-needs-turns]")) button.hidden = !any;
    find(".tw-app").classList.toggle("tw-talking", any);
    send.setAttribute("aria-disabled", String(waiting !== null));
  }

  function bring(node) {
    node.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  }

  function fit() {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  }

  function ask(question) {
    if (waiting) return;
    const node = newTurn();
    node.append(find(".tw-pending").content.cloneNode(true));
    const shown = question.trim();
    if (shown) node.querySelector(".tw-asked-text").textContent = shown.slice(0, 300);
    else node.querySelector(".tw-asked").remove();
    token += 1;
    waiting = { token, question, node, timer: window.setTimeout(giveUp, PATIENCE_MS) };
    // A button that was pressed may be folded away or far up; the answer takes the focus.
    if (document.activeElement?.dataset.ask) node.focus({ preventScroll: true });
    if (turns.length === 0) examples.open = false;
    input.value = "";
    fit();
    if (!pointer) input.blur();    // lets the keyboard of a phone make room for the answer
    showState();
    announce("正在查找……");
    bring(node);
    const history = turns.filter((turn) => turn.remember).map((turn) => turn.question);
    submit({
      question, history: history.slice(-HISTORY), area: area.value || null, token, explain,
    });
  }

  function receive(reply) {
    if (!reply || !waiting || reply.token !== waiting.token) return;
    const { node, question, timer } = waiting;
    window.clearTimeout(timer);
    waiting = null;
    node.innerHTML = reply.html;
    // A question with personal data is not kept anywhere, not even here.
    turns.push({ question: reply.remember ? question : "", html: reply.html,
                 remember: reply.remember, markdown: reply.markdown });
    node.dataset.question = reply.remember ? question : "";
    store();
    showState();
    announce(reply.says);
    bring(node);
  }

  function giveUp() {
    if (!waiting) return;
    const bubble = waiting.node.querySelector(".tw-reply");
    bubble.className = "tw-reply";
    bubble.textContent = CUT_OFF;
    window.clearTimeout(waiting.timer);
    // Give the question back, so that it need not be typed again.
    if (!input.value) { input.value = waiting.question; fit(); }
    waiting = null;
    showState();
    announce(CUT_OFF);
  }

  function clear() {
    if (turns.length && !window.confirm("要清空全部问答吗？清空后不能恢复。")) return false;
    if (waiting) window.clearTimeout(waiting.timer);
    waiting = null;
    turns = [];
    log.replaceChildren();
    examples.open = true;
    store();
    showState();
    announce("对话已清空。");
    input.focus();
    return true;
  }

  const questionOf = (node) => node.dataset.question || "";

  area.addEventListener("change", store);
  input.addEventListener("input", fit);
  restore();
  if (turns.length) examples.open = false;
  showState();
  if (pointer && window.self === window.top) input.focus({ preventScroll: true });
  return { ask, receive, giveUp, clear, chooseArea, questionOf, turns: () => turns };
}
