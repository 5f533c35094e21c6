"""The morph makes any tree like any other, and leaves what is the same where it is."""
import random

TAGS = ["p", "ul", "li", "span", "b"]

def tree(chance, depth=0):
    if depth > 3 or chance.random() < 0.3:
        return chance.choice(["a", "b", "", "1 &lt; 2"])
    tag = chance.choice(["div", "section", "span"])
    identity = f' id="i{chance.randrange(40)}"' if chance.random() < 0.3 else ""
    name = f' class="c{chance.randrange(3)}"' if chance.random() < 0.4 else ""
    return f"<{tag}{identity}{name}>" + "".join(tree(chance, depth + 1) for _ in range(chance.randrange(5))) + f"</{tag}>"

def unique(markup, chance):
    """Identifiers stand once in a document."""
    seen, parts = set(), markup.split(' id="')
    result = parts[0]
    for part in parts[1:]:
        identity, rest = part.split('"', 1)
        if identity in seen:
            result += rest
        else:
            seen.add(identity)
            result += f' id="{identity}"{rest}'
    return result

def test_any_tree_becomes_any_other(open_page, world):
    page = open_page()
    page.goto("/design")
    chance = random.Random(4)
    pairs = [[unique("".join(tree(chance) for _ in range(4)), chance) for _ in range(2)] for _ in range(200)]
    wrong = page.evaluate("""async (pairs) => {
        const { morph, parse } = await import(document.querySelector('script[src]').src.replace('app.js', 'morph.js'))
        const wrong = []
        for (const [from, to] of pairs) {
            const one = parse('<div>' + from + '</div>').firstElementChild
            const two = parse('<div>' + to + '</div>').firstElementChild
            const wanted = two.innerHTML
            morph(one, two)
            one.normalize()
            const got = one.innerHTML
            const plain = parse('<div>' + wanted + '</div>').firstElementChild
            plain.normalize()
            if (got !== plain.innerHTML) wrong.push([from, wanted, got])
        }
        return wrong.slice(0, 3)
    }""", pairs)
    assert wrong == []

def test_what_is_the_same_stays(open_page, world):
    page = open_page()
    page.goto("/design")
    kept = page.evaluate("""async () => {
        const { morph, parse } = await import(document.querySelector('script[src]').src.replace('app.js', 'morph.js'))
        const one = parse('<ul><li id="a">1</li><li id="b">2</li></ul>').firstElementChild
        const b = one.querySelector('#b')
        morph(one, parse('<ul><li id="c">0</li><li id="b">3</li><li id="a">1</li></ul>').firstElementChild)
        return one.querySelector('#b') === b && one.textContent === '031'
    }""")
    assert kept
