"""The walk of a newcomer through the served demo, in a browser: read, open the evidence, log a call, reject, appeal, sign."""

import json
import os
import re
import subprocess


class Walk:
    def __init__(self, chromium, base, password, look, shots):
        self.chromium, self.base, self.password, self.shots = chromium, base, password, shots
        self.width, self.height, self.scheme = look
        self.context = self.page = None
        self.taken = 0

    def be(self, name):
        """Signs in as somebody, in a browser of their own."""
        if self.context:
            self.context.close()
        size = {"width": self.width, "height": self.height}
        self.context = self.chromium.new_context(viewport=size, color_scheme=self.scheme, accept_downloads=True)
        self.page = self.context.new_page()
        self.page.goto(f"{self.base}/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", self.password)
        self.page.click("button[type=submit]")

    def go(self, path):
        self.page.goto(self.base + path)

    def says(self, words):
        text = self.page.inner_text("main")
        assert words in text, f"{self.page.url} does not say `{words}`: {text[:600]}"

    def ended(self):
        """Waits until the import on this page is over."""
        for _ in range(120):
            if self.page.locator("h2:has-text('Being read')").count() == 0:
                return
            self.page.wait_for_timeout(250)
            self.go("/imports")
        raise AssertionError("the import does not end")

    def shoot(self, name):
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, f"{self.page.url} is {wide} px wide"
        if self.shots:
            self.taken += 1
            place = os.path.join(self.shots, f"{self.taken:02}-{name}-{self.width}-{self.scheme}.png")
            self.page.screenshot(path=place, full_page=True)


def walk(chromium, base, password, look, shots, binary, home):
    w = Walk(chromium, base, password, look, shots)
    # the CEO reads why revenue moved, and opens what is behind a bar
    w.be("ceo")
    assert "/reports/verdict" in w.page.url, w.page.url
    w.shoot("verdict")
    behind = w.page.locator("a[href*='/rows/']").first.get_attribute("href")
    w.go(behind)
    assert re.search(r"[\w-]+\.csv:\d+", w.page.inner_text("table")), "no file and line behind the figure"
    w.shoot("evidence")
    # a rep logs a call, and the clock stops
    w.be("rep")
    assert "/clocks" in w.page.url, w.page.url
    w.says("Most to lose by waiting")
    w.shoot("queue")
    # by keys: down one row, up again, and on to logging a call; none of it while something is typed
    focused = lambda: w.page.evaluate("document.activeElement.getAttribute('href') || ''")
    w.page.keyboard.press("j")
    lead = focused()
    assert lead.startswith("/leads/"), lead
    w.page.keyboard.press("j")
    assert focused() != lead
    w.page.keyboard.press("k")
    assert focused() == lead
    w.page.keyboard.press("?")
    assert w.page.locator("dialog#keys").is_visible()
    w.page.keyboard.press("Escape")
    w.page.keyboard.press("c")
    w.page.wait_for_url("**/leads/**")
    assert w.page.url.endswith(lead + "#log"), w.page.url
    # somebody else looks at the queue meanwhile, and sees it renew itself
    watcher = w.context.new_page()
    watcher.goto(f"{w.base}/clocks?order=clock")
    w.page.bring_to_front()
    w.go(lead)
    w.says("first attempt")
    w.shoot("lead")
    w.page.click("button:has-text('Called, nobody there')")
    w.says("Recorded, and shown below")
    assert w.page.locator("dl.counts div", has_text="first attempt").count() == 0, "the clock still runs"
    watcher.bring_to_front()
    watcher.wait_for_function("document.querySelector('#say').textContent == 'Updated.'", timeout=20000)
    # it says so at the first thing that is new; on a busy machine the batch with the call comes a little later
    late = watcher.locator("tr", has_text="first attempt").locator(f"a[href='{lead}']")
    late.first.wait_for(state="detached", timeout=20000)
    watcher.close()
    w.go("/clocks")
    assert w.page.locator(f"tr:has(a[href='{lead}']):has-text('Lost')").count() == 0
    w.says("Other clocks")
    # tells both teams what they heard
    w.go("/huddle")
    w.page.fill("#heard", "They ask for a price list")
    w.go("/clocks")
    w.go("/huddle")
    assert w.page.input_value("#heard") == "They ask for a price list", "what was typed is lost"
    w.page.click("button:has-text('Tell both teams')")
    w.says("They ask for a price list")
    w.shoot("debrief")
    # and turns the lead down, for a reason of the agreement
    w.go(lead)
    w.page.check("input[name=reason][value='wrong kind of company']")
    w.page.fill("#why", "They resell hardware")
    w.page.click("button:has-text('Turn it down')")
    w.says("It is rejected")
    w.says("They resell hardware")
    w.shoot("rejected")
    # marketing appeals
    w.be("marketer")
    w.go(lead)
    w.page.fill("#words", "They sell software since spring")
    w.page.click("button:has-text('Appeal it')")
    w.says("the other side answers until")
    w.shoot("appealed")
    # sales stands by it, the verdict says what is contested, leadership decides
    w.be("sales-lead")
    w.go("/disputes")
    w.page.click("article.dispute:has-text('wrong kind of company') button:has-text('Stand by it')")
    w.says("leadership decides")
    w.be("ceo")
    w.go("/reports/funnel")
    w.says("What is in dispute")
    w.go("/disputes")
    w.shoot("disputes")
    w.page.click("article.dispute button:has-text('Decide for it')")
    w.says("decided for Marketing")
    # both sign a changed agreement
    w.be("marketing-lead")
    w.go("/agreement/new")
    text = w.page.input_value("#text")
    hours = int(re.search(r"within = \"(\d+) working hours\"", text)[1])
    w.page.fill("#text", text.replace(f'"{hours} working hours"', f'"{hours - 1} working hours"'))
    w.page.click("button:has-text('See what it changes')")
    w.says(f"{hours} working hours becomes {hours - 1} working hours")
    w.shoot("changes")
    w.page.click("button:has-text('Replay it on the last year')")
    w.says("Replayed on your own last year")
    w.shoot("replayed")
    w.page.click("button:has-text('Propose it')")
    w.says("Proposed. It holds when both teams have signed it")
    for name in ("marketing-lead", "sales-lead"):
        if name != "marketing-lead":
            w.be(name)
            w.go("/agreement")
        form = w.page.locator("form.sign", has_text="Sign version")
        form.locator("input[type=password]").fill("not my password at all")
        form.locator("button[value=sign]").click()
        w.says("This is not your password")
        form = w.page.locator("form.sign", has_text="Sign version")
        form.locator("input[type=password]").fill(w.password)
        form.locator("button[value=sign]").click()
        w.says("Keep the receipt")
    w.says("In force: version")
    w.shoot("signed")
    with w.page.expect_download() as wanted:
        w.page.locator("section:has-text('In force: version') a:has-text('receipt')").first.click()
    receipt = wanted.value.path()
    assert json.load(open(receipt))["act"] == "sign"
    told = subprocess.run([binary, "--home", home, "verify", "--against", receipt], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    # who mends records sends files: one that is known, and one that a mapping must be looked over for
    w.be("revops")
    w.go("/imports")
    plan = b"period,metric,currency,amount\n2026Q4,new_bookings,USD,%d\n" % (9_000_000 + w.width)
    leads = b"Lead Ref;Created Date;Origin;Mail\nX-%d;2026-10-01;Fair;a%d@example.com\n" % (w.width, w.width)
    sent = [("plan.csv", plan), (f"fair-{w.width}.csv", leads)]
    w.page.set_input_files("#files", [{"name": n, "mimeType": "text/csv", "buffer": b} for n, b in sent])
    w.page.click("button:has-text('Import them')")
    w.ended()
    w.says("in the ledger")
    if w.page.locator("h2", has_text="How to read").count() > 0:  # the second time it is known
        w.says(f"How to read fair-{w.width}.csv")
        w.shoot("mapping")
        w.page.click("button:has-text('Import it with this')")
        w.ended()
        w.says("in the ledger")
    assert "How to read" not in w.page.inner_text("main"), "the file still waits for a mapping"
    w.shoot("imported")
    w.be("sales-lead")
    for _ in range(40):  # the facts of a new batch are made beside what is shown
        w.go("/leads?where=source+%3D+Fair")
        if f"X-{w.width}" in w.page.inner_text("main"):
            break
        w.page.wait_for_timeout(250)
    w.says(f"X-{w.width}")
    w.go("/leads")
    w.shoot("leads")
    w.go("/huddle")
    w.shoot("huddle")
    w.context.close()
