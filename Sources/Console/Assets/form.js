// @ts-check
// Forms and dialogs: a form's fields become the JSON of an API call, its problems come back to the fields they are of.
import { flash } from './flash.js'

/** @typedef {{status?: number, code?: string, title?: string, detail?: string, requestId?: string, errors?: {pointer: string, message: string}[]}} Problem */

/** Puts a value at a place such as `waves.0.name`. @param {any} root @param {string} path @param {unknown} value */
export function put(root, path, value) {
  const parts = path.split('.')
  let here = root
  parts.forEach((part, index) => {
    const isList = part.endsWith('[]')
    const name = isList ? part.slice(0, -2) : part
    if (index === parts.length - 1) {
      if (isList) (here[name] ??= []).push(value)
      else here[name] = value
    } else {
      here = here[name] ??= /^\d+$/.test(parts[index + 1] ?? '') ? [] : {}
    }
  })
}

/** The JSON that a form's fields make. @param {HTMLFormElement} form */
export function read(form) {
  /** @type {Record<string, unknown>} */
  const body = {}
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement)) continue
    const as = field.dataset.as
    if (!field.name || !as || as === 'none' || field.disabled || isUsual(field)) continue
    const box = field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio') ? field : null
    if (box && as === 'flag' && box.type === 'checkbox') { put(body, field.name, box.checked); continue }
    if (box && !box.checked) continue
    const text = field.value.trim()
    if (as === 'text') put(body, field.name, text)
    else if (as === 'optional') { if (text) put(body, field.name, text) }
    else if (as === 'flag') put(body, field.name, text === 'true')
    else if (as === 'number') { if (text) put(body, field.name, Number(text)) }
    else if (as === 'lines' || as === 'optional-lines') {
      const lines = text.split(/[\n,]/).map((it) => it.trim()).filter(Boolean)
      if (lines.length || as === 'lines') put(body, field.name, lines)
    }
    else if (as === 'json') Object.assign(body, JSON.parse(text))
    else if (as === 'pairs') {
      const pairs = text.split('\n').map((it) => it.split('=')).filter(([name]) => name?.trim())
      put(body, field.name, Object.fromEntries(pairs.map(([name, ...rest]) => [(name ?? '').trim(), rest.join('=').trim()])))
    }
  }
  // No holes in lists.
  return JSON.parse(JSON.stringify(body, (_, it) => (Array.isArray(it) ? it.filter(() => true) : it)))
}

/** Whether its row says only what is so anyway. @param {HTMLElement} field */
function isUsual(field) {
  const row = field.closest('[data-row]')
  if (!row || field.matches('[type=checkbox]')) return false
  return [...row.querySelectorAll('select, [data-as=optional]')].every((it) => ['', 'CRITICAL'].includes(/** @type {HTMLInputElement} */ (it).value.trim()))
}

/** @param {HTMLFormElement} form */
function clear(form) {
  for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid')
  for (const text of form.querySelectorAll('.problem')) text.textContent = ''
  const box = form.querySelector('.form-error')
  if (box) box.textContent = ''
}

/**
 * Shows what is wrong: beside the field where there is one, else at the top; and goes there.
 * @param {HTMLFormElement} form @param {Problem} problem
 */
export function show(form, problem) {
  /** @type {string[]} */
  const rest = []
  /** @type {HTMLElement | null} */
  let first = null
  for (const { pointer, message } of problem.errors ?? []) {
    const place = pointer.replace(/^\//, '').replaceAll('/', '.')
    const field = fieldOf(form, place)
    const text = field?.closest('.field')?.querySelector('.problem')
    if (!field || !text) { rest.push(place ? `${place} ${message}` : message); continue }
    field.setAttribute('aria-invalid', 'true')
    text.textContent = message
    first ??= field
  }
  const box = form.querySelector('.form-error')
  if (!(box instanceof HTMLElement)) return
  const words = first && !rest.length ? 'Some fields are not right.' : (problem.detail ?? problem.title ?? 'This did not work.')
  box.textContent = [words, ...rest, problem.requestId && !problem.errors ? `Request ${problem.requestId}` : ''].filter(Boolean).join(' \u00b7 ')
  ;(first ?? box).focus()
}

/** The field of a place, or of the nearest place above it. @param {HTMLFormElement} form @param {string} place @returns {HTMLElement | null} */
function fieldOf(form, place) {
  for (let at = place; at; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const field = form.querySelector(`[name="${CSS.escape(at)}"]:not([type=hidden]), [name="${CSS.escape(at)}[]"]:not([type=hidden])`)
    if (field instanceof HTMLElement) return field
  }
  return null
}

/** @param {string} text */
function isObject(text) {
  try { return JSON.parse(text) instanceof Object } catch { return false }
}

/** What the browser itself sees: required, lengths, patterns. @param {HTMLFormElement} form */
function check(form) {
  /** @type {{pointer: string, message: string}[]} */
  const errors = []
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || !field.name) continue
    if (field.dataset.as === 'json') field.setCustomValidity(isObject(field.value) ? '' : 'This is no JSON object')
    if (field.validity.valid) continue
    errors.push({ pointer: '/' + field.name.replace('[]', '').replaceAll('.', '/'), message: field.dataset.message ?? field.validationMessage })
  }
  const typed = form.dataset.typed
  const confirm = form.elements.namedItem('confirm')
  if (form.dataset.each !== undefined && !selected().length) errors.push({ pointer: '', message: 'Select at least one row.' })
  if (typed && confirm instanceof HTMLInputElement && confirm.value.trim() !== typed) {
    errors.push({ pointer: '/confirm', message: `Type ${typed}` })
  }
  return errors
}

/**
 * Makes a call; what is refused comes back as a problem.
 * @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers]
 * @returns {Promise<{answer?: any, problem?: Problem}>}
 */
export async function call(method, path, body, headers = {}) {
  try {
    const response = await fetch(path, {
      method,
      headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    const answer = text ? JSON.parse(text) : {}
    if (response.ok) return { answer }
    if (response.status === 401) answer.detail = 'You are signed out. Sign in in another tab, then try again: what you typed stays here.'
    return { problem: { ...answer, status: response.status } }
  } catch {
    return { problem: { title: 'Offline', detail: 'The hub cannot be reached. Check the connection and try again.' } }
  }
}

/** Whether nothing was done, and nothing can have been. @param {Problem} problem */
const isOver = (problem) => problem.status !== undefined && problem.status < 500

/** The values of the rows that are selected. */
export const selected = () => [...document.querySelectorAll('[data-select]:checked')].map((it) => /** @type {HTMLInputElement} */ (it).value)

/**
 * Makes a call for each row, whatever becomes of the others.
 * @param {string[]} paths @param {(path: string) => ReturnType<typeof call>} one @returns {ReturnType<typeof call>}
 */
async function each(paths, one) {
  /** @type {Problem[]} */
  const problems = []
  let last = {}
  for (const path of paths) {
    const { answer, problem } = await one(path)
    if (problem) problems.push(problem)
    else last = answer
  }
  const first = problems.find((it) => !isOver(it)) ?? problems[0]
  if (!first || paths.length === 1) return { answer: last, problem: first }
  return { problem: { ...first, detail: `${problems.length} of ${paths.length} were refused. ${first.detail ?? first.title ?? ''}` } }
}

/**
 * Under its key the same request made twice is made once: an answer that was lost is asked for again, not made again.
 * @type {WeakMap<HTMLFormElement, {key: string, request: string}>}
 */
const unanswered = new WeakMap()

/** @param {HTMLFormElement} form @param {HTMLElement | null} button */
async function send(form, button) {
  if (form.getAttribute('aria-busy') === 'true') return
  clear(form)
  const errors = check(form)
  if (errors.length) { show(form, { errors }); return }
  form.setAttribute('aria-busy', 'true')
  button?.setAttribute('aria-busy', 'true')
  const method = form.dataset.call ?? 'POST'
  const body = method === 'DELETE' ? undefined : read(form)
  /** @type {Record<string, string>} */
  const headers = form.dataset.revision ? { 'if-match': `"${form.dataset.revision}"` } : {}
  const action = form.getAttribute('action') ?? ''
  const paths = form.dataset.each === undefined ? [action] : selected().map((it) => action.replace('/-/', `/${encodeURIComponent(it)}/`))
  const request = JSON.stringify([paths, body])
  const earlier = unanswered.get(form)
  const key = earlier?.request === request ? earlier.key : crypto.getRandomValues(new Uint32Array(4)).join('-')
  unanswered.set(form, { key, request })
  const { answer, problem } = await each(paths, (path) => {
    if (method === 'POST') headers['idempotency-key'] = paths[0] === path ? key : `${key}-${paths.indexOf(path)}`
    return call(method, path, body, headers)
  })
  form.setAttribute('aria-busy', 'false')
  button?.removeAttribute('aria-busy')
  // What the hub could not answer may have been carried out.
  if (!problem || isOver(problem)) unanswered.delete(form)
  if (problem) { show(form, problem); return }
  form.dataset.dirty = ''
  flash('success', form.dataset.done ?? 'Done.')
  form.dispatchEvent(new CustomEvent('called', { bubbles: true, detail: answer }))
  if (form.dataset.shows) { reveal(form, `${location.origin}${answer[form.dataset.shows]}`); return }
  const then = form.dataset.then
  if (then) location.assign(then.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(answer[name] ?? ''))))
  else if (form.closest('dialog')) { form.closest('dialog')?.close(); form.reset(); if (!document.body.dataset.topics) location.reload() }
  else location.reload()
}

/** What is said only once, to be copied. @param {HTMLFormElement} form @param {string} text */
function reveal(form, text) {
  const place = form.querySelector('[data-made]')
  const [output, button] = [place?.querySelector('output'), place?.querySelector('button')]
  if (!place || !output || !button) return
  output.value = text
  button.dataset.copy = text
  place.removeAttribute('hidden')
  button.focus()
}

/** @param {HTMLElement} button */
function open(button) {
  const dialog = document.getElementById(button.dataset.opens ?? '')
  if (!(dialog instanceof HTMLDialogElement)) return
  const form = dialog.querySelector('form.call')
  if (button.dataset.path) form?.setAttribute('action', button.dataset.path)
  for (const place of dialog.querySelectorAll('[data-subject]')) if (button.dataset.subject) place.textContent = button.dataset.subject
  for (const place of dialog.querySelectorAll('[data-count]')) place.textContent = String(selected().length)
  if (form instanceof HTMLFormElement) clear(form)
  dialog.showModal()
}

export function startForms() {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !form.dataset.call) return
    event.preventDefault()
    void send(form, /** @type {SubmitEvent} */ (event).submitter)
  })
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button, [data-copy]') : null
    if (!(button instanceof HTMLElement)) return
    if (button.getAttribute('aria-disabled') === 'true') event.preventDefault()
    else if (button.dataset.opens) open(button)
    else if (button.hasAttribute('data-closes')) button.closest('dialog')?.close()
    else if (button.dataset.copy) void navigator.clipboard?.writeText(button.dataset.copy).then(() => flash('info', 'Copied.'))
  })
  document.addEventListener('change', async ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.dataset.fills) return
    const [place, file] = [document.getElementById(target.dataset.fills), target.files?.[0]]
    if (place instanceof HTMLTextAreaElement && file) place.value = await file.text()
  })
  // A search does not send the form.
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target instanceof Element && event.target.matches('form.call input[type=search]')) event.preventDefault()
  })
  document.addEventListener('input', (event) => {
    const form = event.target instanceof Element ? event.target.closest('form[data-guard]') : null
    if (form instanceof HTMLFormElement) form.dataset.dirty = 'yes'
  })
  addEventListener('beforeunload', (event) => {
    if (document.querySelector('form[data-dirty="yes"]')) event.preventDefault()
  })
}
