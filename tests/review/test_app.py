"""The pages without a browser: who may ask, what is escaped, what each act writes."""

import datetime
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.errors import CasefactsError
from pipeline.review.app import make_app
from pipeline.review.guard import HEADERS, Guard
from pipeline.review.index import Index
from pipeline.review.serve import LOOPBACK, serve
from pipeline.review.verdicts import VerdictFile
from tests.review.made import act, archive, facts
from tests.stand_in import TEXT

NOW = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
HOME = "http://127.0.0.1:8765"
ORIGIN = {"Origin": HOME}
HOSTILE = """<script>alert("x")</script> </textarea></div><img src=x onerror=alert(1)> In 2019 {{ 7*7 }} & Baku"""
MISSED = {"low": "1", "high": "1", "status": "sentenced", "assertion": "stated", "approx": "false"}


def client(folder: Path, *, cookie: bool = True, reader: str = "anna", blind: bool = False) -> TestClient:
    index = Index(folder, VerdictFile(folder / "verdicts.jsonl"), reader=reader, blind=blind)
    guarded = Guard(make_app(index, clock=lambda: NOW), port=8765, token="the-token", code="the-code")
    cookies = {"casefacts-review-8765": "the-token"} if cookie else None
    return TestClient(guarded, base_url=HOME, cookies=cookies, follow_redirects=False)


@pytest.fixture
def anna(tmp_path: Path) -> TestClient:
    return client(archive(tmp_path, [TEXT, "Another report about Baku."]))


def post(who: TestClient, path: str, **sent: Any) -> Any:
    answer = who.post(path, json=sent, headers=ORIGIN)
    assert answer.status_code == 200, answer.text
    return answer.json()


def lines(folder: Path) -> list[Any]:
    return VerdictFile(folder / "verdicts.jsonl").lines


@pytest.mark.parametrize("path", ["/", "/reports", "/claims", "/report/1", "/fact/1", "/next", "/static/review.js", "/nowhere"])
def test_nothing_is_served_without_the_token(tmp_path: Path, path: str) -> None:
    stranger = client(archive(tmp_path), cookie=False)
    for who in (stranger, client(tmp_path, cookie=False)):
        who.cookies.set("casefacts-review-8765", "guessed")
    for answer in (stranger.get(path), stranger.get(path, params={"token": "guessed"}), stranger.get(path, params={"code": ""})):
        assert (answer.status_code, "Baku" in answer.text) == (403, False)


def test_the_token_gives_a_cookie_and_leaves_the_address(tmp_path: Path) -> None:
    answer = client(archive(tmp_path), cookie=False).get("/report/1?token=the-token&fact=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/report/1?fact=2")
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/"))


def test_the_code_opens_the_page_once(tmp_path: Path) -> None:
    archive(tmp_path)
    one = client(tmp_path, cookie=False)
    assert [one.get("/", params={"code": "the-code"}).status_code for _ in range(2)] == [303, 200]
    one.cookies.clear()
    assert one.get("/", params={"code": "the-code"}).status_code == 403


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/"])
def test_no_redirect_leads_away(tmp_path: Path, path: str) -> None:
    answer = client(archive(tmp_path), cookie=False).get(f"{HOME}{path}", params={"token": "the-token"})
    assert not re.match(r"(https?:|[/\\]{2})", answer.headers["location"])


@pytest.mark.parametrize(
    "host", ["evil.example:8765", "127.0.0.1:80", "127.0.0.1", "127.0.0.1.evil.example:8765", "[::1]:8765", ""]
)
def test_another_host_s_name_is_refused(anna: TestClient, host: str) -> None:
    answer = anna.get("/", headers={"Host": host})
    assert (answer.status_code, "Baku" in answer.text) == (421, False)


@pytest.mark.parametrize("path", ["/judge", "/add", "/whole", "/undo"])
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no-origin"),
        pytest.param({"Origin": "null"}, id="null"),
        pytest.param({"Origin": "http://evil.example"}, id="another-site"),
        pytest.param({"Origin": "http://127.0.0.1:9999"}, id="another-port"),
        pytest.param({"Origin": "https://127.0.0.1:8765"}, id="another-scheme"),
        pytest.param(ORIGIN | {"Sec-Fetch-Site": "cross-site"}, id="cross-site"),
    ],
)
def test_only_the_page_itself_may_change_anything(anna: TestClient, tmp_path: Path, path: str, headers: dict[str, str]) -> None:
    answer = anna.post(path, json={"fact": 1, "act": "accept", "report": 1}, headers=headers)
    assert (answer.status_code, (tmp_path / "verdicts.jsonl").exists()) == (403, False)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param({"data": {"fact": "1", "act": "accept"}}, 415, id="a-form"),
        pytest.param({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400, id="no-json"),
        pytest.param({"content": b"[" * 60_000, "headers": {"Content-Type": "application/json"}}, 400, id="deep"),
        pytest.param({"json": [1]}, 400, id="no-object"),
        pytest.param({"json": {"fact": 1, "act": "accept", "more": "x" * 70_000}}, 413, id="too-much"),
        pytest.param({"json": {"fact": 1, "act": "drop"}}, 400, id="no-such-act"),
        pytest.param({"json": {"fact": 99, "act": "accept"}}, 404, id="no-such-fact"),
        pytest.param({"json": {"fact": "1; DROP TABLE facts", "act": "accept"}}, 404, id="sql"),
        pytest.param({"json": {"fact": {"n": 1}, "act": "accept"}}, 404, id="object"),
    ],
)
def test_what_is_sent_wrongly_writes_nothing(anna: TestClient, tmp_path: Path, request_: dict[str, Any], status: int) -> None:
    request_["headers"] = ORIGIN | request_.get("headers", {})
    assert anna.post("/judge", **request_).status_code == status
    assert not (tmp_path / "verdicts.jsonl").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/cli.py",
        "/static//etc/passwd",
        "/static/..\\app.py",
        "/report/../../etc/passwd",
        "/report/1%00",
        "/report/99",
        "/report/-1",
        "/report/r0",
        "/fact/99",
        "/report/99999999999999999999999",
    ],
)
def test_paths_lead_nowhere_else(anna: TestClient, path: str) -> None:
    answer = anna.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_do_nothing(anna: TestClient, method: str) -> None:
    assert anna.request(method, "/judge", headers=ORIGIN).status_code == 405


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/review.js", "/report/1"])
def test_every_answer_carries_the_headers(anna: TestClient, path: str) -> None:
    answer = anna.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/reports", "/claims", "/report/1", "/fact/1", "/form?report=1&type=count&start=0&end=30"])
def test_a_report_s_text_is_text(tmp_path: Path, path: str) -> None:
    hers = act(
        "correct",
        facts(HOSTILE)[0],
        '<i>"ben"',
        text=HOSTILE,
        report_id="r0",
        value={"value": "2018", "source": "<u>", "assertion": "stated"},
    )
    archive(tmp_path, [HOSTILE])
    VerdictFile(tmp_path / "verdicts.jsonl").append(hers)
    text = client(tmp_path).get(path).text
    assert not re.search(r"<script>|<img|<i>\"|<u>|</textarea>", text)
    assert "49" not in re.sub(r"<[^>]*>", "", text)


def test_pages_hold_no_script_and_no_style_of_their_own(anna: TestClient) -> None:
    for path in ("/", "/reports", "/claims", "/report/1"):
        page = anna.get(path).text
        assert not re.search(r"<script(?! src=)|<style|style=|\son\w+=|javascript:", page)
        assert not re.search(r"(src|href)=\"(https?:)?//", page)


def test_control_characters_reach_no_page(tmp_path: Path) -> None:
    page = client(archive(tmp_path, ["In 2019\x1b[31m \x00 officers in Baku"])).get("/report/1").text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page)


def test_a_filter_that_is_no_filter_is_text(anna: TestClient) -> None:
    page = anna.get("/", params={"words": '"><script>alert(1)</script>', "country": "<b>", "page": "-1", "order": "1;--"}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(("name", "outcome"), [("accept", "accepted"), ("reject", "rejected")])
def test_accept_and_reject(anna: TestClient, tmp_path: Path, name: str, outcome: str) -> None:
    done = post(anna, "/judge", fact=3, act=name)
    assert (done["outcome"], done["fact"], done["progress"]["mine"]) == (outcome, 3, 1)
    (line,) = lines(tmp_path)
    assert (line.act, line.reader, line.at, line.place.text) == (name, "anna", NOW, "12 people")


def test_correct_tells_what_is_wrong_and_then_writes(anna: TestClient, tmp_path: Path) -> None:
    filled = {"low": "20", "high": "12", "status": "detained", "assertion": "stated", "approx": "true"}
    refused = anna.post("/judge", json={"fact": 3, "act": "correct", "values": filled}, headers=ORIGIN)
    assert (refused.status_code, list(refused.json()["wrong"]), lines(tmp_path)) == (422, ["high"], [])
    assert post(anna, "/judge", fact=3, act="correct", values=filled | {"high": "30"})["outcome"] == "corrected"
    assert (lines(tmp_path)[0].value["high"], lines(tmp_path)[0].found["high"]) == (30, 12)
    page = anna.get("/report/1?fact=3").text
    assert "<del>12 · detained</del>" in page
    assert "about 20–30 · detained" in page


def test_a_later_verdict_takes_the_place_of_the_former_and_undo_brings_it_back(anna: TestClient, tmp_path: Path) -> None:
    post(anna, "/judge", fact=3, act="accept")
    post(anna, "/judge", fact=3, act="reject")
    assert lines(tmp_path)[1].instead_of == lines(tmp_path)[0].id
    undone = post(anna, "/undo")
    assert (undone["message"], undone["report"], undone["fact"]) == ("Undone: reject: “12 people”", 1, 3)
    assert 'data-outcome="accepted"' in anna.get("/fact/3").text
    post(anna, "/undo")
    assert anna.post("/undo", json={}, headers=ORIGIN).status_code == 409
    assert [line.act for line in lines(tmp_path)] == ["accept", "reject", "undo", "undo"]


def test_a_missed_fact(anna: TestClient, tmp_path: Path) -> None:
    start = TEXT.index("One")
    form = anna.get("/form", params={"report": 1, "type": "count", "start": start, "end": start + 3}).text
    assert 'name="low" value="1"' in form
    sent = {"report": 1, "type": "count", "start": start, "end": start + 3, "text": "One", "values": MISSED}
    done = post(anna, "/add", **sent)
    assert done["outcome"] == "added"
    assert f'data-n="{done["fact"]}" data-outcome="added"' in anna.get("/report/1").text
    assert anna.get("/").text.count('<tr data-outcome="added">') == 1
    assert lines(tmp_path)[0].value["low"] == 1


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"start": 0, "end": 3}, 409), ({"end": 9999}, 409), ({"type": "town"}, 400), ({"report": 9}, 404), ({"values": {}}, 422)],
    ids=str,
)
def test_a_missed_fact_at_another_place_is_refused(anna: TestClient, tmp_path: Path, wrong: dict[str, Any], status: int) -> None:
    start = TEXT.index("One")
    sent = {"report": 1, "type": "count", "start": start, "end": start + 3, "text": "One", "values": MISSED} | wrong
    assert anna.post("/add", json=sent, headers=ORIGIN).status_code == status
    assert lines(tmp_path) == []


def test_read_to_the_end_wants_each_fact_judged_and_can_be_taken_back(anna: TestClient, tmp_path: Path) -> None:
    refused = anna.post("/whole", json={"report": 1}, headers=ORIGIN)
    assert (refused.status_code, "5 facts of it you have not judged" in refused.text) == (409, True)
    post(anna, "/judge", fact=3, act="accept")
    post(anna, "/whole", report=1, types=["count"])
    assert lines(tmp_path)[-1].types == ("count",)
    assert "read to the end by anna" in anna.get("/report/1").text
    post(anna, "/whole", report=1, types=["count"])
    assert "read to the end by anna" not in anna.get("/report/1").text


def test_two_readers_stand_side_by_side(anna: TestClient, tmp_path: Path) -> None:
    ben, blind = client(tmp_path, reader="ben"), client(tmp_path, reader="cem", blind=True)
    post(anna, "/judge", fact=3, act="accept")
    assert post(ben, "/judge", fact=3, act="reject")["outcome"] == "disputed"
    panel = re.sub(r"<[^>]*>|\s+", " ", anna.get("/fact/3").text)
    assert re.search(r"anna +accepted .*ben +rejected", panel)
    assert "anna" not in blind.get("/fact/3").text
    assert "1 disputed" in anna.get("/").text


@pytest.mark.parametrize(
    ("hers", "act", "outcome"),
    [
        pytest.param({"act": "accept"}, "accept", "accepted", id="accepted"),
        pytest.param({"act": "reject"}, "reject", "rejected", id="rejected"),
        pytest.param(
            {"act": "correct", "values": {"low": "20", "high": "", "status": "charged", "assertion": "stated"}},
            "correct",
            "corrected",
            id="corrected",
        ),
    ],
)
def test_a_second_reader_may_judge_as_the_first(
    anna: TestClient, tmp_path: Path, hers: dict[str, Any], act: str, outcome: str
) -> None:
    ben = client(tmp_path, reader="ben")
    assert ben.post("/judge", json={"fact": 3, "act": "same"}, headers=ORIGIN).status_code == 409
    post(anna, "/judge", fact=3, **hers)
    assert "Same as anna" in ben.get("/fact/3").text
    assert post(ben, "/judge", fact=3, act="same")["outcome"] == outcome
    assert [(line.reader, line.act, line.value) for line in lines(tmp_path)] == [
        ("anna", act, lines(tmp_path)[0].value),
        ("ben", act, lines(tmp_path)[0].value),
    ]


def test_next_leads_to_what_is_not_judged(anna: TestClient) -> None:
    post(anna, "/judge", fact=2, act="accept")
    answer = anna.get("/next", params={"type": "location"})
    assert answer.headers["location"] == "/report/2?type=location&fact=6"
    post(anna, "/judge", fact=6, act="accept")
    assert anna.get("/next", params={"type": "location"}).headers["location"] == "/?type=location"


def test_a_verdict_that_the_disk_does_not_take_is_told(anna: TestClient, tmp_path: Path) -> None:
    tmp_path.rename(tmp_path.with_name("moved"))
    answer = anna.post("/judge", json={"fact": 3, "act": "accept"}, headers=ORIGIN)
    assert (answer.status_code, "This was not saved" in answer.text) == (507, True)
    assert 'data-outcome="accepted"' not in anna.get("/fact/3").text


def test_torn_lines_are_told(tmp_path: Path) -> None:
    archive(tmp_path)
    (tmp_path / "verdicts.jsonl").write_bytes(b'{"half\n')
    assert "cannot be understood, and count for nothing: 1." in client(tmp_path).get("/").text


def test_a_port_that_is_taken_is_an_error_in_words(tmp_path: Path) -> None:
    index = Index(archive(tmp_path), VerdictFile(tmp_path / "v.jsonl"), reader="anna")
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CasefactsError, match=f"port {port} of this machine cannot be had"):
            serve(index, port=port, clock=lambda: NOW, opened=lambda *_: None)
