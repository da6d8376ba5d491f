"""Where the work of a run is done: in this process, in several, or on a Ray cluster.

An engine takes a piece of work and the chunks of an archive, and yields each chunk with what the work made of it. The work
is the same for all, so that the tables are the same: see `pipeline.engines.work`.
"""
