// @ts-check
// Lists: a filter is sent as soon as it is made; its state is the address, so that back and a sent link restore it.

export function startTables() {
  for (const form of document.querySelectorAll('form[data-filter]')) {
    if (!(form instanceof HTMLFormElement)) continue
    const go = () => {
      const query = new URLSearchParams()
      for (const [name, value] of new FormData(form)) if (typeof value === 'string' && value) query.append(name, value)
      const text = query.toString()
      location.assign(form.getAttribute('action') + (text ? `?${text}` : ''))
    }
    form.addEventListener('change', (event) => { if (event.target instanceof HTMLSelectElement) go() })
    form.addEventListener('submit', (event) => { event.preventDefault(); go() })
  }
  document.querySelector('[data-menu]')?.addEventListener('click', (event) => {
    const isOpen = document.getElementById('nav')?.classList.toggle('open') ?? false
    if (event.currentTarget instanceof Element) event.currentTarget.setAttribute('aria-expanded', String(isOpen))
  })
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.dataset.selectAll === undefined) return
    for (const box of target.closest('form, .card')?.querySelectorAll('[data-select]:enabled') ?? []) {
      if (!(box instanceof HTMLInputElement) || box.checked === target.checked) continue
      box.checked = target.checked
      box.dispatchEvent(new Event('input', { bubbles: true }))
    }
  })
  document.addEventListener('click', (event) => {
    for (const box of document.querySelectorAll('details:is(.account, .drop)[open]')) {
      if (event.target instanceof Node && !box.contains(event.target)) box.removeAttribute('open')
    }
  })
}
