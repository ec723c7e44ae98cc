import Foundation
import GRDB
import HostSupport
import RunRecords

extension RunQuery {
    /// The query's statement; only values of our own are ever text in it.
    var sql: (text: String, arguments: StatementArguments) {
        let (conditions, values) = conditions
        let matching = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let direction = isDescending ? "DESC" : "ASC"
        let order = " ORDER BY \(order.column) \(direction)" + (order == .id ? "" : ", id \(direction)")
        guard limit != nil || offset > 0 else { return ("SELECT * FROM runs" + matching + order, values) }
        // What is left out is passed over in an index, which has no more than the ids; rows are read for the rest alone.
        let chosen = "SELECT id FROM runs" + matching + order + " LIMIT ? OFFSET ?"
        return ("SELECT * FROM runs WHERE id IN (\(chosen))" + order, values + [limit ?? -1, offset])
    }

    /// The statement that tells how many runs there are, whatever the order and the limit are.
    var countSQL: (text: String, arguments: StatementArguments) {
        let (conditions, values) = conditions
        let matching = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return ("SELECT count(*) FROM runs" + matching, values)
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
