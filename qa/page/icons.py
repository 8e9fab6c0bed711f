"""Inline icons (24 units square, drawn for this project); decorative, so hidden from readers."""

from __future__ import annotations

_SHAPES = {
    "check": '<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.8L16 9.6"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.2l3.4 2"/>',
    "ban": '<circle cx="12" cy="12" r="9"/><path d="m5.8 5.8 12.4 12.4"/>',
    "question": '<circle cx="12" cy="12" r="9"/>'
    '<path d="M9.6 9.4a2.5 2.5 0 1 1 3.4 2.4c-.7.3-1 .8-1 1.6M12 16.6v.1"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.4M12 7.6v.1"/>',
    "warning": '<path d="M12 4 2.9 19.6h18.2z"/><path d="M12 10v4.4M12 17v.1"/>',
    "place": '<path d="M12 21s6.6-6 6.6-11A6.6 6.6 0 0 0 5.4 10c0 5 6.6 11 6.6 11z"/>'
    '<circle cx="12" cy="10" r="2.3"/>',
    "shield": '<path d="M12 3.2 4.8 6v5.4c0 4.4 3 8 7.2 9.4 4.2-1.4 7.2-5 7.2-9.4V6z"/>'
    '<path d="m8.8 11.9 2.3 2.3 4.1-4.4"/>',
    "chat": '<path d="M4 5.5h16v11H11l-4.4 3.4v-3.4H4z"/>',
    "compass": '<circle cx="12" cy="12" r="9"/><path d="m15.4 8.6-2 4.8-4.8 2 2-4.8z"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11.5" rx="2"/>'
    '<path d="M15.5 5.8V5.5a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h.3"/>',
    "up": '<path d="M7.5 11.2v8.3H4.4v-8.3zM7.5 11.2l4-7.2c1.4 0 2.3 1 2 2.5l-.6 3h5.3'
    'c1.2 0 2 1 1.8 2.2l-1 6.1c-.2 1-1 1.7-2 1.7H7.5"/>',
    "down": '<path d="M7.5 12.8V4.5H4.4v8.3zM7.5 12.8l4 7.2c1.4 0 2.3-1 2-2.5l-.6-3h5.3'
    'c1.2 0 2-1 1.8-2.2l-1-6.1c-.2-1-1-1.7-2-1.7H7.5"/>',
    "link": '<path d="M10 13.8a4 4 0 0 0 5.8.3l3-3a4 4 0 0 0-5.7-5.7l-1.3 1.3"/>'
    '<path d="M14 10.2a4 4 0 0 0-5.8-.3l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.3"/>',
    "page": '<path d="M6 3.5h8.5L19 8v12.5H6zM14 3.5V8.5h5M9 12.5h7M9 16h7"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "list": '<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5v.1M4.5 12v.1M4.5 17.5v.1"/>',
    "back": '<path d="m15 6-6 6 6 6"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "save": '<path d="M12 4v11M7.5 10.8 12 15.2l4.5-4.4M5 19.5h14"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4.5V9h15v8H17M7 14h10v6H7z"/>',
    "chevron": '<path d="m9 6 6 6-6 6"/>',
    "send": '<path d="M12 19.5v-14M5.8 11.4 12 5.2l6.2 6.2"/>',
    "clear": '<path d="M5 7h14M10 7V4.6h4V7M7 7l.8 12.4h8.4L17 7M10.4 10.6v5.6M13.6 10.6v5.6"/>',
    "search": '<circle cx="11" cy="11" r="6.2"/><path d="m15.6 15.6 4.6 4.6"/>',
}


def icon(name: str) -> str:
    """Return one icon as SVG; it takes the colour and size of the text around it."""
    return (
        '<svg class="tw-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f"{_SHAPES[name]}</svg>"
    )


FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    '<rect width="64" height="64" rx="15" fill="#14507f"/>'
    '<path d="M18 20h28M18 32h28M18 44h13" fill="none" stroke="#fff" stroke-linecap="round" '
    'stroke-width="5.5"/><circle cx="44.5" cy="44" r="4.6" fill="#ffc94d"/></svg>'
)
