"""Heads and tails as Chinese governments print them: what is read from each, on invented texts."""

from __future__ import annotations

from datetime import date

import pytest

from corpus import read_metadata

SUBJECT = "关于做好某某工作的通知"
BODY = "为做好某某工作，现将有关事项通知如下。\n一、甲。\n二、乙。\n"
ADDRESSEE = "各县（市、区）人民政府，市直各单位：\n"
LAW = "第一条 甲。\n第二条 乙。\n"


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "000012\n特急\n泉州市人民政府文件\n泉政〔2025〕8号　　　　签发人：王某某\n"
            f"泉州市人民政府{SUBJECT}\n{ADDRESSEE}{BODY}泉州市人民政府\n2025年3月1日\n"
            "（此件主动公开）\n抄送：市委各部门，市人大常委会办公室。\n"
            "泉州市人民政府办公室　　　　2025年3月2日印发\n",
            {
                "title": f"泉州市人民政府{SUBJECT}",
                "doc_number": "泉政〔2025〕8号",
                "issuer": "泉州市人民政府",
                "published": day("2025-03-01"),
                "area": "福建省/泉州市",
                "kind": "通知",
            },
            id="red-head",
        ),
        pytest.param(
            f"泉 州 市 教 育 局 文 件\n泉教〔2025〕8号\n{SUBJECT}\n{ADDRESSEE}{BODY}"
            "泉州市教育局（印章）\n2025年3月1日\n",
            {
                "title": SUBJECT,
                "doc_number": "泉教〔2025〕8号",
                "issuer": "泉州市教育局",
                "published": day("2025-03-01"),
            },
            id="masthead-set-apart",
        ),
        pytest.param(
            "泉州市教育局\n泉州市公安局文件\n泉教综〔2025〕8号\n泉州市教育局　泉州市公安局\n"
            f"{SUBJECT}\n{ADDRESSEE}{BODY}泉州市教育局　　　　泉州市公安局\n2025年3月1日\n",
            {
                "title": f"泉州市教育局泉州市公安局{SUBJECT}",
                "doc_number": "泉教综〔2025〕8号",
                "issuer": "泉州市教育局等2个部门",
                "published": day("2025-03-01"),
            },
            id="two-issuers",
        ),
        pytest.param(
            f"泉州市教育局等三部门{SUBJECT}\n泉教综〔2025〕8号\n{ADDRESSEE}{BODY}"
            "泉州市教育局　　　泉州市公安局\n泉州市财政局\n2025年3月1日\n",
            {
                "doc_number": "泉教综〔2025〕8号",
                "issuer": "泉州市教育局等3个部门",
                "published": day("2025-03-01"),
            },
            id="three-issuers",
        ),
        pytest.param(
            "泉州市人民政府令\n第 8 号\n《泉州市某某办法》已经2025年1月2日市人民政府第3次常务会议"
            "通过，现予公布，自2025年3月1日起施行。\n市　长　王某某\n2025年1月9日\n泉州市某某办法\n"
            f"第一章 总则\n{LAW}第三条 本办法自2025年3月1日起施行。\n",
            {
                "title": "泉州市某某办法",
                "doc_number": "泉州市人民政府令第8号",
                "issuer": "泉州市人民政府",
                "published": day("2025-01-09"),
                "effective_from": day("2025-03-01"),
                "kind": "办法",
            },
            id="order-of-a-city",
        ),
        pytest.param(
            "中华人民共和国某某部令\n第8号\n《某某管理规定》已经部务会议审议通过，现予公布。\n"
            f"部　长　王某某\n2025年1月9日\n某某管理规定\n{LAW}"
            "第三条 本规定自发布之日起30日后施行。\n",
            {
                "title": "某某管理规定",
                "doc_number": "中华人民共和国某某部令第8号",
                "issuer": "某某部",
                "published": day("2025-01-09"),
                "effective_from": day("2025-02-08"),
                "area": "",
            },
            id="order-of-a-ministry",
        ),
        pytest.param(
            "泉州市住房和城乡建设局公告\n2025年第3号\n关于某某事项的公告\n"
            "为某某，现将有关事项公告如下：\n一、甲。\n二、乙。\n特此公告。\n"
            "泉州市住房和城乡建设局\n2025年3月1日\n",
            {
                "title": "关于某某事项的公告",
                "doc_number": "泉州市住房和城乡建设局公告2025年第3号",
                "issuer": "泉州市住房和城乡建设局",
                "published": day("2025-03-01"),
                "kind": "公告",
            },
            id="announcement",
        ),
        pytest.param(
            "泉州市公安局关于某某期间交通管理的通告\n为确保某某顺利，现通告如下：\n一、甲。\n二、乙。\n"
            "本通告自2025年5月1日起施行，至2025年10月31日止。\n泉州市公安局\n2025年4月20日\n",
            {
                "title": "泉州市公安局关于某某期间交通管理的通告",
                "issuer": "泉州市公安局",
                "published": day("2025-04-20"),
                "effective_from": day("2025-05-01"),
                "effective_until": day("2025-10-31"),
                "kind": "通告",
            },
            id="public-notice",
        ),
        pytest.param(
            "泉州市人民代表大会常务委员会公告\n〔十七届〕第六号\n《泉州市某某条例》已由泉州市第十七届"
            "人民代表大会常务委员会第八次会议于2025年1月2日通过，现予公布。\n"
            "泉州市人民代表大会常务委员会\n2025年1月3日\n泉州市某某条例\n"
            "（2025年1月2日泉州市第十七届人民代表大会常务委员会第八次会议通过）\n目 录\n"
            f"第一章 总则\n第二章 附则\n第一章 总则\n{LAW}第二章 附则\n"
            "第三条 本条例自2025年3月1日起施行。\n",
            {
                "title": "泉州市某某条例",
                "doc_number": "泉州市人民代表大会常务委员会公告〔十七届〕第6号",
                "issuer": "泉州市人民代表大会常务委员会",
                "published": day("2025-01-03"),
                "effective_from": day("2025-03-01"),
                "kind": "条例",
            },
            id="notice-of-the-congress",
        ),
        pytest.param(
            "泉州市某某条例\n（2015年8月26日泉州市第十五届人民代表大会常务委员会第三十次会议通过　"
            "2015年9月25日福建省第十二届人民代表大会常务委员会第十七次会议批准　根据2020年5月1日"
            "泉州市人民代表大会常务委员会《关于修改〈泉州市某某条例〉的决定》修正）\n第一章 总则\n"
            f"{LAW}",
            {
                "title": "泉州市某某条例",
                "doc_number": None,
                "published": day("2015-08-26"),
                "area": "福建省/泉州市",
            },
            id="history-below-the-title",
        ),
        pytest.param(
            "索 引 号：QZ00110-0100-2025-00008\t主题分类：教育\n发文机关：泉州市人民政府办公室\t"
            "成文日期：2025年03月01日\n标　　题：泉州市人民政府办公室关于印发某某办法的通知\n"
            "发文字号：泉政办规〔2025〕8号\t发布日期：2025年03月05日\n有 效 性：有效\n"
            f"泉州市人民政府办公室关于印发某某办法的通知\n{ADDRESSEE}现印发给你们。\n"
            f"泉州市人民政府办公室\n2025年3月1日\n某某办法\n{LAW}",
            {
                "title": "泉州市人民政府办公室关于印发某某办法的通知",
                "doc_number": "泉政办规〔2025〕8号",
                "issuer": "泉州市人民政府办公室",
                "published": day("2025-03-01"),
                "declared_status": "有效",
                "kind": "办法",
            },
            id="page-table",
        ),
        pytest.param(
            "【法规名称】泉州市某某办法\n【发布部门】泉州市人民政府\n【发文字号】泉政〔2025〕8号\n"
            "【发布日期】2025.03.01\n【实施日期】2025.04.01\n【时效性】现行有效\n"
            f"【效力级别】地方规范性文件\n泉州市某某办法\n{LAW}",
            {
                "title": "泉州市某某办法",
                "doc_number": "泉政〔2025〕8号",
                "issuer": "泉州市人民政府",
                "published": day("2025-03-01"),
                "effective_from": day("2025-04-01"),
                "declared_status": "有效",
            },
            id="data-base",
        ),
        pytest.param(
            f"泉州市教育局{SUBJECT}\n发布时间：2025-03-05 09:30　来源：泉州市教育局　"
            f"字号：【大 中 小】　浏览次数：123\n{ADDRESSEE}{BODY}泉州市教育局\n2025年3月1日\n",
            {
                "title": f"泉州市教育局{SUBJECT}",
                "doc_number": None,
                "issuer": "泉州市教育局",
                "published": day("2025-03-01"),
            },
            id="web-page",
        ),
        pytest.param(
            "泉州市2025年某某入学问答\n来源：泉州晚报　2025年3月5日　阅读：123\n"
            "一、甲是什么？\n甲。\n二、乙是什么？\n乙。\n三、丙是什么？\n丙。\n",
            {"issuer": None, "published": day("2025-03-05"), "kind": "解读"},
            id="news-page",
        ),
        pytest.param(
            "《泉州市某某办法》政策解读\n发布日期：2025-03-05\n现将《泉州市某某办法》解读如下：\n"
            "一、背景\n甲。\n二、内容\n乙。\n解读机关：泉州市教育局\n联系人：王某某\n",
            {
                "title": "《泉州市某某办法》政策解读",
                "issuer": "泉州市教育局",
                "published": day("2025-03-05"),
                "kind": "解读",
            },
            id="interpretation",
        ),
        pytest.param(
            "泉州市鲤城区2025年小学招生工作意见\n各小学：\n现提出如下意见。\n一、甲。\n二、乙。\n"
            "区教育局\n二○二五年三月一日\n",
            {
                "issuer": "泉州市鲤城区教育局",
                "published": day("2025-03-01"),
                "area": "福建省/泉州市/鲤城区",
                "plan_until": day("2025-12-31"),
            },
            id="bureau-of-a-district",
        ),
        pytest.param(
            "泉州市人民政府办公室转发市教育局等部门\n关于做好某某工作意见的通知\n"
            f"泉政办〔2025〕8号\n{ADDRESSEE}现转发给你们。\n泉州市人民政府办公室\n2025年3月1日\n"
            "关于做好某某工作的意见\n市教育局　市公安局　市财政局\n（2025年2月24日）\n"
            "一、甲。\n二、乙。\n",
            {
                "title": "泉州市人民政府办公室转发市教育局等部门关于做好某某工作意见的通知",
                "doc_number": "泉政办〔2025〕8号",
                "issuer": "泉州市人民政府办公室",
                "published": day("2025-03-01"),
            },
            id="passed-on",
        ),
        pytest.param(
            "中共泉州市委办公室　泉州市人民政府办公室\n印发《关于某某工作的实施意见》的通知\n"
            f"泉委办发〔2025〕8号\n{ADDRESSEE}现印发给你们。\n中共泉州市委办公室\n"
            "泉州市人民政府办公室\n2025年3月1日\n一、甲。\n二、乙。\n",
            {
                "title": "中共泉州市委办公室泉州市人民政府办公室"
                "印发《关于某某工作的实施意见》的通知",
                "issuer": "中共泉州市委办公室等2个部门",
                "kind": "实施意见",
            },
            id="party-and-government",
        ),
        pytest.param(
            "泉州市医疗保障局\n泉州市财政局\n国家税务总局泉州市税务局\n关于做好2025年某某工作的通知\n"
            f"泉医保〔2025〕8号\n{ADDRESSEE}{BODY}泉州市医疗保障局　　泉州市财政局\n"
            "国家税务总局泉州市税务局\n2025年3月1日\n",
            {
                "title": "泉州市医疗保障局泉州市财政局国家税务总局泉州市税务局"
                "关于做好2025年某某工作的通知",
                "issuer": "泉州市医疗保障局等3个部门",
                "published": day("2025-03-01"),
            },
            id="one-below-the-other",
        ),
        pytest.param(
            f"泉州市教育局等八部门{SUBJECT}\n泉教规〔2025〕8号\n{ADDRESSEE}{BODY}",
            {"issuer": "泉州市教育局等8个部门", "doc_number": "泉教规〔2025〕8号"},
            id="counted-in-the-title",
        ),
        pytest.param(
            "泉州市人民政府关于同意某某规划的批复\n泉政函〔2025〕8号\n泉州市教育局：\n"
            "你局《关于报批某某规划的请示》（泉教〔2025〕3号）收悉。现批复如下：\n一、甲。\n二、乙。\n"
            "泉州市人民政府\n2025年3月1日\n",
            {
                "doc_number": "泉政函〔2025〕8号",
                "issuer": "泉州市人民政府",
                "published": day("2025-03-01"),
                "kind": "批复",
            },
            id="reply",
        ),
        pytest.param(
            f"泉州市教育局\n{SUBJECT}\n（2025年3月1日）\n{ADDRESSEE}{BODY}",
            {
                "title": f"泉州市教育局{SUBJECT}",
                "issuer": "泉州市教育局",
                "published": day("2025-03-01"),
            },
            id="day-in-brackets-below-the-title",
        ),
        pytest.param(
            f"泉州市教育局{SUBJECT}\n{ADDRESSEE}{BODY}二〇二五年三月一日\n（联系人：王某某）\n"
            "（此件主动公开）\n",
            {"issuer": "泉州市教育局", "published": day("2025-03-01")},
            id="day-alone-above-remarks",
        ),
        pytest.param(
            "发布机构：市教育局\n生成日期：2025-03-01\n废止日期：2027-02-28\n公文时效：已废止\n"
            f"泉州市某某办法\n{LAW}",
            {
                "issuer": "泉州市教育局",
                "published": day("2025-03-01"),
                "effective_until": day("2027-02-28"),
                "declared_status": "废止",
            },
            id="repealed-page",
        ),
        pytest.param(
            "泉州市教育局 泉州市公安局 泉州市财政局 关于印发《某某实施细则》的通知\n"
            f"泉教规〔2025〕8号\n{ADDRESSEE}现印发给你们。\n"
            "泉州市教育局 泉州市公安局 泉州市财政局\n"
            f"2025年3月1日\n某某实施细则\n{LAW}",
            {
                "issuer": "泉州市教育局等3个部门",
                "doc_number": "泉教规〔2025〕8号",
                "published": day("2025-03-01"),
                "kind": "实施细则",
            },
            id="three-issuers-on-a-line",
        ),
        pytest.param(
            f"泉州市教育局办公室\n泉教办〔2025〕8号\n泉州市教育局办公室{SUBJECT}\n{ADDRESSEE}{BODY}"
            "泉州市教育局办公室\n2025年3月1日\n抄送：市教育局各科室。\n",
            {"issuer": "泉州市教育局办公室", "doc_number": "泉教办〔2025〕8号"},
            id="office",
        ),
        pytest.param(
            f"政府信息公开\n首页>政策文件\n泉州市教育局{SUBJECT}\n泉教[2025]8号\n{ADDRESSEE}{BODY}"
            "泉州市教育局\n2025年3月1日\n打印本页 关闭窗口\n",
            {
                "title": f"泉州市教育局{SUBJECT}",
                "doc_number": "泉教〔2025〕8号",
                "issuer": "泉州市教育局",
                "published": day("2025-03-01"),
            },
            id="page-with-its-path",
        ),
        pytest.param(
            f"泉州市教育局{SUBJECT}\n泉教〔2025〕8号\n{ADDRESSEE}{BODY}附件：1.某某申请表\n"
            "2.某某承诺书\n泉州市教育局\n2025年3月1日\n附件1\n某某申请表\n申请单位\n某某学校\n"
            "2024年9月1日\n",
            {"issuer": "泉州市教育局", "published": day("2025-03-01")},
            id="forms-behind",
        ),
    ],
)  # fmt: skip
def test_layouts(text: str, expected: dict[str, object]) -> None:
    about = read_metadata(text, "某某文件.txt")
    assert {name: getattr(about, name) for name in expected} == expected


START = day("2025-03-01")


@pytest.mark.parametrize(
    ("sentence", "starts", "ends"),
    [
        pytest.param("本办法自发布之日起施行。", START, None, id="from-its-day"),
        pytest.param("本办法自公布之日起30日后施行。", day("2025-03-31"), None, id="thirty-days"),
        pytest.param("本办法自公布之日起三十日后施行。", day("2025-03-31"), None, id="in-words"),
        pytest.param("本办法自发布之日起满30日施行。", day("2025-03-31"), None, id="after-thirty"),
        pytest.param("本通知自下发之日起执行。", START, None, id="sent"),
        pytest.param(
            "本办法自2025年4月1日起施行，有效期3年。",
            day("2025-04-01"),
            day("2028-03-31"),
            id="years",
        ),
        pytest.param(
            "本办法自2025年4月1日起施行，有效期为五年。",
            day("2025-04-01"),
            day("2030-03-31"),
            id="years-in-words",
        ),
        pytest.param(
            "本办法自印发之日起施行，有效期至2027年12月31日止。",
            START,
            day("2027-12-31"),
            id="until",
        ),
        pytest.param(
            "本办法自2025年4月1日起至2027年3月31日止施行。",
            day("2025-04-01"),
            day("2027-03-31"),
            id="from-to",
        ),
        pytest.param(
            "本通知自2025年4月1日起执行，至2027年3月31日止。",
            day("2025-04-01"),
            day("2027-03-31"),
            id="to-the-end",
        ),
        pytest.param(
            "本办法自2025年4月1日起施行，2027年3月31日自行废止。",
            day("2025-04-01"),
            day("2027-03-31"),
            id="ends-by-itself",
        ),
        pytest.param(
            "本办法自2025年4月1日起施行，有效期5年。2020年1月1日印发的《某某办法》同时废止。",
            day("2025-04-01"),
            day("2030-03-31"),
            id="another-one-ends",
        ),
        pytest.param(
            "本办法有效期自2025年4月1日至2027年3月31日。",
            day("2025-04-01"),
            day("2027-03-31"),
            id="period-of-validity",
        ),
        pytest.param(
            "本办法自二○二五年四月一日起施行，试行期一年。",
            day("2025-04-01"),
            day("2026-03-31"),
            id="trial-in-words",
        ),
        pytest.param("本办法自20 25年4月1日起施行。", day("2025-04-01"), None, id="set-apart"),
        pytest.param("本办法自2025年4月1日零时起施行。", day("2025-04-01"), None, id="hour"),
        pytest.param("本办法从2025年4月1日起正式施行。", day("2025-04-01"), None, id="from"),
        pytest.param(
            "本办法由市教育局负责解释，自2025年4月1日起施行。",
            day("2025-04-01"),
            None,
            id="after-who-explains",
        ),
        pytest.param("居住证有效期3年。", None, None, id="of-a-card"),
        pytest.param("自2025年4月1日起，补贴标准调整。", None, None, id="of-a-measure"),
    ],
)
def test_effect(sentence: str, starts: date | None, ends: date | None) -> None:
    text = f"泉州市教育局{SUBJECT}\n{ADDRESSEE}{BODY}三、{sentence}\n泉州市教育局\n2025年3月1日\n"
    about = read_metadata(text, "a.txt")
    assert (about.effective_from, about.effective_until) == (starts, ends)
