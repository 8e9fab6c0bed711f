"""The look of the HTML report; inline, so that the page is one file."""

STYLE = """
:root{--ink:#1d2327;--soft:#5b6770;--line:#d9dee2;--paper:#fff;--wash:#f4f6f7;--blue:#1f5f8b;
--good:#2e7d4f;--mid:#b7791f;--bad:#b3362b;--grey:#8a949b}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9eb;--soft:#a4aeb5;--line:#3a4348;--paper:#171b1e;
--wash:#20262a;--blue:#74b3dc;--good:#5fb584;--mid:#d9a44a;--bad:#e07a70;--grey:#79848b}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 20px 80px}
h1{font-size:28px;margin:0 0 4px}
h2{font-size:20px;margin:44px 0 12px;border-top:1px solid var(--line);padding-top:20px}
h3{font-size:17px;margin:28px 0 10px}
a{color:var(--blue)}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin:14px 0 0}
dl.about{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;
color:var(--soft);margin:12px 0}
dl.about dt{font-weight:600}
dl.about dd{margin:0;overflow-wrap:anywhere}
table+table,.scroll+.scroll{margin-top:22px}
@media(min-width:760px){.cards.cards{grid-template-columns:repeat(4,1fr)}}
th.text{text-align:left}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:20px 0}
.card{background:var(--wash);border-radius:8px;padding:12px 14px}
.card b{display:block;font-size:26px;line-height:1.25;font-variant-numeric:tabular-nums}
.card span{color:var(--soft);font-size:14px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14.5px;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:6px 0}
th,td{padding:5px 10px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}
thead th{color:var(--soft);font-weight:600}
td.text{text-align:left;white-space:normal;color:var(--soft);min-width:16em}
td.cell{text-align:center}
td.right-cell{font-weight:700}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:20px}
figure{margin:0}
figcaption{color:var(--soft);font-size:14px}
svg{width:100%;height:auto;display:block}
svg text{fill:var(--soft);font-size:12px;text-anchor:middle}
svg text.end{text-anchor:end}
svg text.count{font-size:11px}
.grid{stroke:var(--line);fill:none}
.guide{stroke:var(--grey);stroke-dasharray:4 4;fill:none}
.line{stroke:var(--blue);stroke-width:2;fill:none}
.dot,.bar{fill:var(--blue)}
.bar{opacity:.75}
.stack{height:22px;border-radius:5px;overflow:hidden}
.good{fill:var(--good)}.good2{fill:var(--good);opacity:.62}.good3{fill:var(--good);opacity:.38}
.bad{fill:var(--bad)}.bad2{fill:var(--bad);opacity:.7}
.mid{fill:var(--mid)}.mid2{fill:var(--mid);opacity:.6}
.grey{fill:var(--grey)}
ul.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;
margin:8px 0;font-size:14.5px}
ul.legend svg{display:inline-block;width:12px;height:12px;margin-right:6px;vertical-align:-1px}
article{border:1px solid var(--line);border-left:4px solid var(--bad);border-radius:6px;
padding:10px 14px;margin:12px 0}
article h4{margin:0;font-size:16px}
article .meta{color:var(--soft);font-size:13.5px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:4px 24px;
margin:6px 0}
.pair h5{margin:4px 0 0;font-size:13.5px;color:var(--soft)}
.pair p{margin:2px 0}
blockquote{margin:4px 0;padding:2px 10px;border-left:3px solid var(--line);overflow-wrap:anywhere}
.why{color:var(--bad);margin:4px 0}
details{font-size:14px}
summary{cursor:pointer;color:var(--blue)}
details ol{margin:6px 0;padding-left:22px;color:var(--soft)}
@media print{details{display:none}main{max-width:none}}
"""
