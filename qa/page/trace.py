"""How an answer came about, for staff: folded out under the answer."""

from __future__ import annotations

from html import escape

from qa.page.icons import icon
from qa.types import Trace


def trace_html(trace: Trace, confidence: float) -> str:
    """Render what was understood, found, rejected and how long each step took."""
    understood = "".join(f"<li>{escape(line)}</li>" for line in trace.understood)
    rejected = {entry.clause_id: entry.reason for entry in trace.rejected}
    rows = "".join(
        f"<tr><td>{rank}</td><td>{escape(clause_id)}</td><td>{score:.3f}</td>"
        f"<td>{escape(rejected.get(clause_id, ''))}</td></tr>"
        for rank, (clause_id, score) in enumerate(trace.hits, start=1)
    )
    steps = "，".join(f"{escape(step)} {ms:.1f}" for step, ms in trace.steps_ms.items())
    table = (
        '<div class="tw-scroll" tabindex="0" role="group" aria-label="候选条款"><table><thead><tr>'
        "<th>名次</th><th>条款</th><th>得分</th><th>未采用的原因</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
        if rows
        else ""
    )
    return (
        f'<details class="tw-trace"><summary>{icon("chevron")}'
        "工作人员：这个答复是怎么来的</summary>"
        f"<p>把握：{confidence:.2f}</p><ul>{understood}</ul>{table}"
        f"<p>用时（毫秒）：{steps}</p></details>"
    )
