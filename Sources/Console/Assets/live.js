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
/** @type {AudioContext | null} */
let audio = null
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

/** What each event of the stream does. @type {Record<string, (data: string) => void>} */
const handlers = {
  // The wall's light stands within what is patched: it is lit again afterwards.
  patch: (data) => { apply(data); connected() },
  alive: connected,
  milestone,
  alarm: (data) => { const place = document.getElementById('alarms'); if (place) place.textContent = data; ring() },
  reload: (data) => {
    if (data !== document.body.dataset.version && !document.querySelector('form[data-dirty="yes"], dialog[open]')) location.reload()
  },
  'signed-out': (data) => {
    isOver = true
    close()
    const place = document.getElementById('staleness')
    if (!place) return
    const rest = document.getElementById('signed-out')
    place.replaceChildren(data || 'You are signed out.', ' ')
    if (rest instanceof HTMLTemplateElement) place.append(rest.content.cloneNode(true))
    say('stale', 'Signed out')
  },
}

/** Over HTTP/1.1 a browser has six connections to the hub for all its tabs: four may be streams. */
const streams = 4
/** Milliseconds between two looks of a tab without a stream. */
const pause = 4000
/** @type {(() => void) | null} */
let giveBack = null
let isOver = false
let isConnecting = false
let looks = 0
let timer = 0

/** Whether this tab may hold a stream open: always over HTTP/2, else as one of a few. */
async function mayStream() {
  const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'))
  if (giveBack || !navigator.locks || /^h[23]/.test(entry?.nextHopProtocol ?? '')) return true
  for (let n = 0; n < streams && !giveBack; n += 1) {
    await new Promise((done) => {
      void navigator.locks.request(`muster-stream-${n}`, { ifAvailable: true }, (lock) => {
        if (!lock) { done(null); return null }
        return new Promise((free) => { giveBack = () => free(null); done(null) })
      })
    })
  }
  return Boolean(giveBack)
}

/** @param {boolean} once */
const address = (once) =>
  `/ui/live?topics=${encodeURIComponent(document.body.dataset.topics ?? '')}&at=${encodeURIComponent(location.search)}${once ? '&once=true' : ''}`

/** Asks once, as a tab without a stream does every few seconds, and when something between buffers streams. */
async function look() {
  const answer = await fetch(address(true)).catch(() => null)
  if (!answer?.ok) { lost(); return }
  for (const block of (await answer.text()).split('\n\n')) {
    const name = /^event: (.*)$/m.exec(block)?.[1]
    if (name) handlers[name]?.([...block.matchAll(/^data: ?(.*)$/gm)].map((it) => it[1]).join('\n'))
  }
  if (isOver) return
  const had = failures
  connected()
  // Where streams fail and questions do not, a stream is tried again at every third look only.
  looks += 1
  if (had >= 3 && looks % 3) failures = had
}

/** @param {number} wait */
function later(wait) {
  clearTimeout(timer)
  timer = setTimeout(connect, wait)
}

async function connect() {
  if (!document.body.dataset.topics || source || document.hidden || isOver || isConnecting) return
  isConnecting = true
  const streaming = failures < 3 && (await mayStream())
  isConnecting = false
  if (document.hidden || source) return
  if (!streaming) {
    await look()
    later(pause)
    return
  }
  source = new EventSource(address(false))
  source.addEventListener('open', connected)
  for (const [name, handle] of Object.entries(handlers)) source.addEventListener(name, (event) => handle(event.data))
  source.addEventListener('error', () => {
    lost()
    // A stream that was refused is not tried again by the browser itself.
    if (source?.readyState === EventSource.CLOSED || failures >= 3) { close(); later(Math.min(10_000, 1000 * 2 ** failures) * (0.5 + Math.random() / 2)) }
  })
}

function close() {
  source?.close()
  source = null
  giveBack?.()
  giveBack = null
}

/** A tone, where it is wanted. */
function ring() {
  if (!audio) return
  const tone = audio.createOscillator()
  tone.connect(audio.destination)
  tone.start()
  tone.stop(audio.currentTime + 2)
}

/** A screen on a wall stays lit, where the browser can see to that. */
function stayAwake() {
  if (document.documentElement.dataset.mood === 'wall' && !document.hidden) void navigator.wakeLock?.request('screen').catch(() => null)
}

export function startLive() {
  if (!document.body.dataset.topics || !('EventSource' in window)) return
  heard = Date.now()
  say('waiting', 'Connecting')
  void connect()
  stayAwake()
  const sound = document.getElementById('sound')
  sound?.addEventListener('click', () => {
    audio = audio ? null : new AudioContext()
    sound.setAttribute('aria-pressed', String(Boolean(audio)))
    ring()
  })
  document.addEventListener('visibilitychange', stayAwake)
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : void connect()))
  addEventListener('pagehide', close)
  addEventListener('pageshow', () => void connect())
  setInterval(() => {
    if (!source || Date.now() - heard < quietLimit) return
    lost()
    close()
    void connect()
  }, 5000)
}
