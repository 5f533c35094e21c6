package import Hypertext

/// A table: the first column names the row, wide ones scroll within themselves, narrow windows show rows as blocks.
package struct Table: Sendable {
    /// A column and how its cells stand.
    package struct Column: Sendable {
        package enum Alignment: String, Sendable {
            case start, end
        }

        let title: String
        let alignment: Alignment
        /// The value of `sort` that sorts by it, ascending; descending is the same with `-`.
        let sort: String?
        let isHidden: Bool

        /// Its name among the preferences.
        var key: String { String(title.lowercased().filter { ("a"..."z").contains($0) }.prefix(24)) }
        /// Whether somebody may do without it; what only holds buttons stays.
        var isChoosable: Bool { !isHidden }

        package init(_ title: String, _ alignment: Alignment = .start, sort: String? = nil, isHidden: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.sort = sort
            self.isHidden = isHidden
        }
    }

    /// A row: its cells in the order of the columns.
    package struct Row: Sendable {
        let id: String?
        let cells: [HTML]
        let className: String

        package init(id: String? = nil, className: String = "", _ cells: [HTML]) {
            self.id = id
            self.className = className
            self.cells = cells
        }

        /// The row's fragment, as a patch sends it.
        package func html(_ columns: [Column]) -> HTML {
            let pairs = zip(columns, cells).enumerated()
            return """
                <tr\(attribute: "id", id)\(attribute: "class", className.isEmpty ? nil : className)>\(pairs.html {
                    let (index, (column, cell)) = $0
                    return index == 0
                        ? "<th scope=\"row\" class=\"\(column.alignment.rawValue)\">\(cell)</th>"
                        : "<td class=\"\(column.alignment.rawValue)\" data-label=\"\(column.title)\">\(cell)</td>"
                })</tr>
                """
        }
    }

    let caption: String
    let columns: [Column]
    let rows: [Row]
    /// The order that the rows are in, as the query says it.
    var sorting: Sorting?
    var id: String?

    /// How the list is sorted, and how it could be.
    package struct Sorting: Sendable {
        let current: String
        let link: @Sendable (String) -> Link

        package init(current: String, link: @escaping @Sendable (String) -> Link) {
            self.current = current
            self.link = link
        }
    }

    package init(
        _ caption: String,
        columns: [Column],
        rows: [Row],
        sorting: Sorting? = nil,
        id: String? = nil,
        hiding hidden: Set<String> = []
    ) {
        let shown = columns.indices.filter { $0 == 0 || !columns[$0].isChoosable || !hidden.contains(columns[$0].key) }
        self.caption = caption
        self.columns = shown.map { columns[$0] }
        self.rows =
            shown.count == columns.count
            ? rows
            : rows.map { row in
                Row(id: row.id, className: row.className, shown.compactMap { row.cells[ifThere: $0] })
            }
        self.sorting = sorting
        self.id = id
    }

    package var html: HTML {
        """
        <div class="table-frame" role="region" tabindex="0" aria-label="\(caption), table"><table\(attribute: "id", id)>\
        <caption class="unseen">\(caption)</caption><thead><tr>\(columns.html(head))</tr></thead>\
        <tbody>\(rows.html { $0.html(columns) })</tbody></table></div>
        """
    }

    private func head(_ column: Column) -> HTML {
        let title: HTML = column.isHidden ? "<span class=\"unseen\">\(column.title)</span>" : "\(column.title)"
        guard let sort = column.sort, let sorting else {
            return "<th scope=\"col\" class=\"\(column.alignment.rawValue)\">\(title)</th>"
        }
        let isAscending = sorting.current == sort
        let isDescending = sorting.current == "-\(sort)"
        let order = isAscending ? "ascending" : isDescending ? "descending" : nil
        let next = isAscending ? "-\(sort)" : sort
        return """
            <th scope="col" class="\(column.alignment.rawValue)"\(attribute: "aria-sort", order)>\
            <a class="sort" href="\(sorting.link(next))">\(title)\
            \(icon(isAscending ? "up" : isDescending ? "down" : "sort"))</a></th>
            """
    }
}
