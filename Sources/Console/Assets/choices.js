// @ts-check
// Choices that are searched: what matches stands below what is chosen.
import { parse } from './morph.js'

let turn = 0
let timer = 0

/** @param {HTMLInputElement} field */
async function find(field) {
  const mine = (turn += 1)
  const answer = await fetch(`${field.dataset.find}${encodeURIComponent(field.value.trim())}`).catch(() => null)
  const place = field.closest('.field')?.querySelector('[data-found]')
  if (mine !== turn || !answer?.ok || !place) return
  const found = parse(await answer.text())
  for (const box of place.querySelectorAll('input')) {
    if (box.checked) found.querySelector(`input[value="${CSS.escape(box.value)}"]`)?.closest('li')?.remove()
    else box.closest('li')?.remove()
  }
  place.append(...found.querySelectorAll('li'))
  place.dispatchEvent(new Event('found', { bubbles: true }))
}

export function startChoices() {
  document.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.dataset.find === undefined) return
    clearTimeout(timer)
    timer = setTimeout(() => void find(target), 200)
  })
}
