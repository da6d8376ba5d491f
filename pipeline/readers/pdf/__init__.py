"""PDF: characters with their boxes become lines, columns, paragraphs; running heads are taken out."""
