"""The pages of the staff: search, documents, quality, behind a login."""
