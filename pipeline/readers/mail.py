"""E-mail: a message is a document, its subject the title; what is attached is read as files of their own."""

import datetime
import email
import email.policy
import mailbox
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.readers.documents import Attachment, Document, joined_blocks
from pipeline.readers.encoding import decode
from pipeline.readers.html import page
from pipeline.readers.rejections import rejected
from pipeline.readers.repair import Repairs
from pipeline.schema import Rejected

_SIGNATURE = "\n-- \n"


def eml(path: Path, label: str) -> Iterator[Document | Attachment | Rejected]:
    """Yield the message of a file and what is attached to it."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    yield from _message(message, label, None)


def mbox(path: Path, label: str) -> Iterator[Document | Attachment | Rejected]:
    """Yield every message of a mailbox, and what is attached to each."""
    box = mailbox.mbox(path, create=False)
    for number, key in enumerate(box.iterkeys(), start=1):
        message = email.message_from_bytes(box.get_bytes(key), policy=email.policy.default)
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
    body = message.get_body(("plain", "html"))
    data = _bytes(body) if body is not None else b""
    repairs = Repairs()
    if body is not None and body.get_content_type() == "text/html":
        text = page(_marked(data, body.get_content_charset()), label).text
    else:
        text = joined_blocks(_paragraphs(_words(data, body)), repairs)
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


def _words(data: bytes, body: MIMEPart | None) -> str:
    charset = body.get_content_charset() if body is not None else None
    if charset and charset != "us-ascii":
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data) or ""


def _marked(data: bytes, charset: str | None) -> bytes:
    """Return the bytes of an HTML body as UTF-8, whatever the message says they are."""
    try:
        return data.decode(charset or "utf-8").encode("utf-8") if charset else data
    except (LookupError, UnicodeDecodeError):
        return data


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a message: its lines end where the programs of the time broke them."""
    for block in text.replace("\r\n", "\n").partition(_SIGNATURE)[0].split("\n\n"):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        wrapped = len(lines) > 1 and all(50 <= len(line) <= 80 for line in lines[:-1])
        yield (" " if wrapped else "\n").join(lines)


def _attached(message: EmailMessage) -> Iterator[MIMEPart]:
    """Yield what is attached and might be read; pictures and sounds are no text."""
    for part in message.walk():
        if part.get_content_maintype() in ("application", "text", "message") and (part.get_filename() or part.is_attachment()):
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
