"""Where a document is for when neither issuer nor title says so: text, file name, folder."""

from __future__ import annotations

import pytest

from corpus import read_metadata


@pytest.mark.parametrize(
    ("text", "file", "area"),
    [
        pytest.param("迁户须知\n一、甲。", "北京/教育/手册.pdf", "北京市", id="folder"),
        pytest.param("迁户须知\n一、甲。", "南京/教育/重庆/a.txt", "重庆市", id="inner-folder"),
        pytest.param("迁户须知\n一、甲。", "居住证+入户/a.txt", "", id="other-folder"),
        pytest.param(
            "迁户须知\n一、到杭州市办理。\n二、杭州市医院出具。\n三、杭州市余杭区的同。",
            "上海/a.txt",
            "浙江省/杭州市",
            id="text-before-folder",
        ),
        pytest.param(
            "某某条例\n一、加强救助和安全工作。\n二、做好教育和安置。\n三、依法管理和安排。",
            "a.txt",
            "",
            id="words-that-meet",
        ),
        pytest.param(
            "中华人民共和国某某法\n一、上海市。\n二、上海市。\n三、上海市。",
            "a.txt",
            "",
            id="national-law",
        ),
        pytest.param(
            "青岛市人民政府令第8号\n某某办法\n第一条 甲。\n第二条 乙。",
            "a.txt",
            "山东省/青岛市",
            id="written-out-number",
        ),
        pytest.param("国务院关于就业的意见\n一、甲。", "郑州/a.txt", "", id="national-in-a-folder"),
        pytest.param(
            "市政府批转市公安局关于《南京市户籍办法》的通知\n宁政发〔2004〕140号\n第一条 甲。",
            "南京市户籍办法.docx",
            "江苏省/南京市",
            id="number-of-a-city",
        ),
        pytest.param(
            "浙江省人民代表大会常务委员会关于批准《杭州市居住条例》的决定\n"
            "第一条 甲。\n第二条 乙。",
            "a.docx",
            "浙江省/杭州市",
            id="approved-by-the-province",
        ),
    ],
)
def test_area_of_documents_that_name_no_issuer(text: str, file: str, area: str) -> None:
    assert read_metadata(text, file).area == area


@pytest.mark.parametrize(
    ("signed", "issuer"),
    [
        pytest.param("", "市教委", id="short"),
        pytest.param("\n云山市教委\n2016年3月5日", "云山市教委", id="signed"),
    ],
)
def test_a_short_name_in_the_title_is_issuer_where_none_signs(signed: str, issuer: str) -> None:
    text = f"市教委关于2016年招生工作的意见\n一、甲。\n二、乙。{signed}\n"
    assert read_metadata(text, "a.txt").issuer == issuer
