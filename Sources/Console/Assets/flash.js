// @ts-check
// What an action came to, at the top of the page; it goes with the person to the next page and stays until dismissed.

/** @typedef {{kind: 'success' | 'error' | 'info', text: string}} Flash */
const key = 'muster-flashes'

/** @returns {Flash[]} */
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '[]')
  } catch {
    return []
  }
}

/** @param {Flash[]} flashes */
function store(flashes) {
  sessionStorage.setItem(key, JSON.stringify(flashes.slice(-5)))
}

export function startFlashes() {
  for (const flash of stored()) show(flash)
}

/** Says something now, and on the next page too until it is dismissed. @param {Flash['kind']} kind @param {string} text */
export function flash(kind, text) {
  const one = { kind, text }
  store([...stored(), one])
  show(one)
}

/** @param {Flash} one */
function show(one) {
  const place = document.getElementById('flashes')
  if (!place) return
  const shape = document.getElementById('flash')
  const box = shape instanceof HTMLTemplateElement ? shape.content.firstElementChild?.cloneNode(true) : null
  const [text, close] = box instanceof HTMLElement ? box.children : []
  if (!(box instanceof HTMLElement) || !text || !close) return
  box.classList.add(one.kind)
  box.setAttribute('role', one.kind === 'error' ? 'alert' : 'status')
  text.textContent = one.text
  const dismiss = () => {
    box.remove()
    store(stored().filter((other) => other.text !== one.text || other.kind !== one.kind))
  }
  close.addEventListener('click', dismiss)
  place.prepend(box)
  // Errors stay until somebody has seen them; the rest has said what it had to say.
  if (one.kind !== 'error') setTimeout(dismiss, 8000)
}
