"""What the site does with a page before it is built."""

import re
from typing import Any

_OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./[^)]+\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Leave the words alone of a link to a file of the checkout, such as ../README.md: the site does not hold it."""
    return _OUTSIDE.sub(r"\1", markdown)
