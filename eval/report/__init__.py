"""A run as one page: self-contained HTML with inline plots, and the same as Markdown."""

from eval.report.html import html_report
from eval.report.markdown import markdown_report

__all__ = ["html_report", "markdown_report"]
