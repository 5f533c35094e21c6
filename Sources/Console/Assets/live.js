// @ts-check
// The live stream: fragments come and are morphed into place; what cannot be kept current is marked as stale.
import { patch } from './morph.js'
import { now, writeTimes } from './times.js'

const quietLimit = 40_000
/** @type {EventSource | null} */
let source = null
let heard = 0
let failures = 0
let lastMilestone = 0
/** @type {string | null} */
let heldMilestone = null

/** @param {'live' | 'waiting' | 'stale'} state @param {string} text */
function say(state, text) {
  const light = document.getElementById('live')
  if (!light) return
  light.dataset.state = state
  light.textContent = text
}

/** @param {string} text */
function apply(text) {
  for (const element of patch(text)) writeTimes(element)
}

/** At most one milestone every five seconds; the newest wins. @param {string} text */
function milestone(text) {
  heldMilestone = text
  const wait = Math.max(0, lastMilestone + 5000 - Date.now())
  setTimeout(() => {
    if (!heldMilestone) return
    const line = document.createElement('p')
    line.textContent = heldMilestone
    document.getElementById('milestones')?.replaceChildren(line)
    heldMilestone = null
    lastMilestone = Date.now()
  }, wait)
}

function connected() {
  heard = Date.now()
  failures = 0
  document.getElementById('staleness')?.replaceChildren()
  say('live', 'Live')
}

function lost() {
  failures += 1
  const since = new Date(heard + (now() - Date.now())).toISOString().slice(11, 19)
  if (failures < 3) { say('waiting', 'Reconnecting'); return }
  say('stale', `Stale since ${since}`)
  const place = document.getElementById('staleness')
  if (place && !place.textContent) place.textContent = `The hub cannot be reached. What you see is from ${since} UTC; it becomes current by itself when the hub answers.`
}

function connect() {
  const topics = document.body.dataset.topics
  if (!topics || source || document.hidden) return
  source = new EventSource(`/ui/live?topics=${encodeURIComponent(topics)}&at=${encodeURIComponent(location.search)}`)
  source.addEventListener('open', connected)
  source.addEventListener('patch', (event) => { connected(); apply(event.data) })
  source.addEventListener('alive', connected)
  source.addEventListener('milestone', (event) => milestone(event.data))
  source.addEventListener('alarm', (event) => { const place = document.getElementById('alarms'); if (place) place.textContent = event.data })
  source.addEventListener('reload', (event) => {
    if (event.data !== document.body.dataset.version && !document.querySelector('form[data-dirty="yes"], dialog[open]')) location.reload()
  })
  source.addEventListener('signed-out', () => {
    close()
    const place = document.getElementById('staleness')
    if (!place) return
    const link = document.createElement('a')
    link.href = '/sign-in'
    link.target = '_blank'
    link.textContent = 'Sign in'
    place.replaceChildren('You are signed out. ', link, ' in another tab; what you typed stays here.')
    say('stale', 'Signed out')
  })
  source.addEventListener('error', () => {
    lost()
    // A stream that was refused is not tried again by the browser itself.
    if (source?.readyState === EventSource.CLOSED) { close(); setTimeout(connect, Math.min(30_000, 1000 * 2 ** failures) * (0.5 + Math.random() / 2)) }
  })
}

function close() {
  source?.close()
  source = null
}

export function startLive() {
  if (!document.body.dataset.topics || !('EventSource' in window)) return
  heard = Date.now()
  say('waiting', 'Connecting')
  connect()
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : connect()))
  addEventListener('pagehide', close)
  addEventListener('pageshow', connect)
  setInterval(() => {
    if (!source || Date.now() - heard < quietLimit) return
    lost()
    close()
    connect()
  }, 5000)
}
