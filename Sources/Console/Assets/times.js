// @ts-check
// Clocks: elapsed times tick here, from the server's time, so that nothing need be sent every second.

let offset = 0

/** The server's time now, in milliseconds. */
export const now = () => Date.now() + offset

/** @param {number} seconds */
export function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds))
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0')
  if (s < 60) return `${s}s`
  if (s < 3600) return s % 60 ? `${Math.floor(s / 60)}m ${two(s % 60)}s` : `${s / 60}m`
  if (s < 86400) return Math.floor(s / 60) % 60 ? `${Math.floor(s / 3600)}h ${two(Math.floor(s / 60) % 60)}m` : `${Math.floor(s / 3600)}h`
  const days = Math.floor(s / 86400)
  return days === 1 ? '1 day' : `${days} days`
}

/** Writes the times below an element as the viewer wants them. @param {ParentNode} root */
export function writeTimes(root) {
  if (document.documentElement.dataset.zone !== 'local') return
  for (const element of root.querySelectorAll('time[datetime]:not([data-ago]):not([data-local])')) {
    const at = new Date(element.getAttribute('datetime') ?? '')
    if (Number.isNaN(at.getTime())) continue
    element.setAttribute('title', element.textContent ?? '')
    element.textContent = element.hasAttribute('data-clock') ? at.toLocaleTimeString('en-GB') : at.toLocaleString('sv-SE', { timeZoneName: 'short' })
    element.setAttribute('data-local', '')
  }
}

function tick() {
  for (const element of document.querySelectorAll('[data-since]')) {
    element.textContent = duration((now() - Date.parse(element.getAttribute('data-since') ?? '')) / 1000)
  }
  for (const element of document.querySelectorAll('[data-clock-now]')) {
    const at = new Date(now())
    element.textContent = element.getAttribute('data-clock-now') === 'utc' ? at.toISOString().slice(11, 19) : at.toLocaleTimeString('en-GB')
  }
}

export function startTimes() {
  offset = Date.parse(document.body.dataset.now ?? '') - Date.now() || 0
  writeTimes(document)
  tick()
  setInterval(tick, 1000)
}
