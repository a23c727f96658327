// Lockstep: the whole script of its pages. Every page works without it.
(() => {
  const one = (s, r = document) => r.querySelector(s), all = (s, r = document) => [...r.querySelectorAll(s)];
  const store = (of, key, value) => { try { return value === undefined ? of.getItem(key) : of.setItem(key, value); } catch { return null; } };

  // 1. Clocks go on between two answers of the server.
  const span = m => { const d = Math.floor(m / 1440), h = Math.floor(m / 60) % 24, r = m % 60;
    return d ? `${d} d ${h} h` : h ? `${h} h ${String(r).padStart(2, "0")} m` : `${r} m`; };
  const tick = () => all("[data-left]").forEach(e => {
    e.due ??= Date.now() + e.dataset.left * 6e4;
    const left = Math.ceil((e.due - Date.now()) / 6e4), words = span(Math.abs(left)) + (left > 0 ? " left" : " late");
    if (e.textContent !== words) e.textContent = words;
    e.classList.toggle("late", left <= 0);
  });

  // 2. What was typed and not sent yet outlives a closed page.
  const drafts = () => all("[data-draft]").forEach(e => {
    const key = "lockstep.draft." + e.dataset.draft;
    e.value ||= store(sessionStorage, key) || "";
    e.oninput = () => store(sessionStorage, key, e.value);
    e.form.onsubmit = () => store(sessionStorage, key, "");
  });

  // 3. Live: one stream a page that is looked at. It says which batch pages show; what is newer is shown, or offered.
  const body = document.body, say = text => { const at = one("#say"); if (at) at.textContent = text; };
  let stream, busy, later;
  const typing = part => { const at = document.activeElement; return part.contains(at) && at.matches("input,select,textarea")
    || all("input,textarea", part).some(e => e.type === "file" ? e.files.length : e.type !== "hidden" && (e.value !== e.defaultValue || e.checked !== e.defaultChecked)); };
  const renew = async moment => {
    const part = one("[data-live]");
    if (!part || typing(part)) { if (moment.split(".")[0] !== body.dataset.seen.split(".")[0]) one("#newer").hidden = false; return; }
    if (busy) { later = moment; return; }
    busy = part.setAttribute("aria-busy", "true") || true;
    try {
      const r = await fetch(location.href, { headers: { "x-part": "live" } });
      const page = new DOMParser().parseFromString(await r.text(), "text/html"), next = one("[data-live]", page);
      if (typing(part)) return;
      if (r.redirected || !next) return location.reload();
      const focus = document.activeElement?.id, open = all("details[open][id]", part).map(d => d.id);
      part.replaceWith(document.adoptNode(next));
      open.forEach(id => document.getElementById(id)?.setAttribute("open", ""));
      if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
      body.dataset.seen = page.body.dataset.seen;
      tick(); drafts(); say("Updated.");
    } catch { /* the next event tries again */ } finally { busy = false; part.removeAttribute("aria-busy"); }
    // what came meanwhile is shown as well
    if (later && later !== body.dataset.seen) { const moment = later; later = ""; renew(moment); }
  };
  const listen = () => {
    if (document.hidden) { stream?.close(); stream = null; return; }
    if (stream || !body.dataset.seen) return;
    stream = new EventSource("/events");
    stream.onmessage = e => { if (e.data !== body.dataset.seen) renew(e.data); };
  };
  document.addEventListener("visibilitychange", listen);

  // 4. Keys: never while something is typed, and off when their reader says so (WCAG 2.1.4).
  const keys = one("#keys"), on = one("#keys-on");
  if (on) { on.checked = store(localStorage, "lockstep.keys") !== "off"; on.onchange = () => store(localStorage, "lockstep.keys", on.checked ? "on" : "off"); }
  addEventListener("keydown", e => {
    if (e.metaKey || e.ctrlKey || e.altKey || e.target.closest("input,select,textarea,dialog")) return;
    if (store(localStorage, "lockstep.keys") === "off") return;
    if (e.key === "?" && keys) { keys.showModal(); return; }
    if (e.key === "/") { const find = one("[data-find]"); if (find) { e.preventDefault(); find.focus(); find.select?.(); } return; }
    const rows = all("[data-row]"), at = rows.findIndex(r => r.contains(document.activeElement));
    const go = n => one("a,button", rows[Math.max(0, Math.min(n, rows.length - 1))])?.focus();
    if (!rows.length) return;
    if (e.key === "j") go(at + 1); else if (e.key === "k") go(at - 1);
    else if (at >= 0) one(`[data-key="${CSS.escape(e.key)}"]`, rows[at])?.click();
  });

  all("[data-script]").forEach(e => e.hidden = false);
  tick(); drafts(); listen(); setInterval(tick, 15000);
  one("[autofocus][role=alert]")?.focus();
})();
