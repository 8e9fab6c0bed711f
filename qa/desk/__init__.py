"""What editors do behind the page: documents, word lists, quality, and a record of every change.

Plain functions over a service and a home folder; pages and routes only render them.
"""
