"""Clauses in, ranked clauses out: model fetch, encoder, words, both legs, snapshots."""
