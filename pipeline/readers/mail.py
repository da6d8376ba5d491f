"""E-mail: a message is a document, its subject the title; what is attached is read as files of their own."""

import datetime
import email
import email.policy
import mailbox
import re
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.readers.documents import Attachment, Document, joined_blocks
from pipeline.readers.encoding import declared
from pipeline.readers.html import page
from pipeline.readers.rejections import rejected
from pipeline.readers.repair import Repairs
from pipeline.schema import Rejected

_SIGNATURE = "\n-- \n"
_QUOTED_FROM = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_STUB = 0.5  # of the words of its HTML: a plain text with fewer only says where to read the message


def eml(path: Path, label: str) -> Iterator[Document | Attachment | Rejected]:
    """Yield the message of a file and what is attached to it."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    yield from _message(message, label, None)


def mbox(path: Path, label: str) -> Iterator[Document | Attachment | Rejected]:
    """Yield every message of a mailbox, and what is attached to each."""
    box = mailbox.mbox(path, create=False)
    for number, key in enumerate(box.iterkeys(), start=1):
        data = _QUOTED_FROM.sub(b"", box.get_bytes(key))  # a mailbox marks lines that begin as its messages do
        message = email.message_from_bytes(data, policy=email.policy.default)
        yield from _message(message, f"{label}:{number}", number)


def _message(message: EmailMessage, label: str, number: int | None) -> Iterator[Document | Attachment | Rejected]:
    """Yield one message; one without words, or broken, is rejected and the others go on."""
    name = "" if number is None else str(number)
    try:
        yield _document(message, label, name or None)
    except ReadError as error:
        yield rejected(error)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        yield rejected(ReadError(label, "unreadable", f"is a damaged message ({error}); get it again"))
    for count, part in enumerate(_attached(message), start=1):
        file = str(part.get_filename() or f"attachment-{count}").replace("/", "_").replace("\\", "_")
        yield Attachment(f"{name}/{file}".lstrip("/"), _bytes(part))


def _document(message: EmailMessage, label: str, name: str | None) -> Document:
    repairs = Repairs()
    text = _body(message, label, repairs)
    if not text:
        raise ReadError(label, "empty", "is a message without words; what is attached to it is read")
    sender = _field(message, "From")
    return Document(
        text,
        name=name,
        part=f"message {name}" if name else None,
        title=_field(message, "Subject"),
        publisher=sender.partition("<")[0].strip(" \"'") or sender.strip("<>") if sender else None,
        published=_day(message),
        repairs=repairs,
    )


def _body(message: EmailMessage, label: str, repairs: Repairs) -> str:
    """Return the words of a message: its body, in plain or in HTML, and what follows in parts that are shown with it."""
    plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    text = joined_blocks(_paragraphs(_words(plain)), repairs) if plain is not None else ""
    if html is not None:
        page = _page(html, label)
        text = page if len(text.split()) < _STUB * len(page.split()) else text
    rest = (part for part in _parts(message) if part not in (plain, html) and _shown(part))
    return "\n\n".join(filter(None, [text, *(joined_blocks(_paragraphs(_words(part)), repairs) for part in rest)]))


def _page(part: MIMEPart, label: str) -> str:
    """Return the words of an HTML body, whose encoding the message tells; none where the page has none."""
    words = declared(_bytes(part), part.get_content_charset() or "utf-8") or ""
    try:
        return page(words.encode("utf-8-sig", "replace"), label).text
    except ReadError:
        return ""


def _words(part: MIMEPart) -> str:
    return declared(_bytes(part), part.get_content_charset() or "utf-8") or ""


def _shown(part: MIMEPart) -> bool:
    """Say whether a part is plain text that is shown with the body: what mailing lists and some programs add behind a picture."""
    return part.get_content_type() == "text/plain" and not part.get_filename() and not part.is_attachment()


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a message: its lines end where the programs of the time broke them."""
    for block in text.replace("\r\n", "\n").partition(_SIGNATURE)[0].split("\n\n"):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        wrapped = len(lines) > 1 and all(50 <= len(line) <= 80 for line in lines[:-1])
        yield (" " if wrapped else "\n").join(lines)


def _attached(message: EmailMessage) -> Iterator[MIMEPart]:
    """Yield what is attached and might be read, and each message that is sent on; pictures and sounds are no text."""
    for part in _parts(message):
        named = part.get_filename() or part.is_attachment()
        if part.get_content_type() == "message/rfc822" or (part.get_content_maintype() in ("application", "text") and named):
            yield part


def _parts(part: MIMEPart) -> Iterator[MIMEPart]:
    """Yield the parts of a message, those of a message within it left to that."""
    if part.is_multipart() and part.get_content_maintype() != "message":
        for inner in part.iter_parts():
            yield from _parts(inner)
    else:
        yield part


def _bytes(part: MIMEPart) -> bytes:
    if part.get_content_maintype() == "message" and part.is_multipart():
        return part.get_payload(0).as_bytes()  # type: ignore[union-attr]
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _field(message: EmailMessage, name: str) -> str | None:
    value = " ".join(str(message.get(name) or "").split())
    return value or None


def _day(message: EmailMessage) -> datetime.date | None:
    try:
        return parsedate_to_datetime(str(message["Date"])).date()
    except (ValueError, TypeError, IndexError):
        return None
