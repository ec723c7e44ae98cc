import Foundation
import GRDB
import HostSupport
import RunRecords

extension RunQuery {
    /// The query's statement; only values of our own are ever text in it.
    var sql: (text: String, arguments: StatementArguments) {
        let (conditions, values) = conditions
        var text = "SELECT * FROM runs"
        var arguments = values
        if !conditions.isEmpty { text += " WHERE " + conditions.joined(separator: " AND ") }
        let direction = isDescending ? "DESC" : "ASC"
        text += " ORDER BY \(order.column) \(direction)" + (order == .id ? "" : ", id \(direction)")
        if limit != nil || offset > 0 {
            text += " LIMIT ? OFFSET ?"
            arguments += [limit ?? -1, offset]
        }
        return (text, arguments)
    }

    private var conditions: ([String], StatementArguments) {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        if !states.isEmpty {
            conditions.append("state IN (" + states.map { _ in "?" }.joined(separator: ", ") + ")")
            arguments += StatementArguments(states.map(\.rawValue).sorted())
        }
        add("image = ?", image)
        add("origin_kind = ?", originKind?.rawValue)
        add("origin_name = ?", originName)
        add("origin_number = ?", originNumber)
        add("planned >= ?", since.map(JSONText.timeText))
        add("planned < ?", until.map(JSONText.timeText))
        add("id IN (SELECT run FROM peers WHERE address = ?)", peer)
        for tag in tags { add("instr(',' || tags || ',', ?) > 0", ",\(tag),") }
        add("label = ?", label)
        if let text {
            conditions.append(
                """
                (instr(id, ?1) OR instr(image, ?1) OR instr(reason, ?1)
                OR id IN (SELECT run FROM peers WHERE instr(banner, ?1))
                OR id IN (SELECT run FROM logins WHERE instr(user, ?1)))
                """.replacing("?1", with: "?")
            )
            arguments += StatementArguments(Array(repeating: text, count: 5))
        }
        return (conditions, arguments)
    }
}

extension RunQuery.Order {
    fileprivate var column: String {
        switch self {
        case .time: "planned"
        case .id: "id"
        case .state: "state"
        case .image: "image"
        case .size: "bytes"
        case .recordings: "recordings"
        case .change: "change"
        }
    }
}
