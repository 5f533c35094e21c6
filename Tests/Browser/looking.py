"""Looking at a page as it is now, in every mode: what axe says, what sticks out, and a picture."""
from axe_playwright_python.sync_playwright import Axe

from conftest import SCREENSHOTS
from sweep import MODES, RULES


def looked_at(page, name, modes=MODES):
    """Nothing that axe sees is wrong in these modes, and nothing scrolls sideways."""
    for mode in modes:
        size, media = MODES[mode]
        page.set_viewport_size(size)
        page.emulate_media(reduced_motion="reduce", **media)
        # What stands below the bar at the top is no fault of the page.
        page.evaluate("scrollTo(0, 0)")
        report = Axe().run(page, options={"runOnly": RULES})
        assert report.violations_count == 0, f"{mode}: {report.generate_report()}"
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), mode
        page.screenshot(path=SCREENSHOTS / f"{name}-{mode}.png", full_page=True)
    page.set_viewport_size(MODES["light"][0])
    page.emulate_media(reduced_motion="reduce", **MODES["light"][1])
