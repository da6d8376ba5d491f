"""Files of every format that is read, made by the libraries that make such files; sentences of our own."""

import email.message
import io
import mailbox
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import odfdo
import openpyxl
from fpdf import FPDF

FACT = "On 3 May 2019 police in Baku detained 12 people under Article 233 of the Criminal Code."
MORE = (
    "The court sentenced two of the protesters to 15 days of detention, and the others were released without charge "
    "after lawyers had waited outside the station for several hours to be let in."
)
SPANISH = (
    "La policía detuvo el viernes a doce personas durante una manifestación en la capital, según informaron sus abogados. "
    "El tribunal ordenó quince días de prisión para dos de ellas, y las demás quedaron en libertad sin cargos."
)


def pdf(path: Path, pages: list[list[str]], *, head: str = "", title: str = "", password: str = "") -> Path:
    """Write a PDF of pages of paragraphs, with a running head and the page's number where a head is given."""
    book = FPDF()
    book.set_creation_date(datetime(2019, 6, 1, tzinfo=UTC))
    book.set_title(title)
    if password:
        book.set_encryption(owner_password="owner", user_password=password)
    for number, paragraphs in enumerate(pages, start=1):
        book.add_page()
        book.set_font("Helvetica", size=9)
        if head:
            book.text(20, 10, head)
            book.text(100, 290, str(number))
        book.set_font("Helvetica", size=11)
        book.set_y(25)
        for paragraph in paragraphs:
            book.multi_cell(0, 6, paragraph, new_x="LMARGIN", new_y="NEXT", align="L")
            book.ln(4)
    book.output(str(path))
    return path


def two_columns(path: Path, left: list[str], right: list[str], *, heading: str, pages: int = 1) -> Path:
    """Write pages of two columns under a heading that spans them; the lines of both are written in turn, as some programs do."""
    book = FPDF()
    for _ in range(pages):
        book.add_page()
        book.set_font("Helvetica", style="B", size=16)
        book.text(20, 20, heading)
        book.set_font("Helvetica", size=10)
        for number in range(max(len(left), len(right))):
            for x, lines in ((20, left), (110, right)):
                if number < len(lines):
                    book.text(x, 35 + 5 * number, lines[number])
    book.output(str(path))
    return path


def word(path: Path, *, title: str = "") -> Path:
    """Write a Word file with a heading, a paragraph, a list and a table."""
    document = docx.Document()
    document.core_properties.title = title
    document.add_heading("Raids", 1)
    document.add_paragraph(FACT)
    document.add_paragraph("First item", style="List Bullet")
    document.add_paragraph("Second item", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "A. B.", "two years"
    document.add_paragraph(MORE)
    document.save(str(path))
    return path


def odt(path: Path) -> Path:
    """Write an OpenDocument text with a heading, a paragraph with a note, and a list."""
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Header(1, "Raids"))
    paragraph = odfdo.Paragraph(FACT)
    paragraph.insert_note(after="Baku", note_id="n1", citation="1", body="As of 4 May.")
    document.body.append(paragraph)
    document.body.append(odfdo.List(["First item", "Second item"]))
    document.meta.title = "Raids in Baku"
    document.save(str(path))
    return path


def workbook(path: Path, column: str = "text") -> Path:
    """Write a workbook with a row for each of two reports."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "published", column])
    sheet.append(["a", datetime(2019, 5, 4), FACT])  # noqa: DTZ001 - a workbook knows no zones
    sheet.append(["b", None, MORE])
    book.save(path)
    return path


def message(subject: str = "Raids", *, text: str = FACT, attached: tuple[str, bytes] | None = None) -> email.message.EmailMessage:
    """Return a mail of a made-up group."""
    mail = email.message.EmailMessage()
    mail["From"] = "Rights Watchers <news@example.org>"
    mail["To"] = "list@example.org"
    mail["Subject"] = subject
    mail["Date"] = "Sat, 04 May 2019 10:00:00 +0400"
    mail["Message-ID"] = f"<{subject}@example.org>"
    mail.set_content(text)
    if attached:
        mail.add_attachment(attached[1], maintype="application", subtype="octet-stream", filename=attached[0])
    return mail


def mbox(path: Path, count: int) -> Path:
    """Write a mailbox of messages that differ in their numbers."""
    box = mailbox.mbox(path)
    for number in range(1, count + 1):
        box.add(message(f"Raids {number}", text=f"{number} people were held in Ganja."))
    box.close()
    return path


def html(body: str, *, head: str = "") -> bytes:
    """Return a page with a menu and a footer around *body*."""
    menu = "".join(f"<li><a href='/{n}'>Department number {n}</a></li>" for n in range(40))
    page = f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body><header><nav><ul>{menu}</ul></nav></header>"
    return f"{page}<main><article>{body}</article></main><footer><p>All rights reserved.</p></footer></body></html>".encode()


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """Write a zip archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """Return a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()
