"""Load and validate the knowledge under `models/`: nothing else opens that folder.

Each kind of knowledge has a module here: its pydantic model and the function that loads it. A missing, empty or
malformed file is a RuleError that names it.
"""
