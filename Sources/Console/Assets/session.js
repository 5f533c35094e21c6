// @ts-check
// The session's end: it is told two minutes before, one key goes on. Preferences are kept here too.
import { call, show } from './form.js'

const channel = 'BroadcastChannel' in window ? new BroadcastChannel('muster-session') : null
let touched = 0

/** Tells the hub that a person is there, at most once a minute. */
function touch() {
  if (Date.now() - touched < 60_000 || !document.body.dataset.idleSeconds) return
  touched = Date.now()
  channel?.postMessage('touched')
  void fetch('/session/touch', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
}

/** @returns {HTMLDialogElement} */
function warning() {
  const dialog = document.createElement('dialog')
  dialog.setAttribute('aria-labelledby', 'idle-title')
  const title = document.createElement('h2')
  title.id = 'idle-title'
  title.textContent = 'Stay signed in?'
  const text = document.createElement('p')
  text.textContent = 'Nobody has used this console for a while. You will be signed out in two minutes.'
  const stay = document.createElement('button')
  stay.className = 'button primary'
  stay.textContent = 'Stay signed in'
  stay.addEventListener('click', () => { touched = 0; touch(); dialog.close() })
  dialog.append(title, text, stay)
  document.body.append(dialog)
  return dialog
}

function watchIdle() {
  const seconds = Number(document.body.dataset.idleSeconds)
  if (!seconds) return
  let last = Date.now()
  const dialog = warning()
  const seen = () => { if (!dialog.open) { last = Date.now(); touch() } }
  addEventListener('keydown', seen)
  addEventListener('pointerdown', seen)
  channel?.addEventListener('message', () => { last = Date.now(); if (dialog.open) dialog.close() })
  dialog.addEventListener('close', () => { last = Date.now() })
  setInterval(() => {
    const idle = (Date.now() - last) / 1000
    if (idle >= seconds - 120 && !dialog.open) dialog.showModal()
    if (idle >= seconds) location.assign(`/signed-out?return=${encodeURIComponent(location.pathname + location.search)}`)
  }, 5000)
}

export function startSession() {
  watchIdle()
  const form = document.querySelector('form[data-preferences]')
  if (!(form instanceof HTMLFormElement)) return
  form.addEventListener('change', () => {
    const body = Object.fromEntries(new FormData(form))
    void call('POST', '/ui/preferences', body).then(({ problem }) => {
      if (problem) { show(form, problem); return }
      const { dataset } = document.documentElement
      for (const name of ['theme', 'density', 'zone', 'shortcuts']) dataset[name] = String(body[name] ?? '')
    })
  })
}
