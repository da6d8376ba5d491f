"""Mail as programs really send it: nothing of a message lost, nothing twice."""

import mailbox
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from pipeline.readers import read
from pipeline.schema import Report
from tests.readers import made
from tests.readers.made import FACT, MORE


def texts(path: Path) -> dict[str, str]:
    """Return the texts of the reports of a file by what follows its name in their ids."""
    return {item.id.removeprefix(path.name): item.text.strip() for item in read(path) if isinstance(item, Report)}


def saved(path: Path, message: EmailMessage | MIMEMultipart) -> Path:
    path.write_bytes(message.as_bytes())
    return path


def multipart(*parts: MIMEText | MIMEMessage) -> MIMEMultipart:
    mail = MIMEMultipart()
    mail["From"], mail["Received"], mail["Subject"] = "a@example.org", "by example.org", "Raids"
    for part in parts:
        mail.attach(part)
    return mail


def test_a_message_sent_on_is_a_report_of_its_own(tmp_path: Path) -> None:
    inner = made.message("inner", text=MORE, attached=("notes.txt", b"Two more were held in Ganja."))
    found = texts(saved(tmp_path / "x.eml", multipart(MIMEText(FACT), MIMEMessage(inner))))
    assert found == {"": FACT, "/attachment-1": MORE, "/attachment-1/notes.txt": "Two more were held in Ganja."}


def test_text_behind_an_attachment_belongs_to_the_message(tmp_path: Path) -> None:
    mail = made.message(text=FACT, attached=("notes.txt", b"Two more were held in Ganja."))
    mail.attach(MIMEText(MORE))  # type: ignore[arg-type]
    assert texts(saved(tmp_path / "x.eml", mail)) == {"": f"{FACT}\n\n{MORE}", "/notes.txt": "Two more were held in Ganja."}


def test_the_html_is_read_where_the_plain_text_only_says_where_it_is(tmp_path: Path) -> None:
    mail = made.message(text="Read this in your browser.")
    mail.add_alternative(made.html(f"<p>{FACT}</p><p>{MORE}</p>").decode(), subtype="html")
    assert texts(saved(tmp_path / "x.eml", mail)) == {"": f"{FACT}\n\n{MORE}"}


def test_the_plain_text_is_read_where_both_say_the_same(tmp_path: Path) -> None:
    mail = made.message(text=f"{FACT}\n\n{MORE}")
    mail.add_alternative(f"<p>{FACT}</p><p>{MORE}</p><p>Unsubscribe</p>", subtype="html")
    assert texts(saved(tmp_path / "x.eml", mail)) == {"": f"{FACT}\n\n{MORE}"}


def test_latin_1_is_read_as_programs_mean_it(tmp_path: Path) -> None:
    head = (
        "From: a@example.org\nReceived: by x\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n"
    )
    (tmp_path / "x.eml").write_bytes((head + f"{FACT} “No”, he said.\n").encode("cp1252"))
    assert texts(tmp_path / "x.eml") == {"": f"{FACT} “No”, he said."}


def test_a_line_that_begins_as_messages_of_a_mailbox_do(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "x.mbox")
    box.add(made.message(text=f"From the start it was clear.\n\n{FACT}"))
    box.close()
    assert texts(tmp_path / "x.mbox") == {"#1": f"From the start it was clear.\n\n{FACT}"}
