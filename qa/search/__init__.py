"""Staff search: filters, facets, look-up by number, snippets, export. See `staff`."""
