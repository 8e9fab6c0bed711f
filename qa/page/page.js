// Runs once, when Gradio has put the page in place. `element`, `trigger`, `props` and `watch`
// come from Gradio. The conversation lives here and in sessionStorage: the server keeps nothing.
const HISTORY = 5;            // earlier questions that travel with a new one
const PATIENCE_MS = 45000;    // then say that the line may be down; a late answer still arrives
const KEPT_TURNS = 30;
const STORE = "tiaowen.chat";
const CUT_OFF = "没有收到答复，可能是网络断开，或同时提问的人较多。请稍后再问一次。";

const find = (selector) => element.querySelector(selector);
const log = find(".tw-log");
const form = find(".tw-composer");
const input = find("#tw-input");
const area = find("#tw-area");
const send = find(".tw-send");
const clear = find(".tw-clear");
const live = find(".tw-live");
const examples = find(".tw-examples");
const pointer = window.matchMedia("(hover: hover)").matches;

let turns = [];        // what is kept: {question, html, remember}
let waiting = null;    // the turn without an answer: {token, question, node, timer}
let token = Date.now();
let setting = { ...props.setting };    // areas, examples and notice as the page was built with

function announce(text) {
  live.textContent = "";
  window.setTimeout(() => { live.textContent = text; }, 60);
}

function store() {
  try {
    const kept = turns.slice(-KEPT_TURNS);
    sessionStorage.setItem(STORE, JSON.stringify({ turns: kept, area: area.value }));
  } catch (error) { /* storage full or forbidden: the conversation still works until reload */ }
}

function restore() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORE) || "{}");
    chooseArea(kept.area || "");
    for (const turn of kept.turns || []) {
      newTurn().innerHTML = turn.html;
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
  clear.hidden = !any;
  element.querySelector(".tw-app").classList.toggle("tw-talking", any);
  send.setAttribute("aria-disabled", String(waiting !== null));
}

function bring(node) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  node.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
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
  // The example that was pressed is about to be folded away; the answer takes the focus.
  if (examples.contains(document.activeElement)) node.focus({ preventScroll: true });
  if (turns.length === 0) examples.open = false;
  input.value = "";
  fit();
  if (!pointer) input.blur();    // lets the keyboard of a phone make room for the answer
  showState();
  announce("正在查找……");
  bring(node);
  const history = turns.filter((turn) => turn.remember).map((turn) => turn.question);
  trigger("ask", { question, history: history.slice(-HISTORY), area: area.value || null, token });
}

function receive(reply) {
  if (!reply || !waiting || reply.token !== waiting.token) return;
  const { node, question, timer } = waiting;
  window.clearTimeout(timer);
  waiting = null;
  node.innerHTML = reply.html;
  // A question with personal data is not kept anywhere, not even here.
  turns.push({ question: reply.remember ? question : "", html: reply.html,
               remember: reply.remember });
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

function clearAll() {
  if (turns.length && !window.confirm("要清空全部问答吗？清空后不能恢复。")) return;
  if (waiting) window.clearTimeout(waiting.timer);
  waiting = null;
  turns = [];
  log.replaceChildren();
  examples.open = true;
  store();
  showState();
  announce("对话已清空。");
  input.focus();
}

async function copyText(text) {
  // The clipboard interface exists on https and localhost only; an intranet page needs the old way.
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

async function copyFrom(button) {
  const done = await copyText(button.dataset.copy);
  const label = button.querySelector("span");
  label.textContent = done ? "已复制" : "请手动复制";
  announce(done ? `已复制：${button.dataset.copy}` : button.dataset.copy);
  button.focus();
  window.setTimeout(() => { label.textContent = "复制出处"; }, 2200);
}

function refresh(parts) {
  if (!parts) return;
  const chosen = area.value;
  const slots = { areas: area, examples: find(".tw-topics"), notice: find(".tw-slot-notice") };
  for (const [name, slot] of Object.entries(slots)) {
    if (parts[name] !== setting[name]) slot.innerHTML = parts[name];
  }
  if (parts.areas !== setting.areas) chooseArea(chosen);
  setting = { ...parts };
}

form.addEventListener("submit", (event) => { event.preventDefault(); ask(input.value); });
input.addEventListener("input", fit);
input.addEventListener("keydown", (event) => {
  // While an input method composes, Enter picks a word; 229 is how older browsers say so.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  ask(input.value);
});
area.addEventListener("change", store);
clear.addEventListener("click", clearAll);
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.ask) ask(button.dataset.ask);
  if (button.dataset.copy) copyFrom(button);
});
window.addEventListener("tiaowen-failed", giveUp);
watch("value", () => receive(props.value));
watch("setting", () => refresh(props.setting));

restore();
if (turns.length) examples.open = false;
showState();
document.documentElement.lang = "zh-CN";
document.getElementById("tw-splash")?.remove();
if (pointer) input.focus({ preventScroll: true });
