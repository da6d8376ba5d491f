"""Commands of the command line, a module each; `pipeline.cli` registers them."""
