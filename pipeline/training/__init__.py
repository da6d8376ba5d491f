"""Train the detector: `casefacts train`, `make train`.

`gold -> examples -> network -> weights`, and beside it `passages -> teacher -> examples` where texts without marks
are given. `network`, `teacher` and `weights` need the extra `[train]` (torch, transformers, onnx); nothing here is
imported at run time.
"""
