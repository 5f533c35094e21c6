// @ts-check
// The server discovery panel: servers of an account and Region as one types, and what tags would pick.
import { call } from './form.js'
import { parse, morph } from './morph.js'

export function startDiscovery() {
  const form = document.querySelector('form[data-discovery]')
  const panel = document.getElementById('discovery')
  if (!(form instanceof HTMLFormElement) || !panel) return
  /** @type {Set<string>} */
  const chosen = new Set([...form.querySelectorAll('input[data-server]:checked')].map((it) => /** @type {HTMLInputElement} */ (it).value))
  const value = (/** @type {string} */ name) => String(new FormData(form).get(name) ?? '')
  const count = () => {
    const place = document.getElementById('chosen')
    if (place) place.textContent = chosen.size === 1 ? '1 server chosen' : `${chosen.size} servers chosen`
    for (const old of form.querySelectorAll('input[data-kept]')) old.remove()
    for (const id of value('by') === 'tags' ? [] : chosen) {
      const field = document.createElement('input')
      Object.assign(field, { type: 'hidden', name: 'sourceServerIds[]', value: id })
      field.dataset.as = 'text'
      field.dataset.kept = ''
      form.append(field)
    }
  }
  let turn = 0
  const load = async () => {
    const mine = (turn += 1)
    const byTags = value('by') === 'tags'
    for (const place of form.querySelectorAll('[data-when]')) {
      const isOn = place.getAttribute('data-when') === (byTags ? 'tags' : 'servers')
      place.toggleAttribute('hidden', !isOn)
      for (const field of place.querySelectorAll('textarea')) field.disabled = !isOn
    }
    const query = new URLSearchParams({ accountId: value('accountId'), region: value('region'), groupId: form.dataset.group ?? '' })
    if (byTags) query.set('tags', value('serverSelectionTags'))
    else if (value('search')) query.set('q', value('search'))
    panel.setAttribute('aria-busy', 'true')
    const response = await fetch(`/ui/discovery?${query}`).catch(() => null)
    if (mine !== turn) return
    panel.setAttribute('aria-busy', 'false')
    if (!response?.ok) { panel.textContent = 'The servers could not be read. Try again.'; return }
    const fresh = parse(await response.text()).firstElementChild
    if (fresh) morph(panel, fresh)
    panel.setAttribute('aria-busy', 'false')
    for (const box of panel.querySelectorAll('input[data-server]')) if (box instanceof HTMLInputElement) box.checked = chosen.has(box.value)
    count()
  }
  let timer = 0
  form.addEventListener('input', (event) => {
    const field = event.target
    if (field instanceof HTMLInputElement && field.dataset.server !== undefined) {
      if (field.checked) chosen.add(field.value)
      else chosen.delete(field.value)
      count()
      return
    }
    if (!(field instanceof Element) || !field.closest('[data-looks]')) return
    clearTimeout(timer)
    timer = setTimeout(load, 200)
  })
  form.querySelector('[data-refresh]')?.addEventListener('click', () => {
    void call('POST', '/api/v1/drs/source-servers/refresh', { accountId: value('accountId'), region: value('region') }).then(() => setTimeout(load, 1500))
  })
  for (const field of form.querySelectorAll('select[name=accountId]')) field.addEventListener('change', () => { chosen.clear(); count() })
  void load()
}
