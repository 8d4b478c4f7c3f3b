"""The catalogues of sentences, and what keeps them up to date with the code."""
