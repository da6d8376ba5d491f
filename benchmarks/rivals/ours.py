"""casefacts itself."""

from collections.abc import Iterable, Iterator

from benchmarks.rivals.tool import Document, Fact, Run, Tool, published

TYPES = ("date", "location", "count", "sentence", "article")


def load_casefacts() -> Run:
    """Return the whole pipeline."""
    from pipeline import Report, extract
    from pipeline.nlp import load

    nlp = load()

    def run(documents: Iterable[Document]) -> Iterator[list[Fact]]:
        reports = (
            Report(id=document["id"], text=document["text"], title=document.get("title"), published=published(document))
            for document in documents
        )
        for done in extract(reports, nlp=nlp):
            yield [fact.model_dump(mode="json") for fact in done.facts]

    return run


TOOLS = (Tool("casefacts", ("casefacts",), TYPES, "none", load_casefacts, "pip install ."),)
