// @ts-check
// The wave editor: waves are added, removed and moved; the fields' names follow their places.
import { parse } from './morph.js'

/** @param {Element} list */
function renumber(list) {
  const waves = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(':scope > .wave')])
  // Where each wave was is where it is now: dependencies go with the waves that they are on.
  const now = new Map(waves.map((wave, index) => [wave.dataset.at ?? String(index), index]))
  waves.forEach((wave, index) => {
    const boxes = /** @type {HTMLInputElement[]} */ ([...wave.querySelectorAll('[data-earlier] input')])
    const wanted = boxes.filter((it) => it.checked).map((it) => now.get(it.value))
    for (const box of boxes) box.checked = Number(box.value) < index && wanted.includes(Number(box.value))
  })
  waves.forEach((wave, index) => {
    wave.dataset.at = String(index)
    for (const element of wave.querySelectorAll('[name], [id], [for], [data-field], [aria-describedby]')) {
      for (const name of ['name', 'id', 'for', 'data-field', 'aria-describedby']) {
        const value = element.getAttribute(name)
        if (value?.includes('waves.')) element.setAttribute(name, value.replace(/waves\.(\d+|new)\b/g, `waves.${index}`))
      }
    }
    const title = wave.querySelector('h3')
    if (title) title.textContent = `Wave ${index + 1}`
    const number = wave.querySelector('input[name$=".waveNumber"]')
    if (number instanceof HTMLInputElement) number.value = String(index)
    for (const button of wave.querySelectorAll('button[data-move]')) {
      const isEnd = button.getAttribute('data-move') === 'up' ? index === 0 : index === waves.length - 1
      if (button instanceof HTMLButtonElement) button.disabled = isEnd
    }
    for (const box of wave.querySelectorAll('[data-earlier]')) {
      const isEarlier = Number(box.getAttribute('data-earlier')) < index
      box.toggleAttribute('hidden', !isEarlier)
    }
  })
}

/** Approvals that are not asked for are not sent. @param {Element} wave */
function approvals(wave) {
  const box = wave.querySelector('[data-approvals]')
  const part = wave.querySelector('[data-approvals-part]')
  if (!(box instanceof HTMLInputElement) || !part) return
  part.toggleAttribute('hidden', !box.checked)
  for (const field of part.querySelectorAll('input, select, textarea')) /** @type {HTMLInputElement} */ (field).disabled = !box.checked
}

/** The servers of the wave's groups. @param {Element} list @param {HTMLDetailsElement} box */
async function servers(list, box) {
  const { plan = '', wave = '', shown } = box.dataset
  const groups = [...(box.closest('.wave')?.querySelectorAll('[data-found] input:checked') ?? [])].map((it) => /** @type {HTMLInputElement} */ (it).value).join()
  const place = box.querySelector('[data-list]')
  const answer = shown === groups ? null : await fetch(`/ui/wave-servers?${new URLSearchParams({ plan, wave, groups })}`).catch(() => null)
  if (!answer?.ok || !place) return
  box.dataset.shown = groups
  place.replaceChildren(parse(await answer.text()))
  renumber(list)
}

export function startWaveEditor() {
  const list = document.querySelector('[data-waves]')
  const template = document.getElementById('wave-template')
  if (!list || !(template instanceof HTMLTemplateElement)) return
  const add = () => {
    const wave = template.content.firstElementChild?.cloneNode(true)
    if (!(wave instanceof Element)) return
    list.append(wave)
    renumber(list)
    approvals(wave)
    const name = wave.querySelector('input[name$=".name"]')
    if (name instanceof HTMLElement) name.focus()
  }
  const moved = () => {
    renumber(list)
    list.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const adder = /** @type {HTMLElement | null} */ (document.querySelector('[data-add-wave]'))
  adder?.addEventListener('click', add)
  list.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null
    const wave = button?.closest('.wave')
    if (!button || !wave) return
    if (button.dataset.move === 'up') wave.previousElementSibling?.before(wave)
    else if (button.dataset.move === 'down') wave.nextElementSibling?.after(wave)
    else if (button.hasAttribute('data-remove')) wave.remove()
    else return
    moved()
    ;(button.isConnected ? button : adder)?.focus()
  })
  /** By its handle a wave can be dragged too. @type {Element | null} */
  let dragged = null
  list.addEventListener('dragstart', (event) => {
    const { target, dataTransfer } = /** @type {DragEvent} */ (event)
    dragged = target instanceof Element && target.matches('[data-drag]') ? target.closest('.wave') : null
    if (dragged) dataTransfer?.setDragImage(dragged, 0, 0)
  })
  list.addEventListener('dragover', (event) => {
    if (!dragged) return
    event.preventDefault()
    const over = event.target instanceof Element ? event.target.closest('.wave') : null
    if (!over || over === dragged) return
    const { top, height } = over.getBoundingClientRect()
    if (/** @type {DragEvent} */ (event).clientY < top + height / 2) over.before(dragged)
    else over.after(dragged)
  })
  list.addEventListener('dragend', () => { dragged = null; moved() })
  list.addEventListener('found', () => renumber(list))
  list.addEventListener('toggle', ({ target }) => {
    if (target instanceof HTMLDetailsElement && target.open && target.dataset.servers !== undefined) void servers(list, target)
  }, true)
  list.addEventListener('change', (event) => {
    const wave = event.target instanceof Element ? event.target.closest('.wave') : null
    if (wave) approvals(wave)
  })
  for (const wave of list.querySelectorAll('.wave')) approvals(wave)
  renumber(list)
  if (!list.querySelector('.wave')) add()
}
