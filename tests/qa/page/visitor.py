"""A visitor of the page: asks, reads, and notices every request that leaves this machine."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.qa.page.watched import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

AXE_PATH = Path(str(files("axe_playwright_python").joinpath("axe.min.js")))

# Contrast of every visible text against what is painted behind it, as WCAG 2 defines it.
CONTRAST_JS = """() => {
  const rgba = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const c = rgba(getComputedStyle(at).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walk = document.createTreeWalker(document.querySelector('.tw-app'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !node.checkVisibility()) continue;
    const [a, b] = [rgba(getComputedStyle(node).color), behind(node)].map(light);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push([walk.currentNode.data.slice(0, 20), node.className, ratio]);
  }
  return faint;
}"""


class Visitor(Watched):
    """One browser session on the page."""

    def __init__(self, browser: Browser, url: str, **context: Any) -> None:  # noqa: ANN401
        super().__init__(browser, url, **context)
        self.open(url)

    def open(self, url: str) -> None:
        """Go to an address of the page and wait until it is put together."""
        self.page.goto(url)
        self.page.wait_for_selector(".tw-send")
        self.page.wait_for_selector("#tw-splash", state="detached")

    def ask(self, question: str) -> Locator:
        """Type a question, press Enter, wait for the reply and return its turn."""
        number = self.turns.count()
        self.page.fill("#tw-input", question)
        self.page.press("#tw-input", "Enter")
        return self.answered(number + 1)

    def answered(self, count: int) -> Locator:
        """Wait until the given number of turns is answered; return the last."""
        done = ".tw-turn .tw-reply:not(.tw-waiting)"
        self.page.wait_for_function(
            "([selector, count]) => document.querySelectorAll(selector).length >= count",
            arg=[done, count],
        )
        return self.turns.last

    def axe(self) -> list[str]:
        """Findings of axe-core of serious or critical impact: rule and the first places."""
        self.page.evaluate(AXE_PATH.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{rule['id']}: {[node['html'][:120] for node in rule['nodes'][:3]]}"
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
        ]

    @property
    def turns(self) -> Locator:
        """All turns of the conversation."""
        return self.page.locator(".tw-turn")

    def faint(self) -> Any:  # noqa: ANN401
        """Texts whose contrast is under 4.5."""
        return self.page.evaluate(CONTRAST_JS)

    def overflow(self) -> Any:  # noqa: ANN401
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
