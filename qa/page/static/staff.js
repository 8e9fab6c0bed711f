// The frame of the staff pages, and what their scripts share. Imported once by every page.
import { look } from "./look.js";
import { announcer, base } from "./shared.js";

const app = document.querySelector(".tw-staff");
const token = document.querySelector('meta[name="tw-token"]')?.content || "";

export const announce = announcer(app.querySelector(".tw-live"));
export const mayEdit = app.dataset.role === "editor";

// Asks the staff API. `body`: a value (sent as JSON) or FormData, Blob, File. Throws an Error whose
// message can be shown and whose `code` is the API's; a login that has expired leads to the form.
export async function staffApi(path, { method = "GET", body, signal } = {}) {
  const headers = {};
  if (method !== "GET") headers["X-Tiaowen-Token"] = token;
  const plain = body !== undefined && !(body instanceof FormData) && !(body instanceof Blob);
  if (plain) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(new URL(`api/staff/${path}`, base), {
      method, headers, signal, body: plain ? JSON.stringify(body) : body,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("网络好像断开了，请稍后再试。");
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok) return said;
  if (said?.error?.code === "login_required") toLogin();
  const error = new Error(said?.error?.message || "暂时办不了，请稍后再试。");
  error.code = said?.error?.code || "";
  throw error;
}

// The token for requests that are not made with fetch (an upload with progress).
export function tokenHeader() { return ["X-Tiaowen-Token", token]; }

export function toLogin() {
  const here = window.location.pathname.split("/").pop() + window.location.search;
  window.location.assign(`login?next=${encodeURIComponent(here)}`);
}

// An element with attributes and children; strings become text nodes, never HTML.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

look({ element: app, announce, actions: {} });
