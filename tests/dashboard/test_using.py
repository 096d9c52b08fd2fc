"""From the pick to the training: the schedule, its picture, what it means, and the code to copy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

Open = Callable[..., Tab]


@pytest.mark.journey
def test_the_rate_at_the_marker_becomes_the_code_of_a_training(open_tab: Open, stage: Stage) -> None:
    """I put the marker where I want it, open "Use this rate", say how long I train, and copy the code."""
    tab = open_tab("done")
    tab.focus("clean")
    rate = tab.page.get_by_role("textbox", name="Learning rate")
    rate.fill("2e-2")
    use, code = tab.page.locator("#use"), tab.page.locator("#use-code")
    use.locator("summary").click()
    expect(code).to_contain_text("OneCycleLR(optimizer, max_lr=0.02, epochs=10, steps_per_epoch=100)")
    expect(code).to_contain_text("torch.optim.SGD")
    expect(use.locator("svg[role=img]")).to_have_attribute(
        "aria-label", "Learning rate by step. 1,000 steps: from 8e-4, up to 2e-2 at step 299, down to 8e-8"
    )
    rate.fill("3e-2")
    expect(code).to_contain_text("max_lr=0.03")
    use.get_by_label("Epochs").fill("4")
    expect(code).to_contain_text("epochs=4")
    use.get_by_label("Schedule").first.click()
    tab.page.get_by_role("option", name="Constant", exact=True).click()
    expect(code).to_contain_text("lr=0.01")
    expect(use).to_contain_text("a third of 3e-2")
    use.get_by_text("fastai", exact=True).click()
    expect(code).to_have_text("learn.fit(4, lr=0.01)\n")
    use.get_by_label("Epochs").fill("")
    expect(use.get_by_role("alert")).to_contain_text("Epochs: ")
    expect(code).to_have_text("learn.fit(4, lr=0.01)\n")


@pytest.mark.journey
def test_a_sentence_of_why_lights_its_part_of_the_plot(open_tab: Open) -> None:
    """I read why the rate is suggested; the sentence under my pointer shows on the curve what it is about."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.page.get_by_text("Why this rate?", exact=True).last.click()
    tab.page.locator(".why__part[data-region=sweet_spot]").hover()
    expect(tab.page.locator("#plot-back")).to_have_attribute("data-lit", "sweet_spot")
    tab.page.locator("#focus h2").hover()
    expect(tab.page.locator("#plot-back")).to_have_attribute("data-lit", "")
