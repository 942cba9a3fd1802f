"""axe-core on the page as it stands."""

from typing import Any

from playwright.sync_api import Page

from shouwen.settings import ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Every violated rule with the first place that violates it. Runs beside the page: the CSP stays as it is."""
    page.evaluate(
        "() => Promise.allSettled(document.getAnimations().filter(a => a.transitionProperty).map(a => a.finished))"
    )
    page.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")
    found: list[dict[str, Any]] = page.evaluate(
        "async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations", RULES
    )
    return [f"{v['id']} ×{len(v['nodes'])}: {v['nodes'][0]['html']} {v['nodes'][0]['failureSummary']}" for v in found]
