// The text of a document as elements. Only text nodes are made: nothing in it is ever run.
const BLOCK = 40;    // lines laid out together; blocks out of sight cost nothing

// Offsets come in code points; strings here count UTF-16 units. Most texts need no table.
export function unitOffsets(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (point) => point;
  const table = [];
  let at = 0;
  for (const sign of text) { table.push(at); at += sign.length; }
  table.push(at);
  return (point) => table[Math.min(point, table.length - 1)];
}

function overlap([a, b], [c, d]) { return a < d && c < b; }

// Label and heading at the start of a passage: they are set in bold.
function headingSpan(text, passage) {
  const heading = passage.headings[passage.headings.length - 1];
  const start = passage.span[0];
  const at = heading ? text.indexOf(heading, start) : -1;
  return at >= 0 && at - start <= 12 ? [start, at + heading.length] : null;
}

function append(line, text, [from, to], marks, bold) {
  const cuts = new Set([from, to]);
  for (const span of [...marks, ...bold]) {
    for (const cut of span) if (cut > from && cut < to) cuts.add(cut);
  }
  const points = [...cuts].sort((a, b) => a - b);
  for (let i = 0; i + 1 < points.length; i += 1) {
    const piece = [points[i], points[i + 1]];
    let node = document.createTextNode(text.slice(...piece));
    for (const [name, spans] of [["strong", bold], ["mark", marks]]) {
      if (!spans.some((span) => overlap(span, piece))) continue;
      const around = document.createElement(name);
      around.append(node);
      node = around;
    }
    line.append(node);
  }
}

// Fills `sheet`; gives back how to find the line at an offset (in UTF-16 units).
export function fill(sheet, text, passages, { here, marks }) {
  const starts = [];
  const lines = [];
  const blocks = [];
  let next = 0;      // first passage that ends after the present line
  let at = 0;
  let titled = false;
  for (const words of text.split("\n")) {
    const span = [at, at + words.length];
    at += words.length + 1;
    if (!words.trim()) continue;
    while (next < passages.length && passages[next].span[1] <= span[0]) next += 1;
    const inside = [];
    for (let i = next; i < passages.length && passages[i].span[0] < span[1]; i += 1) {
      inside.push(passages[i]);
    }
    const line = document.createElement("p");
    line.className = "tw-line-of-text";
    if (!inside.length) line.classList.add(titled ? "tw-between" : "tw-doc-title");
    titled = true;
    if (here && overlap(here, span)) line.classList.add("tw-here");
    const bold = inside.map((passage) => headingSpan(text, passage)).filter(Boolean)
      .filter((bolded) => overlap(bolded, span));
    append(line, text, span, marks.filter((mark) => overlap(mark, span)), bold);
    if (lines.length % BLOCK === 0) {
      const block = document.createElement("div");
      block.className = "tw-block";
      blocks.push(block);
    }
    blocks[blocks.length - 1].append(line);
    starts.push(span[0]);
    lines.push(line);
  }
  sheet.replaceChildren(...blocks);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle] <= offset) low = middle; else high = middle - 1;
    }
    return lines[low];
  };
}

// Headings from the top, each with the offset to go to and its depth; for the outline.
export function outlineOf(text, passages) {
  const entries = [];
  const seen = new Set();
  for (const passage of passages) {
    passage.path.forEach((label, depth) => {
      const key = passage.path.slice(0, depth + 1).join("\u0000");
      if (seen.has(key)) return;
      seen.add(key);
      const last = depth === passage.path.length - 1;
      const start = passage.span[0];
      const heading = passage.headings[depth]
        || (last ? text.slice(start + label.length, start + label.length + 16).trim() : "");
      const above = passage.headings[depth] ? text.lastIndexOf(passage.headings[depth], start) : -1;
      const offset = last || above < 0 ? start : above;
      entries.push({ label, heading, depth: Math.min(depth, 2), offset,
                     clause: last ? passage.clause_id : "" });
    });
  }
  return entries;
}
