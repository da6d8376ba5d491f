"""Tables of a run to the formats of other tools, each with what it cannot hold."""
