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

function watchIdle() {
  const seconds = Number(document.body.dataset.idleSeconds)
  const dialog = document.getElementById('idle')
  if (!seconds || !(dialog instanceof HTMLDialogElement)) return
  let last = Date.now()
  const seen = () => { if (!dialog.open) { last = Date.now(); touch() } }
  addEventListener('keydown', seen)
  addEventListener('pointerdown', seen)
  channel?.addEventListener('message', () => { last = Date.now(); if (dialog.open) dialog.close() })
  dialog.addEventListener('close', () => { last = Date.now(); touched = 0; touch() })
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
