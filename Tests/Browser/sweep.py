"""Every page in every mode, several at a time in tabs of one browser: what axe, the window and the console say of each."""
import asyncio
import dataclasses
import pathlib
import threading

import axe_playwright_python.base as axe
from playwright.async_api import async_playwright

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, SLIM = {"width": 1360, "height": 900}, {"width": 320, "height": 800}
# What a person's browser asks for; each is switched on in the page that is open, as a person would.
MODES = {
    "light": (WIDE, {"color_scheme": "light", "forced_colors": "none"}),
    "dark": (WIDE, {"color_scheme": "dark", "forced_colors": "none"}),
    "narrow": (SLIM, {"color_scheme": "light", "forced_colors": "none"}),
    "forced": (WIDE, {"color_scheme": "light", "forced_colors": "active"}),
}
# Tabs at the same time: the machine's cores are what is short.
TABS = 4


@dataclasses.dataclass
class Seen:
    """One page in all modes."""
    status: int = 0
    policy: str = ""
    title: str = ""
    headings: int = 0
    violations: dict = dataclasses.field(default_factory=dict)
    sideways: list = dataclasses.field(default_factory=list)
    complaints: list = dataclasses.field(default_factory=list)
    failure: str = ""


def words(violation):
    """A violation as somebody can mend it."""
    places = "; ".join(f"{node['target']}: {node['failureSummary']}" for node in violation["nodes"][:4])
    return f"{violation['id']} ({violation['help']}): {places}"


async def look(page, path, name, shots):
    seen = Seen()
    listeners = {
        "pageerror": lambda error: seen.complaints.append(str(error)),
        "console": lambda line: seen.complaints.append(line.text) if line.type in ("error", "warning") else None,
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    try:
        await page.set_viewport_size(WIDE)
        await page.emulate_media(reduced_motion="reduce", **MODES["light"][1])
        answer = await page.goto(path, wait_until="domcontentloaded")
        seen.status = answer.status
        seen.policy = answer.headers.get("content-security-policy", "")
        await page.locator("html[data-scripted]").wait_for()
        if await page.locator("#discovery").count():
            await page.locator("#discovery[aria-busy=false]").wait_for()
        seen.title, seen.headings = await page.title(), await page.locator("h1").count()
        await page.evaluate(axe.AXE_SCRIPT)
        for mode, (size, media) in MODES.items():
            await page.set_viewport_size(size)
            await page.emulate_media(reduced_motion="reduce", **media)
            options = {"runOnly": RULES, "resultTypes": ["violations"]}
            found = (await page.evaluate("options => axe.run(document, options)", options))["violations"]
            seen.violations[mode] = [words(it) for it in found]
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                seen.sideways.append(mode)
            if shots:
                await page.screenshot(path=shots / f"{name}-{mode}.png", full_page=True)
    except Exception as error:  # One page that fails must not hide what the others are like.
        seen.failure = f"{type(error).__name__}: {error}"
    finally:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
    return seen


async def sweep_all(hub, headers, paths, shots, patience, executable):
    results, left = {}, list(paths.items())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])

        async def tab():
            # Tabs that share a window's connections wait for each other on plain HTTP: each has its own.
            context = await browser.new_context(base_url=hub, extra_http_headers=headers, viewport=WIDE)
            context.set_default_timeout(patience)
            page = await context.new_page()
            while left:
                name, path = left.pop(0)
                results[name] = await look(page, path, name, shots)
            await context.close()

        await asyncio.gather(*(tab() for _ in range(TABS)))
        await browser.close()
    return results


def sweep(hub, headers, paths, shots: pathlib.Path | None, patience, executable):
    """What was seen of each page, by its name. In a thread, for pytest's own has a browser of the other kind."""
    results = {}

    def run():
        results.update(asyncio.run(sweep_all(hub, headers, paths, shots, patience, executable)))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert len(results) == len(paths), "the sweep did not come to its end"
    return results
