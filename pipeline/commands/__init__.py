"""Commands with a module of their own; `pipeline.cli` registers them."""
