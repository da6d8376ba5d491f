"""The pages of reviewing: lists, a report with its facts, and the acts of a reader."""

import datetime
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.review import values
from pipeline.review.index import Index, Opened, amended, fact
from pipeline.review.judged import Item
from pipeline.review.marks import marked
from pipeline.review.selection import Selection, selection
from pipeline.review.told import also, claim_line, short, snippet
from pipeline.review.verdicts import Verdict, last_of, place, verdict
from pipeline.rules.explanations import explanations
from pipeline.schema import FactType
from pipeline.show import doubtful, heading, label, style, visible
from pipeline.tables import FACT_TYPES

Clock = Callable[[], datetime.datetime]
_MOST = 64_000  # bytes of what a page may send


def make_app(index: Index, *, clock: Clock) -> Starlette:
    """Return the pages over an index, as an ASGI application that still needs its `Guard`."""
    pages = _Pages(index, clock)
    here = Path(__file__).parent
    return Starlette(
        routes=[
            Route("/", pages.facts),
            Route("/claims", pages.claims),
            Route("/reports", pages.reports),
            Route("/report/{n:int}", pages.report),
            Route("/fact/{n:int}", pages.fact),
            Route("/next", pages.next),
            Route("/form", pages.form),
            Route("/judge", pages.judge, methods=["POST"]),
            Route("/add", pages.add, methods=["POST"]),
            Route("/whole", pages.whole, methods=["POST"]),
            Route("/undo", pages.undo, methods=["POST"]),
            Route("/static/types.css", _types),
            Mount("/static", StaticFiles(directory=here / "static")),
        ],
        exception_handlers={HTTPException: _told, OSError: _not_written},
    )


class _Pages:
    """The pages. They run one after the other in one thread, so the index is never asked twice at once."""

    def __init__(self, index: Index, clock: Clock) -> None:
        self._index, self._clock = index, clock
        self._templates = Environment(
            loader=PackageLoader("pipeline.review"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"visible": visible, "snippet": snippet, "claim": claim_line}
        self._templates.globals |= {
            "types": FACT_TYPES,
            "names": values.names,
            "choices": values.CHOICES,
            "hints": values.HINTS,
            "reader": index.reader,
            "blind": index.blind,
        }

    async def facts(self, request: Request) -> Response:
        return self._list(request, "facts.html", self._index.facts)

    async def claims(self, request: Request) -> Response:
        return self._list(request, "claims.html", self._index.claims)

    async def reports(self, request: Request) -> Response:
        return self._list(request, "reports.html", self._index.reports)

    async def report(self, request: Request) -> Response:
        self._index.refresh()
        opened = self._opened(_number(request.path_params["n"]) or 0)
        chosen = selection(request.query_params)
        at = _number(request.query_params.get("fact"))
        in_list = self._index.chosen_of(chosen, opened.n)
        order = [opened.numbers[item.row["id"]] for item in opened.judged.items]
        current = at if at in order else next((n for n in order if n in set(in_list)), order[0] if order else None)
        return self._page(
            "report.html",
            opened=opened,
            heading=heading(opened.extraction),
            text=marked(opened),
            chosen=chosen,
            order=order,
            in_list=in_list,
            current=current,
            panel=self._panel(opened, current),
            counts={kind: sum(item.type == kind for item in opened.judged.items) for kind in FACT_TYPES},
            facts_of_claims={one["id"]: opened.numbers.get(one["fact_id"]) for one in opened.claims},
            mine=opened.judged.whole.get(self._index.reader, ()),
        )

    async def fact(self, request: Request) -> Response:
        self._index.refresh()
        n = _number(request.path_params["n"]) or 0
        report = self._index.report_of(n)
        if report is None:
            raise HTTPException(404, "This fact is no longer there; load the page again.")
        return HTMLResponse(self._panel(self._opened(report), n))

    async def next(self, request: Request) -> Response:
        """Lead to the next fact of the list that this reader has not judged."""
        self._index.refresh()
        chosen = selection(request.query_params)
        unread = replace(chosen, verdict="mine")
        after = _number(request.query_params.get("after"))
        n = self._index.next_fact(unread, after) or self._index.next_fact(unread)
        if n is None:
            return RedirectResponse(f"/?{chosen.address()}", 303)
        return RedirectResponse(f"/report/{self._index.report_of(n)}?{chosen.address(fact=n)}", 303)

    async def form(self, request: Request) -> Response:
        """Give the form of a missed fact, with what its words say by themselves."""
        asked = request.query_params
        opened = self._opened(_number(asked.get("report")) or 0)
        kind, start, end = _type(asked.get("type")), _number(asked.get("start")) or 0, _number(asked.get("end")) or 0
        words = opened.extraction.report.text[start:end]
        if not words.strip():
            raise HTTPException(409, "Nothing is selected.")
        filled = values.judged(kind, values.suggested(kind, words))
        return HTMLResponse(self._render("add.html", kind=kind, start=start, end=end, words=words, filled=filled))

    async def judge(self, request: Request) -> Response:
        """Accept, reject or correct a fact, or judge it as another reader did."""
        sent = await _sent(request)
        opened, item = self._item(_number(sent.get("fact")))
        act = sent.get("act")
        found = values.judged(item.type, item.row)
        right: values.Values | None = None if act == "reject" else found
        if act == "correct":
            right, wrong = values.read(item.type, _form(sent))
            if wrong:
                return JSONResponse({"wrong": wrong}, 422)
        if act == "same":
            right = self._as_another(item)
            act = "reject" if right is None else "accept" if values.agree(item.type, right, found) else "correct"
        if act not in ("accept", "reject", "correct"):
            raise HTTPException(400, "There is no such act.")
        at = (item.row["start"], item.row["end"])
        line = self._line(opened, act, item.type, at, found=found, value=right, former=item.by.get(self._index.reader))
        return self._done(opened.n, line, f"{_PAST[act]}: “{short(item.row['text'])}”")

    async def add(self, request: Request) -> Response:
        """Add a fact that the program missed, on words that the reader selected."""
        sent = await _sent(request)
        opened = self._opened(_number(sent.get("report")) or 0)
        kind, start, end = _type(sent.get("type")), _number(sent.get("start")) or 0, _number(sent.get("end")) or 0
        words = opened.extraction.report.text[start:end]
        if not words.strip() or visible(words) != sent.get("text"):
            raise HTTPException(409, "The words selected are not at that place of the report; load the page again.")
        right, wrong = values.read(kind, _form(sent))
        if wrong:
            return JSONResponse({"wrong": wrong}, 422)
        line = self._line(opened, "add", kind, (start, end), found=None, value=right)
        return self._done(opened.n, line, f"Added: “{short(words)}”")

    async def whole(self, request: Request) -> Response:
        """Say that a report was read to its end and nothing of some types is missing; said again, take it back."""
        sent = await _sent(request)
        opened = self._opened(_number(sent.get("report")) or 0)
        types = tuple(_type(kind) for kind in sent.get("types") or FACT_TYPES)
        reader = self._index.reader
        mine = opened.judged.whole.get(reader, ())
        if set(types) <= set(mine):
            for line in self._whole_lines(opened):
                self._index.add(self._act(opened, "undo", undoes=line.id))
            return JSONResponse({"message": "No longer told to be read to the end.", "reload": True})
        unread = [item for item in opened.judged.items if item.type in types and reader not in item.by]
        if unread:
            told = f"{len(unread)} fact{'s' if len(unread) > 1 else ''} of it you have not judged yet: n goes there."
            raise HTTPException(409, told)
        self._index.add(self._act(opened, "read", types=types))
        return JSONResponse({"message": f"Read to the end: {', '.join(types)}.", "reload": True})

    async def undo(self, request: Request) -> Response:
        """Take this reader's last act back."""
        await _sent(request)
        self._index.refresh()
        last = last_of(self._index.reader, self._index.verdicts.lines)
        if last is None:
            raise HTTPException(409, "There is nothing to undo.")
        again = {"report_id": last.report_id, "sha256": last.sha256}
        self._index.add(verdict(self._index.reader, "undo", at=self._clock(), undoes=last.id, **again))
        report, number = self._place_of(last)
        words = f": “{short(last.place.text)}”" if last.place else ""
        return JSONResponse({"message": f"Undone: {last.act}{words}", "report": report, "fact": number})

    def _list(self, request: Request, template: str, rows: Callable[[Selection, int], Any]) -> Response:
        self._index.refresh()
        chosen = selection(request.query_params)
        page = rows(chosen, _number(request.query_params.get("page")) or 1)
        unread = self._index.verdicts.unread
        choices = {name: self._index.choices(name) for name in ("country", "rule")}
        return self._page(template, chosen=chosen, page=page, path=request.url.path, choice=choices, unread_lines=unread)

    def _page(self, template: str, **content: Any) -> Response:
        return HTMLResponse(self._render(template, progress=self._index.progress(), **content))

    def _render(self, template: str, **content: Any) -> str:
        return self._templates.get_template(template).render(**content)

    def _panel(self, opened: Opened, n: int | None) -> str:
        """Return what the page tells of one fact: value, rule, verdicts, claims, and the form that corrects it."""
        item = next((one for one in opened.judged.items if opened.numbers[one.row["id"]] == n), None)
        if item is None:
            return self._render("none.html")
        mine = item.by.get(self._index.reader)
        now = item.row | amended(item)
        return self._render(
            "panel.html",
            n=n,
            item=item,
            label=label(fact(item.row)),
            amended=label(fact(now)) if item.outcome == "corrected" else None,
            filled=(mine and mine.line.value) or values.judged(item.type, now),
            said=values.judged(item.type, item.row),
            also=also(item.row),
            rule=explanations().of(item.row["rule"]),
            doubtful=doubtful(fact(item.row)),
            readers=[(name, item.outcome_of(name), one.line, self._told(item, one.line)) for name, one in item.by.items()],
            claims=[one for one in opened.claims if item.row["id"] in (one["fact_id"], *(one["facts"] or "").split("; "))],
            numbers=opened.numbers,
            other=next((name for name in item.by if name != self._index.reader), None),
        )

    def _as_another(self, item: Item) -> values.Values | None:
        """Return what the first other reader said of a fact."""
        for name, one in item.by.items():
            if name != self._index.reader:
                return one.line.value
        raise HTTPException(409, "Nobody else has judged it.")

    def _told(self, item: Item, line: Verdict) -> str | None:
        """Return the value that a reader gave, if it is not the program's."""
        if line.value is None or item.outcome_of(line.reader) == "accepted":
            return None
        return label(fact(item.row | line.value | values.derived(item.type, line.value)))

    def _opened(self, n: int) -> Opened:
        opened = self._index.open(n)
        if opened is None:
            raise HTTPException(404, "There is no such report.")
        return opened

    def _item(self, n: int | None) -> tuple[Opened, Item]:
        self._index.refresh()
        report = self._index.report_of(n or 0)
        opened = self._opened(report or 0)
        for item in opened.judged.items:
            if opened.numbers[item.row["id"]] == n:
                return opened, item
        raise HTTPException(404, "This fact is no longer there; load the page again.")

    def _act(self, opened: Opened, act: Any, **fields: Any) -> Verdict:
        told = {"report_id": opened.row["id"], "sha256": opened.row["sha256"]}
        return verdict(self._index.reader, act, at=self._clock(), **told, **fields)

    def _line(
        self, opened: Opened, act: Any, kind: FactType, at: tuple[int, int], *, former: Any = None, **fields: Any
    ) -> Verdict:
        words = place(opened.extraction.report.text, *at)
        return self._act(opened, act, type=kind, place=words, instead_of=former.line.id if former else None, **fields)

    def _done(self, report: int, line: Verdict, message: str) -> Response:
        """Write an act, and tell the page what became of the fact."""
        self._index.add(line)
        opened = self._opened(report)
        item = next((one for one in opened.judged.items if _stands_on(one, line, self._index.reader)), None)
        number = opened.numbers[item.row["id"]] if item else None
        outcome = item.outcome if item else None
        return JSONResponse({"message": message, "fact": number, "outcome": outcome, "progress": self._index.progress()})

    def _whole_lines(self, opened: Opened) -> list[Verdict]:
        return [line for line in self._index.lines_of(opened.n) if line.act == "read" and line.reader == self._index.reader]

    def _place_of(self, line: Verdict) -> tuple[int | None, int | None]:
        """Return the report and the fact that a verdict is about."""
        for n in self._index.about(line):
            opened = self._opened(n)
            at = line.place
            for item in opened.judged.items if at else ():
                if at and item.type == line.type and item.row["start"] < at.end and item.row["end"] > at.start:
                    return n, opened.numbers[item.row["id"]]
            return n, None
        return None, None


_PAST = {"accept": "Accepted", "reject": "Rejected", "correct": "Corrected"}


def _stands_on(item: Item, line: Verdict, reader: str) -> bool:
    held = item.by.get(reader)
    if held and held.line.id == line.id:
        return True
    at = line.place
    return bool(at and (item.row["start"], item.row["end"], item.type) == (at.start, at.end, line.type))


def _number(value: Any) -> int | None:
    """Return a number that a request names; None for anything else."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _type(value: Any) -> FactType:
    for kind in FACT_TYPES:
        if kind == value:
            return kind
    raise HTTPException(400, "There is no such type of fact.")


def _form(sent: Mapping[str, Any]) -> dict[str, str]:
    given = sent.get("values")
    return {str(name): str(value) for name, value in given.items()} if isinstance(given, dict) else {}


async def _sent(request: Request) -> dict[str, Any]:
    """Return the JSON object that the page sent."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415, "Only JSON is understood.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST:
            raise HTTPException(413, "That is too much.")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "This is no JSON.") from error
    if not isinstance(found, dict):
        raise HTTPException(400, "This is no JSON object.")
    return found


async def _types(request: Request) -> Response:
    return Response(style(), media_type="text/css")


async def _told(request: Request, error: Exception) -> Response:
    """Answer an error in words, never with what was asked for in them."""
    detail, status = (error.detail, error.status_code) if isinstance(error, HTTPException) else ("", 500)
    return PlainTextResponse(detail, status)


async def _not_written(request: Request, error: Exception) -> Response:
    why = error.strerror if isinstance(error, OSError) else None
    return PlainTextResponse(f"The disk did not take it ({why}). This was not saved.", 507)
