// @ts-check
// Begins what the page needs. Every page reads without it.
import { startChoices } from './choices.js'
import { startFlashes } from './flash.js'
import { startForms } from './form.js'
import { startKeys } from './keys.js'
import { startLive } from './live.js'
import { startSession } from './session.js'
import { startTables } from './table.js'
import { startTimes } from './times.js'

document.documentElement.dataset.scripted = ''
startFlashes()
startTimes()
startForms()
startChoices()
startTables()
startKeys()
startSession()
startLive()
if (document.querySelector('[data-discovery]')) void import('./discovery.js').then((it) => it.startDiscovery())
if (document.querySelector('[data-waves]')) void import('./wave-editor.js').then((it) => it.startWaveEditor())
