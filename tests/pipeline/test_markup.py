"""HTML in, what a reader sees out."""

from __future__ import annotations

import re

import pytest
from tongbao.corpus.offsets import MappedText
from tongbao.pipeline.markup import Page, read_markup

ARTICLE = "".join(
    f"<p>{text}</p>"
    for text in (
        "　　日前，北渡县纪委监委对三起侵害群众利益的典型问题进行公开通报，要求全县党员干部引以为戒。",
        "　　北渡镇水利站站长某甲虚列开支套取资金问题。某甲受到<b>党内严重</b>警告处分，违纪资金予以收缴。",
        "　　北渡镇财政所会计某乙坐收坐支问题。某乙被诫勉谈话，镇财政所所长被责令作出书面检查。",
        "　　通报强调，各级党组织要履行主体责任，举一反三，抓好整改，把监督融入日常、抓在经常。",
    )
)
PAGE = f"""<!DOCTYPE html>
<html><head><title>北渡县通报三起典型问题_北渡县纪委监委网站</title>
<meta name="ArticleTitle" content="北渡县通报三起典型问题">
<meta name="PubDate" content="2021-08-20 10:11"><meta name="ContentSource" content="北渡县纪委监委">
<script>var a = "<p>脚本</p>";</script><style>p {{ color: red }}</style></head>
<body><div class="nav"><a href="/">首页</a> <a href="/a">要闻</a> <a href="/b">曝光台</a></div>
<div class="content"><h1>北渡县通报三起典型问题</h1>{ARTICLE}<p>（北渡县纪委监委）</p></div>
<div class="related"><ul><li><a href="/1">县里召开会议部署工作</a></li>
<li><a href="/2">又一条新闻标题在这里</a></li></ul></div>
<footer>版权所有 北渡县纪委监委</footer></body></html>"""


def shown(source: str) -> str:
    return MappedText(source).edit(read_markup(source).edits).text


def test_page_without_boiler_plate() -> None:
    text = shown(PAGE)
    assert text.startswith("北渡县通报三起典型问题\n\n日前，北渡县纪委监委")
    assert text.endswith("抓在经常。\n\n（北渡县纪委监委）")
    assert "某甲受到党内严重警告处分，" in text
    for boiler in ("首页", "又一条新闻", "版权所有", "脚本", "color"):
        assert boiler not in text


def test_page_says_what_it_is() -> None:
    page = read_markup(PAGE)
    assert page.title == "北渡县通报三起典型问题"
    assert (page.date, page.publisher) == ("2021-08-20", "北渡县纪委监委")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>北渡县通报_某网站</title>", "北渡县通报"),
        ("<title>某网站</title><h1>北渡县 通报</h1>", "北渡县 通报"),
        ('<meta property="og:title" content="北渡县&amp;通报"><h1>别的</h1>', "北渡县&通报"),
        ("", None),
    ],
)
def test_title(head: str, title: str | None) -> None:
    assert read_markup(f"{head}<p>正文。</p>").title == title


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>甲</p><p>乙</p>", "甲\n\n乙"),
        ("<div>甲<br>乙<br/><br/>丙<br></div>", "甲\n乙\n\n丙"),
        ("<p>甲<p>乙<div>丙", "甲<p>乙<div>丙".replace("<p>", "\n\n").replace("<div>", "\n\n")),
        ("<p>县纪\n  委&nbsp;监委 通报 Green\nValley</p>", "县纪委 监委 通报 Green Valley"),
        ("<p>&nbsp;&nbsp;&emsp;甲</p>", "甲"),
        ("<div>甲。<br>&nbsp;&nbsp;乙。<br>　　丙。</div>", "甲。\n\n乙。\n\n丙。"),
        ("<p>甲<span> 乙</span> <b>丙</b></p>", "甲 乙 丙"),
        ("<p>王　某</p>", "王　某"),
        (
            "<table><tr><td>姓名</td><td>职务</td></tr><tr><td>某甲</td><td>站长</td></tr></table>",
            "姓名\t职务\n某甲\t站长",
        ),
        ("<ul><li>甲<li>乙</ul>", "甲\n乙"),
        ("<pre>甲\n  乙</pre><p>丙</p>", "甲\n  乙\n\n丙"),
        ('<p>甲</p><p style="display: none">乙</p><div style="display:none">丙</div>', "甲\n\n乙"),
        ("<p>甲</p><button>分享</button><select><option>乙</select>", "甲"),
        ("<p>5&lt;6 &amp; a&#98;c</p>", "5<6 & abc"),
        ("<P>甲</P>乙", "甲\n\n乙"),
        ("正文<b>甲</b>。", "正文甲。"),
        ("一行&nbsp;&nbsp;文字<br>\n二行<p>三行", "一行  文字\n二行\n\n三行"),
        ("没有 标记\n\n  的文字", "没有 标记\n\n  的文字"),
        ("# 题\n\n第一段\n第二行\n\n<div>图</div>", "# 题\n\n第一段\n第二行\n\n\n\n图"),
        ("<p></p>", ""),
        ("<div><p>甲</div></p></p>", "甲"),
    ],
)
def test_what_a_reader_sees(source: str, text: str) -> None:
    assert shown(source) == text


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<section><span>", "</span></section>"), ("<div>", "</div>"), ("<p>", "</p>"), ("", "<br>")],
)
def test_every_paragraph_of_an_article_is_kept(opening: str, closing: str) -> None:
    paragraphs = ["各镇党委：", *re.findall(r"<p>　　(.*?)</p>", ARTICLE), "北渡县纪委", "2021年8月20日"]
    body = "".join(f"{opening}{paragraph}{closing}" for paragraph in paragraphs)
    menu = "".join(f'<li><a href="/{number}">县里召开会议部署工作</a></li>' for number in range(9))
    page = f"<html><body><ul>{menu}</ul><div class='a'><h2>关于问题的通报</h2>{body}</div></body></html>"
    plain = [re.sub("<[^>]*>", "", paragraph) for paragraph in paragraphs]
    assert shown(page).split() == ["关于问题的通报", *plain]


def test_links_alone_do_not_make_an_article_vanish() -> None:
    assert shown("<div><a href='x'>甲乙丙</a></div>") == "甲乙丙"


def test_plain_text_needs_no_edits() -> None:
    assert read_markup("甲 & 乙，3 < 5") == Page(())


PIECES = (
    "<div>",
    "<div>甲",
    "<nav>甲",
    "<p>甲</p>",
    "</div>",
    "<td>甲",
    "<b>",
    "&nbsp;",
    "甲 ",
    "<br>",
    "\n",
)


@pytest.mark.parametrize("piece", PIECES)
def test_large_pages_take_linear_time(piece: str) -> None:
    assert shown("<html>" + piece * 20_000).count("甲") == 20_000 * piece.count("甲")
