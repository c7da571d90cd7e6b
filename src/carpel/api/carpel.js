/* Carpel: fills slots with text of the project; whatever fails, the page stays as it is. */
(() => {
  const me = document.currentScript, base = new URL(me.src).origin, key = "carpel_visitor";
  const elements = document.querySelectorAll("[data-carpel-slot]");
  let who = me.dataset.visitor || "";
  try {
    who = who || localStorage.getItem(key) || "";
    if (!who && !("noStorage" in me.dataset)) {
      localStorage.setItem(key, who = crypto.randomUUID());
    }
  } catch {}
  const address = (text) => {
    const url = new URL(text, location.href);
    if (!/^https?:$/.test(url.protocol)) throw url;
    return url.href;
  };
  const kinds = {
    text: (it, text) => { it.textContent = text; },
    href: (it, text) => { if (it.tagName == "A") it.href = address(text); },
    src: (it, text) => { if (it.tagName == "IMG") it.src = address(text); },
    alt: (it, text) => { it.alt = text; },
  };
  const fill = (slot, content) => {
    for (const kind in kinds)
      for (const it of slot.querySelectorAll(`[data-carpel-${kind}]`)) {
        const text = content[it.getAttribute(`data-carpel-${kind}`)];
        if (typeof text == "string") try { kinds[kind](it, text); } catch {}
      }
  };
  for (const slot of elements) {
    const asked = `${base}/v1/slots/${encodeURIComponent(slot.dataset.carpelSlot)}`;
    fetch(`${asked}?visitor=${encodeURIComponent(who)}`, {
      credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(300),
    }).then((it) => it.ok && it.json()).then((it) => it && fill(slot, it.content)).catch(() => {});
  }
})();
