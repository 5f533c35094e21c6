internal import Hypertext

/// A drawing of the sprite; it says nothing to screen readers, the word beside it does.
func icon(_ name: String) -> HTML {
    "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"/assets/\(Assets.version)/icons.svg#\(name)\"></use></svg>"
}
