"""Check the knowledge under `models/`: its examples and near misses, what contradicts, what is there."""
