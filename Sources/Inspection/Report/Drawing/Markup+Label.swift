extension Markup {
    /// The title and the description of a picture.
    struct Label {
        /// What the ids begin with; unique on the page.
        let id: String
        let title: String
        let description: String

        /// What the picture refers to.
        var ids: String { "\(id)-t \(id)-d" }

        var markup: [Markup] {
            [
                Markup("title", ["id": "\(id)-t"], [Markup(title)]),
                Markup("desc", ["id": "\(id)-d"], [Markup(description)]),
            ]
        }
    }
}
