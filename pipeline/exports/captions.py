"""The name of an incident, a claim or an event, made of its own values: nothing in it that its row has not."""

from pipeline.tables import Row


def caption(row: Row) -> str:
    """Return a row's values in a line: what happened to how many, where, when.

    >>> caption({"status": "detained", "low": 48, "high": None, "where": "Ganja", "country": "AZ", "first": "2017-09-23"})
    'detained 48 or more, Ganja, AZ, 2017-09-23'
    """
    what = row.get("what") or row.get("status") or row.get("penalty") or row.get("penalties")
    days = [str(row[name]) for name in ("first", "last") if row.get(name)]
    figure = span(row.get("low"), row.get("high"))
    told = " ".join(part for part in (what, figure) if part)
    place = " ".join(row["where"].split()) if row.get("where") else None
    return ", ".join(part for part in (told, place, row.get("country"), " to ".join(dict.fromkeys(days))) if part)


def span(low: int | None, high: int | None) -> str:
    """Return a number with its bounds.

    >>> span(48, 48), span(48, None), span(None, 50), span(83, 101)
    ('48', '48 or more', 'at most 50', '83 to 101')
    """
    if low is None:
        return "" if high is None else f"at most {high}"
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"
