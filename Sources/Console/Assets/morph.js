// @ts-check
// Turns markup of the server into elements and makes what is on the page like it, without touching what is the same:
// focus, selection, scroll positions and what somebody is typing stay. The one place where text becomes markup.

/** @typedef {{createPolicy(name: string, rules: {createHTML(text: string): string}): {createHTML(text: string): string}}} Factory */
const factory = /** @type {{trustedTypes?: Factory}} */ (/** @type {unknown} */ (window)).trustedTypes
const policy = factory?.createPolicy('muster', { createHTML: (text) => text })

/** The elements of the server's markup. A template runs no script and loads no image. @param {string} text @returns {DocumentFragment} */
export function parse(text) {
  const template = document.createElement('template')
  template.innerHTML = /** @type {string} */ (policy ? policy.createHTML(text) : text)
  return template.content
}

/**
 * Puts each element of the markup in the place of the one with its id; those that are not on the page are left out.
 * @param {string} text
 * @returns {Element[]} What was there.
 */
export function patch(text) {
  /** @type {Element[]} */
  const changed = []
  for (const element of [...parse(text).children]) {
    const old = element.id ? document.getElementById(element.id) : null
    if (!old) continue
    morph(old, element)
    changed.push(old)
  }
  return changed
}

/** Makes an element like another one. @param {Element} from @param {Element} to */
export function morph(from, to) {
  if (from.isEqualNode(to) || isKept(from)) return
  if (from.localName !== to.localName) {
    from.replaceWith(to)
    return
  }
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !isOwn(from, name)) from.removeAttribute(name)
  for (const { name, value } of [...to.attributes]) if (from.getAttribute(name) !== value) from.setAttribute(name, value)
  if (from === document.activeElement && /^(input|textarea|select)$/.test(from.localName)) return
  morphChildren(from, to)
}

/** What a person has open is theirs until they close it. @param {Node} node */
function isKept(node) {
  return node instanceof HTMLDialogElement && node.open
}

/** Attributes that the page itself sets. @param {Element} element @param {string} name */
function isOwn(element, name) {
  return (name === 'open' && element.localName === 'details') || (name === 'class' && element.localName === 'tr')
}

/** @param {Element} from @param {Element} to */
function morphChildren(from, to) {
  /** @type {Map<string, Element>} */
  const byId = new Map()
  for (const child of from.children) if (child.id) byId.set(child.id, child)
  let at = from.firstChild
  for (const wanted of [...to.childNodes]) {
    const known = wanted instanceof Element && wanted.id ? byId.get(wanted.id) : undefined
    if (known) {
      if (known === at) at = at.nextSibling
      else from.insertBefore(known, at)
      morph(known, /** @type {Element} */ (wanted))
    } else if (at && isAlike(at, wanted)) {
      const here = at
      at = at.nextSibling
      if (here instanceof Element) morph(here, /** @type {Element} */ (wanted))
      else if (here.nodeValue !== wanted.nodeValue) here.nodeValue = wanted.nodeValue
    } else {
      from.insertBefore(wanted, at)
    }
  }
  while (at) {
    const next = at.nextSibling
    if (!isKept(at)) at.remove()
    at = next
  }
}

/** Whether one can be made of the other: of the same kind, and neither has an identity of its own. @param {Node} a @param {Node} b */
function isAlike(a, b) {
  if (a.nodeType !== b.nodeType) return false
  if (!(a instanceof Element) || !(b instanceof Element)) return true
  return a.localName === b.localName && !a.id && !b.id && !isKept(a)
}
