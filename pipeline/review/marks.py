"""A report's text as HTML with its facts marked, so that a place in the page is a place in the text.

Values stand in attributes that the style sheet shows, never in the text: what a reader selects is what the report says.
"""

from collections.abc import Mapping

from markupsafe import Markup, escape

from pipeline.review.index import Opened, corrected
from pipeline.review.judged import Item
from pipeline.schema import Fact
from pipeline.show import Piece, doubtful, label, pieces, visible


def marked(opened: Opened) -> Markup:
    """Return the text of a report, each fact inside a `mark` that names it and tells its type, doubt and verdict."""
    items = {item.row["id"]: item for item in opened.judged.items}
    return Markup("").join(_piece(piece, items, opened.numbers) for piece in pieces(opened.extraction))


def _piece(piece: Piece, items: Mapping[str, Item], numbers: Mapping[str, int]) -> Markup:
    text = escape(visible(piece.text))
    for fact in sorted(piece.facts, key=lambda fact: fact.end - fact.start):
        item, number = items[fact.id], numbers[fact.id]
        text = Markup('<mark class="{}" data-n="{}" data-outcome="{}">{}</mark>').format(
            _class(fact, item), number, item.outcome or "", text
        )
    return text + Markup("").join(_label(fact, items[fact.id], numbers[fact.id]) for fact in piece.ending)


def _label(fact: Fact, item: Item, number: int) -> Markup:
    told = visible(corrected(item) or label(fact))
    return Markup('<b class="{}" data-n="{}" data-outcome="{}" data-label="{}"></b>').format(
        _class(fact, item), number, item.outcome or "", told
    )


def _class(fact: Fact, item: Item) -> str:
    return f"{fact.type} doubtful" if doubtful(fact) and not item.outcome else fact.type
