"""Machine output read by people before it is published: their verdicts, and the page on which they give them."""
