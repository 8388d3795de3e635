"""The HTML of the ledger and of the family's table."""

import re
from html.parser import HTMLParser

import pytest

from analysis.charts import family_table, ledger_table
from analysis.structure.ledger import Entry, Ledger, Remark, Row
from analysis.structure.variants import Block, Cell, Column, Configurations


class Balanced(HTMLParser):
    """Fails where an element is closed that was not opened last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        del attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def checked(html: str) -> str:
    parser = Balanced()
    parser.feed(html)
    assert not parser.open
    return html


def test_ledger_shows_figures_with_their_notes_and_escapes_them() -> None:
    entry = Entry("138 M", "as <b>printed</b>")
    row = Row("parameters", (entry,), (Entry("138,357,544"),), ())
    html = checked(ledger_table.html(Ledger("torchvision", (row,), ())))
    assert "as &lt;b&gt;printed&lt;/b&gt;" in html
    assert "torchvision" in html
    assert ">–</td>" in html


def test_ledger_says_that_there_is_no_owner_and_leaves_out_the_column() -> None:
    row = Row("parameters", (), (Entry("60,000"),), ())
    html = checked(ledger_table.html(Ledger(None, (row,), ())))
    assert "none known" in html
    assert html.count("<td ") == 2


def test_errors_that_are_measured_alike_stand_in_one_line() -> None:
    rows = (
        Row("top-1 error", (Entry("40.7%", "10 views"), Entry("38.1%", "5 networks")), (), ()),
        Row("top-5 error", (Entry("18.2%", "10 views"),), (), (Entry("20.9%", "1 crop"),)),
    )
    html = checked(ledger_table.html(Ledger("torchvision", rows, ())))
    lines = [re.sub("<[^>]*>", "|", line) for line in html.split("</tr>")]
    shown = [[cell for cell in line.split("|") if cell] for line in lines]
    assert ["10 views", "40.7%", "18.2%"] in shown
    assert ["5 networks", "38.1%"] in shown
    assert ["public weights: torchvision"] in shown
    assert ["1 crop", "20.9%"] in shown


def remarks(*topics: str) -> list[Remark]:
    return [Remark(topic, f"Sentence {number}.") for number, topic in enumerate(topics)]


def test_a_few_remarks_stand_open() -> None:
    few = remarks(*["departure"] * (ledger_table.MOST + 1))
    assert ledger_table.opened(few) == (few, [])


def test_of_many_remarks_the_first_of_each_topic_stands_open() -> None:
    many = remarks("parameters", *["public weights"] * 5, *["departure"] * 5, "top-1 error")
    first, others = ledger_table.opened(many)
    assert len(first) == ledger_table.MOST
    assert sorted([*first, *others], key=many.index) == many
    assert [many.index(remark) for remark in first] == [0, 1, 2, 6, 11]
    assert ledger_table.bullets(first[:1]) == "- **Parameters**: Sentence 0."


def cell(text: str, size: int = 7, times: int = 1) -> Cell:
    return Cell("stage", (Block((text,), times),), (size, size))


def table(count: int) -> Configurations:
    columns = (
        Column((f"key{i}",), i, (cell("3×3, 64"), cell(f"3×3, {i}", size=8 + i)))
        for i in range(count)
    )
    return Configurations(("conv1", "conv2_x"), tuple(columns))


def names(count: int) -> dict[str, str]:
    return {f"key{i}": f"Network {i}" for i in range(count)}


def test_what_neighbours_share_stands_in_one_cell() -> None:
    html = checked(family_table.html(table(3), names(3), "key1"))
    assert html.count('colspan="3"') == 1
    assert html.count("<tr>") == 3
    assert "<b>Network 1</b>" in html
    assert 'href="architecture?networks=key0"' in html


def test_sizes_that_differ_stand_in_the_cells() -> None:
    html = family_table.html(table(2), names(2), "key0")
    assert re.findall(r">(\d+ × \d+)<", html) == ["7 × 7", "8 × 8", "9 × 9"]


def test_many_networks_stand_below_each_other() -> None:
    count = family_table.MOST_COLUMNS + 1
    html = checked(family_table.html(table(count), names(count), "key0"))
    assert html.count("<tr>") == 1 + count
    assert "colspan" not in html


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        (Block(("FC-10",)), ">FC-10</span>"),
        (Block(("1×1, 8 | (1×3, 8 | 3×1, 8)",)), ">1×1, 8<br>(1×3, 8 | 3×1, 8)</span>"),
        (Block(("3×3, 8 + (3×3, 8) × 2",)), ">3×3, 8 + (3×3, 8) × 2</span>"),
        (Block(("1×1, 8", "3×3, 8"), 3), "1×1, 8<br>3×3, 8</span>&nbsp;× 3"),
        (Block(("1×1, 8", "3×3, 8"), 1), "1×1, 8<br>3×3, 8</span>&nbsp;× 1"),
        (Block(("1×1, 8 | 3×3, 8",), 1), "1×1, 8<br>3×3, 8</span></span>"),
    ],
)
def test_blocks_stand_in_brackets_with_their_number(block: Block, shown: str) -> None:
    one = Configurations(("a",), (Column(("key0",), 1, (Cell("a", (block,), (7, 7)),)),))
    assert shown in checked(family_table.html(one, names(1), "key0"))


def test_a_row_that_is_not_ones_own_is_a_dash() -> None:
    one = Configurations(("a",), (Column(("key0",), 1, (None,)),))
    assert ">–</td>" in family_table.html(one, names(1), "key0")


@pytest.mark.parametrize(("count", "shown"), [(3, ">1×1, 8 → 3×3, 8<"), (4, ">1×1, 8<br>")])
def test_branches_of_many_networks_are_broken_into_their_layers(count: int, shown: str) -> None:
    fork = Cell("a", (Block(("1×1, 8 → 3×3, 8 | 3×3 max pool",)),), (7, 7))
    columns = (Column((f"key{i}",), i, (fork,)) for i in range(count))
    html = checked(family_table.html(Configurations(("a",), tuple(columns)), names(count), "key0"))
    assert shown in html
