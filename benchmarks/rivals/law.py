"""Tools that find citations of law."""

from benchmarks.rivals.tool import Fact, Run, Tool, each, fact
from pipeline.schema import Report


def load_eyecite() -> Run:
    """Return eyecite, which knows the codes of the United States."""
    from eyecite import get_citations
    from eyecite.models import FullLawCitation

    def read(report: Report) -> list[Fact]:
        text = report.text
        return [
            fact(
                "article",
                text,
                *cited.span(),
                article=cited.groups.get("section"),
                instrument=cited.groups["reporter"],
                jurisdiction="US",
            )
            for cited in get_citations(text)
            if isinstance(cited, FullLawCitation)
        ]

    return each(read)


TOOLS = (Tool("eyecite", ("eyecite",), ("article",), "section, code, US", load_eyecite),)
