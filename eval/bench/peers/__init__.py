"""Our retrieval beside that of Haystack, txtai and LlamaIndex: the same work, in one run."""
