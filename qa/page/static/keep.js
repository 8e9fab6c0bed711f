// Taking the conversation home: a Markdown file, or paper (and PDF) by the print style.
export function asMarkdown(turns, day = new Date()) {
  const date = `${day.getFullYear()}年${day.getMonth() + 1}月${day.getDate()}日`;
  const head = `# 条问 · 政策问答\n\n保存于 ${date}。引文逐字取自政策文件；内容供参考，办理以主管部门和文件原文为准。\n`;
  return [head, ...turns.map((turn) => turn.markdown || "")].filter(Boolean).join("\n");
}

export function saveMarkdown(turns) {
  const file = new Blob(["\ufeff", asMarkdown(turns)], { type: "text/markdown;charset=utf-8" });
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(file);
  anchor.download = `条问问答-${new Date().toLocaleDateString("sv-SE")}.md`;
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  window.setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
}
