"""A document becomes reports: its parts, each with what is known of it, and where its day of publication comes from."""

import datetime
from collections.abc import Iterator

from pipeline.readers.documents import Document
from pipeline.readers.languages import READ, language
from pipeline.readers.parts import split
from pipeline.readers.rows import Options, dated
from pipeline.readers.sources import Source
from pipeline.schema import PublishedBasis, Rejected, Report


def reports(document: Document, source: Source, options: Options) -> Iterator[Report | Rejected]:
    """Yield the parts of a document as reports."""
    published, basis = _published(document, source, options)
    where = source.label if document.name is None else f"{source.label}:{document.name}"
    if not document.text.strip():
        yield Rejected(source=where, reason="empty", message="holds no text; fill it in or leave it out")
        return
    for part in split(document):
        name = source.name if part.name is None else f"{source.name}#{part.name}"
        repairs = part.repairs
        yield Report(
            id=name,
            text=part.text,
            title=part.title,
            published=published,
            published_basis=basis,
            source=where,
            pages=part.pages or (),
            first_page=None if part.pages is None else part.first_page,
            part=part.part,
            story_year=part.story_year,
            publisher=part.publisher,
            url=part.url,
            created=part.created,
            heads_removed=repairs.heads,
            hyphens_joined=repairs.hyphens,
            characters_removed=repairs.characters,
            spaces_mended=repairs.spaces,
        )


def _published(document: Document, source: Source, options: Options) -> tuple[datetime.date | None, PublishedBasis | None]:
    """Return the day of publication and its basis: the option, the document's own fields, dateline, address, name of the file."""
    if options.published:
        return options.published, "option"
    if document.published:
        return document.published, "metadata"
    return dated(document.text, source, options, url=document.url)


def in_its_language(report: Report) -> Iterator[Report | Rejected]:
    """Yield a report with its language; one that the pipeline does not know is followed by a rejection that says so."""
    code = language(report.text)
    yield report.model_copy(update={"language": code}) if code else report
    if code and code not in READ:
        message = f"is in another language ({code}): casefacts reads English, and looked for no facts in it"
        yield Rejected(source=report.source or report.id, reason="language", message=message)
