"""Files made to harm whoever reads them, small to write and large to read."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

TEXT = "某市教育局关于入学的通知\n某教〔2025〕3号\n各学校：\n一、对象。六周岁。\n二、时间。六月。\n"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: bytes, **more: bytes) -> bytes:
    """A docx whose main part holds these bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", body)
        for name, data in more.items():
            package.writestr(f"word/{name}.xml", data)
    return out.getvalue()


def word(text: str, doctype: str = "") -> bytes:
    """The main part of a docx with one paragraph."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<w:document xmlns:w="{_WORD}"><w:body>'
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    ).encode()


def external_entity(target: str) -> bytes:
    """A docx that asks for the contents of a file of ours."""
    doctype = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{target}">]>'
    return docx(word("一、对象。&x;", doctype))


def billion_laughs() -> bytes:
    """Entities within entities: ten lines that grow to gigabytes."""
    lines = ['<!ENTITY a0 "哈哈哈哈哈哈哈哈哈哈">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return docx(word("&a9;", f"<!DOCTYPE d [{''.join(lines)}]>"))


def deep_docx(depth: int = 20_000) -> bytes:
    """Elements within elements."""
    inner = b"<w:sdt>" * depth + b"</w:sdt>" * depth
    return docx(word("§").replace("<w:r><w:t>§</w:t></w:r>".encode(), inner))


def deep_html(depth: int = 200_000) -> bytes:
    """A page nested beyond any reader's stack, with one sentence at the bottom."""
    return b"<html><body>" + b"<div>" * depth + "一、对象。六周岁的儿童入学。".encode()


def bomb_member(megabytes: int = 40) -> bytes:
    """A docx whose main part is a few kilobytes that unpack to that much."""
    return docx(b" " * (megabytes * 2**20))


def bomb(members: int = 1500, kilobytes: int = 1000) -> bytes:
    """An archive of many members, each below the limits, together gigabytes."""
    out = io.BytesIO()
    data = "政策".encode() * (kilobytes * 1024 // 6)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(members):
            package.writestr(f"{number}.txt", data)
    return out.getvalue()


def crowd(entries: int = 300_000) -> bytes:
    """An archive that is nothing but a list of contents."""
    entry = b"PK\x01\x02" + b"\x00" * 42
    directory = entry * entries
    end = b"PK\x05\x06" + b"\x00" * 4 + b"\xff\xff" * 2
    end += len(directory).to_bytes(4, "little") + (30).to_bytes(4, "little") + b"\x00\x00"
    return b"PK\x03\x04" + b"\x00" * 26 + directory + end


def tricks() -> bytes:
    """An archive whose names lead out of it, with one good member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in ("../../escaped.txt", "/etc/escaped.txt", "C:\\escaped.txt", "a\x1b[2Jb.txt"):
            package.writestr(name, TEXT)
        package.writestr("..\\..\\escaped.txt", TEXT)
        link = zipfile.ZipInfo("link.txt")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        package.writestr(link, "/etc/passwd")
        package.writestr("好.txt", TEXT)
    return out.getvalue()


def locked() -> bytes:
    """An archive whose member says that it is encrypted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", TEXT)
    raw = bytearray(out.getvalue())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        place = raw.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        raw[place] |= 1
    return bytes(raw)


def pdf(*, script: bool = True, attachment: bytes = b"attached secret") -> bytes:
    """A pdf of one page that opens with a script and a program to start, and carries a file."""
    content = b"BT /F1 12 Tf 72 700 Td (Article 1. Children of six years go to school.) Tj ET"
    packed = zlib.compress(attachment)
    start = (
        b"/OpenAction << /S /JavaScript /JS (app.launchURL('http://127.0.0.1:9/')) >> "
        b"/AA << /WC << /S /Launch /F (/bin/sh) >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + (start if script else b"")
        + b"/Names << /EmbeddedFiles << /Names [(evil.exe) 6 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Filespec /F (evil.exe) /EF << /F 7 0 R >> >>",
        b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    ]  # fmt: skip
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (len(objects) + 1, table, len(objects) + 1, len(out))
    )
