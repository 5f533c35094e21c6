// @ts-check
// Shortcuts. Single keys can be switched off in the settings (WCAG 2.1.4); nothing destructive has one.

let goes = false

/** @returns {HTMLElement[]} */
const rows = () => [...document.querySelectorAll('main tbody tr')].filter((it) => it instanceof HTMLElement)

/** @param {number} step @param {string} [selector] */
function move(step, selector) {
  const all = rows().filter((it) => !selector || it.matches(selector))
  const at = all.findIndex((it) => it.classList.contains('current'))
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))]
  if (!next) return
  for (const row of rows()) row.classList.remove('current')
  next.classList.add('current')
  next.scrollIntoView({ block: 'nearest' })
  next.querySelector('a')?.focus({ preventScroll: true })
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = event.target
  if (event.key === 'Escape') document.getElementById('nav')?.classList.remove('open')
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))) return
  if (document.documentElement.dataset.shortcuts === 'off' || document.querySelector('dialog[open]')) return
  if (goes) {
    goes = false
    const place = document.querySelector(`#nav a[data-key="${CSS.escape(event.key)}"]`)
    if (place instanceof HTMLAnchorElement) location.assign(place.href)
    return
  }
  const shortcuts = document.getElementById('shortcuts')
  if (event.key === 'g') { goes = true; setTimeout(() => { goes = false }, 1500) }
  else if (event.key === '/') { event.preventDefault(); document.getElementById('find')?.focus() }
  else if (event.key === '?' && shortcuts instanceof HTMLDialogElement) shortcuts.showModal()
  else if (event.key === 'j') move(1)
  else if (event.key === 'k') move(-1)
  else if (event.key === '[') move(-1, '[id^="wave-"]')
  else if (event.key === ']') move(1, '[id^="wave-"]')
  else if (event.key === '.') { const first = document.querySelector('#actions :is(button, a)'); if (first instanceof HTMLElement) first.focus() }
  else if (event.key === 'w') { const wall = document.querySelector('a[href$="/wall"]'); if (wall instanceof HTMLAnchorElement) wall.click() }
}

export function startKeys() {
  document.addEventListener('keydown', onKey)
}
