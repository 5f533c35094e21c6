package import Hypertext

extension Layout {
    /// A document for whoever is nobody yet: signing in, signed out.
    ///
    /// It has no navigation and no script, and asks the hub for nothing.
    package static func plain(_ title: String, _ content: HTML, theme: Preferences.Theme = .system) -> HTML {
        """
        <!doctype html>
        <html lang="en" data-theme="\(theme.rawValue)"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1"><title>\(title) - Muster</title>
        <link rel="icon" href="/assets/\(Assets.version)/logo.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/\(Assets.version)/app.css"></head><body class="plain-page">
        <header class="topbar"><span class="brand">\(icon("logo"))<span>Muster</span></span></header>
        <main id="main"><section class="card narrow" aria-labelledby="title"><h1 id="title">\(title)</h1>\(content)</section>
        </main></body></html>
        """
    }
}
