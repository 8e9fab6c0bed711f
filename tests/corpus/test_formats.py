"""Web pages, Word files, pdf pages, archives: what is read, left out and refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from corpus import CorpusStore, LoadError, build_document, ingest
from corpus.formats.numbering import formatted
from corpus.formats.pages import Line, Page, paragraphs
from corpus.formats.rich import rtf_text
from corpus.formats.webpage import read_webpage
from corpus.loading import source_of

from .conftest import REASON, SHARED, built

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PAGE = """<html><head><meta charset="gb2312"><title>云山市居住证办法_云山市人民政府</title>
<style>p{color:red}</style><script>var a="一、脚本";</script></head><body>
<div class="nav"><a href="/">首页</a><a href="/a">政务公开</a><a href="/b">办事服务</a>
<a href="/c">互动交流</a></div>
<table><tr><td>索 引 号</td><td>001</td><td>发文机关：</td><td>云山市人民政府</td></tr>
<tr><td>发文字号：</td><td>云政〔2025〕7号</td><td>成文日期：</td><td>2025年3月4日</td></tr></table>
<h1 class="title">云山市居住证办法</h1>
<div class="content"><p>各区人民政府：</p>
<p>　　为方便群众，制定本办法。</p><p>一、申领条件。<span>居住满</span>半年的
可以申领。</p><p>二、所需材料。提交下列材料：</p><ol><li>身份证；</li><li>照片。</li></ol>
<table><tr><th>类别</th><th>时限</th></tr><tr><td>首次</td><td>5日</td></tr></table></div>
<div class="share">【打印】【关闭】 扫一扫在手机打开当前页</div>
<div><a href="1">相关文章一二三四</a><a href="2">相关文章五六七八</a>
<a href="3">三四五</a><a href="4">更多</a></div>
<div>主办：云山市人民政府办公室 ICP备00000号</div></body></html>"""


def test_a_page_without_its_menus() -> None:
    text = read_webpage(PAGE)
    lines = text.splitlines()
    assert lines[:2] == [
        "索引号：001\t发文机关：云山市人民政府",
        "发文字号：云政〔2025〕7号\t成文日期：2025年3月4日",
    ]
    assert lines[2] == "云山市居住证办法"
    assert "一、申领条件。居住满半年的可以申领。" in lines
    assert "1. 身份证；" in lines
    assert "首次\t5日" in lines
    for word in ("首页", "脚本", "关闭", "扫一扫", "相关文章", "ICP"):
        assert word not in text


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_the_declared_encoding_does_not_matter(encoding: str) -> None:
    document, clauses = build_document(source_of(PAGE.encode(encoding), "a.html"))
    assert document.doc_number == "云政〔2025〕7号"
    assert str(document.published) == "2025-03-04"
    assert document.issuer == "云山市人民政府"
    assert [c.path for c in clauses if c.label] == [("一",), ("二",), ("二", "1"), ("二", "2")]


def test_an_empty_page_is_refused() -> None:
    with pytest.raises(LoadError, match="没有正文"):
        source_of(b"<html><body><script>1</script></body></html>", "a.htm")


def docx(body: str, **parts: str) -> bytes:
    """A docx file of these paragraphs; other parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            package.writestr(f"word/{name}.xml", content)
    return out.getvalue()


def para(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def listed(text: str, depth: int, number: int = 1) -> str:
    return para(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def level(depth: int, form: str, text: str) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}'
    f"{level(1, 'chineseCountingThousand', '（%2）')}{level(2, 'decimal', '%1.%2.%3')}"
    "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>'
)
STYLES = (
    f'<w:styles {W}><w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/>'
    "</w:numPr></w:pPr></w:style>"
    '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
)


def read(body: str, **parts: str) -> list[str]:
    return source_of(docx(body, **parts), "a.docx").raw_text.splitlines()


def test_numbers_that_only_word_prints() -> None:
    body = (
        listed("总则", 0) + listed("目的", 1) + listed("依据", 1) + para("附注")
        + listed("办理", 0) + listed("条件", 1) + listed("另起", 0, 2)
        + para("按样式", '<w:pStyle w:val="b"/>') + listed("不编号", 0, 0)
    )  # fmt: skip
    assert read(body, numbering=NUMBERING, styles=STYLES) == [
        "一、总则", "（一）目的", "（二）依据", "附注", "二、办理", "（一）条件", "五、另起",
        "三、按样式", "不编号",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (12, "chineseCounting", "十二"), (3, "decimalEnclosedCircleChinese", "③"),
        (2, "ideographTraditional", "乙"), (4, "lowerRoman", "iv"), (3, "upperLetter", "C"),
        (7, "decimalZero", "07"), (5, "chineseLegalSimplified", "伍"), (1, "bullet", ""),
    ],
)  # fmt: skip
def test_number_formats(number: int, form: str, expected: str) -> None:
    assert formatted(number, form) == expected


def test_tables_notes_and_what_is_not_shown() -> None:
    cell = "<w:tc>{}</w:tc>"
    table = (
        "<w:tbl><w:tr>" + cell.format(para("类别")) + cell.format(para("标准")) + "</w:tr></w:tbl>"
    )
    note = '<w:p><w:r><w:t>正文</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>"
    hidden += "<w:del><w:r><w:t>删了</w:t></w:r></w:del></w:p>"
    contents = para("一、总则 3", '<w:pStyle w:val="TOC1"/>')
    notes = f'<w:footnotes {W}><w:footnote w:id="2">{para("脚注")}</w:footnote></w:footnotes>'
    lines = read(para("标题") + contents + table + note + hidden, footnotes=notes)
    assert [line for line in lines if line] == ["标题", "类别\t标准", "正文[1]", "[1] 脚注"]


def test_entities_and_bombs_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "word/document.xml",
            '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            f"<w:document {W}>&a;</w:document>",
        )
    with pytest.raises(LoadError, match="DOCTYPE"):
        source_of(out.getvalue(), "a.docx")
    with pytest.raises(LoadError, match="解压后过大"):
        source_of(docx(para(" " * 30_000_000)), "a.docx")
    with pytest.raises(LoadError, match="已损坏"):
        source_of(docx(para("甲"))[:-40], "a.docx")


@pytest.mark.parametrize(
    ("raw", "file", "reason"),
    [
        pytest.param(b"%PDF-1.4 nothing", "a.pdf", "损坏", id="pdf"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.doc", "损坏", id="doc"
        ),
        pytest.param(b"Rar!\x1a\x07\x00", "a.docx", "rar", id="rar"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"0" * 99, "a.pdf", "图片", id="jpeg"),
    ],
)
def test_damaged_and_foreign_files(raw: bytes, file: str, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        source_of(raw, file)


def test_a_scan_is_told_apart() -> None:
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(LoadError, match="扫描件"):
        source_of(out.getvalue(), "scan.pdf")


def line(text: str, left: float, right: float, top: float) -> Line:
    return Line(text, left, right, top - 16, top)


def test_printed_lines_become_paragraphs_across_pages() -> None:
    first = [line("云山市文件", 200, 400, 800)]
    first += [line(f"第{n}行占满了整行的文字没有结束，", 70, 520, 780 - 20 * n) for n in range(9)]
    first += [line("— 1 —", 280, 320, 40)]
    second = [line("云山市文件", 200, 400, 800), line("上一页的句子在此结束。", 70, 250, 760)]
    second += [
        line("　一、标题", 100, 200, 740),
        line("正文从这里开始，写满了这一行的全部", 100, 520, 720),
    ]
    second += [line("第二行结束。", 70, 160, 700), line("2", 290, 300, 40)]
    third = [line("云山市文件", 200, 400, 800), line("另一段。", 100, 180, 760)]
    text = paragraphs([Page(595, 842, tuple(p)) for p in (first, second, third)])
    lines = text.splitlines()
    assert lines[0].startswith("第0行")
    assert lines[0].endswith("，上一页的句子在此结束。")
    assert "正文从这里开始，写满了这一行的全部第二行结束。" in lines
    assert "云山市文件" not in text
    assert "— 1 —" not in text


def test_a_ragged_line_runs_on_where_paragraphs_are_indented() -> None:
    """A line with digits ends short; without an indent the next one is the same sentence."""
    lines = []
    for n in range(5):
        top = 780 - 60 * n
        lines += [
            line(f"第{n}段从缩进开始，写满整行的文字直到行", 102, 520, top),
            line("末，应当在5个工", 70, 430, top - 20),
            line("作日内答复。", 70, 180, top - 40),
        ]
    text = paragraphs([Page(595, 842, tuple(lines))])
    assert text.splitlines() == [
        f"第{n}段从缩进开始，写满整行的文字直到行末，应当在5个工作日内答复。" for n in range(5)
    ]
    plain = [line(f"第{n}行没有缩进也没有写满", 70, 430, 780 - 20 * n) for n in range(8)]
    plain += [line("最后一行写满了整行的宽度", 70, 520, 600)]
    assert len(paragraphs([Page(595, 842, tuple(plain))]).splitlines()) == 9


def test_rtf_without_a_converter() -> None:
    words = "".join(f"\\'{byte:02x}" for byte in "一、条件".encode("gbk"))
    raw = b"{\\rtf1\\ansi{\\fonttbl{\\f0 Song;}}" + words.encode() + b"\\par \\u20108?\\u12289?B}"
    assert rtf_text(raw) == "一、条件\n二、B\n"


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def test_archives_are_imported_file_by_file(tmp_path: Path) -> None:
    text = "云山市办法\n一、甲。条件。\n二、乙。材料。\n".encode()
    inner = docx(para("云山市规定") + para("一、丙。时限。"))
    files = {
        "办法.txt": text, "sub/规定.docx": inner, "../evil.txt": text,
        "x.zip": archive({"a.txt": text}),
        "empty.txt": b"", "~$a.docx": b"", "__MACOSX/a.txt": text, "a.png": b"\x89PNG",
    }  # fmt: skip
    (tmp_path / "all.zip").write_bytes(archive(files))
    store = CorpusStore.open(tmp_path / "home", samples=False)
    reports = {r.file: r for r in ingest(store, [tmp_path / "all.zip"])}
    assert {f for f, r in reports.items() if r.error is None} == {
        "all.zip/办法.txt",
        "all.zip/sub/规定.docx",
    }
    errors = " ".join(r.error or "" for r in reports.values())
    for words in ("指到包外", "还有压缩包", "文件是空的"):
        assert words in errors
    assert len(reports) == 5
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 cut short")
    assert "已损坏" in (ingest(store, [tmp_path / "bad.zip"])[0].error or "")


POLICIES = sorted(p for p in (SHARED / "city-policies").rglob("*") if p.is_file())


@pytest.mark.skipif(not POLICIES, reason=REASON)
def test_every_city_policy_is_read() -> None:
    without = []
    for path in POLICIES:
        document, clauses = built(path)
        assert document.title
        for clause in clauses:
            assert document.text[slice(*clause.span)] == clause.text
        if not any(clause.label for clause in clauses):
            without.append(path.name)
    # links, remarks, two news reports, a list without numbers, a cover notice: a reader sees none
    assert len(without) <= 8, without
