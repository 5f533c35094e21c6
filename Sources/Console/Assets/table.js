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
  document.addEventListener('click', (event) => {
    for (const box of document.querySelectorAll('details.account[open]')) {
      if (event.target instanceof Node && !box.contains(event.target)) box.removeAttribute('open')
    }
  })
}
