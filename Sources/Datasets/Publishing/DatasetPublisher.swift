import Foundation
public import HostSupport

/// Puts a dataset into a deposit, and publishes it where that is wanted: what is published stays for good.
public struct DatasetPublisher: Sendable {
    /// What came of it.
    public struct Result: Sendable, Encodable {
        /// A file of the deposit.
        public struct File: Sendable, Encodable {
            /// Its name there.
            public let name: String
            /// Its size.
            public let bytes: UInt64
            /// Its MD5 digest, which the service confirmed.
            public let md5: String
            /// Whether it was there before.
            public let wasThere: Bool
        }

        /// The deposit's number.
        public let deposit: Int
        /// Where to look at it.
        public let page: String?
        /// The files.
        public let files: [File]
        /// Whether it is published.
        public let isPublished: Bool
        /// The DOI, once it is published.
        public let doi: String?
    }

    private let client: DepositClient
    private let console: Console

    /// Prepares to publish.
    ///
    /// - Parameters:
    ///   - service: Where.
    ///   - token: What allows it.
    ///   - attempts: How often a request is made at most.
    ///   - delay: How long to wait before the second attempt; twice as long before each further one.
    ///   - console: Is told what happens.
    public init(
        to service: DepositService,
        token: DepositToken,
        attempts: Int = 8,
        delay: Duration = .seconds(1),
        console: Console
    ) {
        client = DepositClient(
            service: service,
            token: token,
            attempts: max(1, attempts),
            delay: delay,
            console: console
        )
        self.console = console
    }

    private var deposits: String { client.service.base + "/api/deposit/depositions" }

    /// Uploads what is not there, says what it is, and publishes it where asked to.
    ///
    /// - Parameters:
    ///   - plan: What to upload.
    ///   - deposit: The number of a deposit to use; that of the last time, or a new one, where there is none.
    ///   - isPublishing: Whether to publish it.
    /// - Returns: What came of it.
    /// - Throws: ``HostSupport/Failure``; what was uploaded stays, and the same command goes on there.
    public func publish(_ plan: UploadPlan, deposit: Int? = nil, isPublishing: Bool) async throws -> Result {
        try await plan.makeArchives(console)
        var (found, state) = try await open(plan, deposit)
        if found.submitted == true {
            throw Failure(
                .cannotCreate,
                "the deposit \(found.id) is published already\(found.doi.map { ", as \($0)" } ?? "")",
                hint: "a new version is begun on its page; --deposit names it then"
            )
        }
        var files: [Result.File] = []
        for item in plan.items { files.append(try await upload(item, to: found, &state, plan)) }
        let metadata = try JSONSerialization.data(
            withJSONObject: ["metadata": try JSONSerialization.jsonObject(with: plan.metadata)]
        )
        _ = try await client.request(
            "PUT",
            "\(deposits)/\(found.id)",
            .json(metadata),
            to: "describe the deposit \(found.id)"
        )
        found = try await read(found.id)
        for file in files where !found.has(file.name, bytes: file.bytes, md5: file.md5) {
            throw Failure(
                .inputOutput,
                "the deposit \(found.id) has no whole \(file.name)",
                hint: "try again"
            )
        }
        if isPublishing { found = try await publish(found, files) }
        state.doi = isPublishing ? found.doi : nil
        try state.write(to: plan.state)
        return Result(
            deposit: found.id,
            page: found.links.html,
            files: files,
            isPublished: found.submitted == true,
            doi: state.doi
        )
    }

    /// The deposit of the last time, the one that is named, or a new one.
    private func open(_ plan: UploadPlan, _ named: Int?) async throws -> (Deposit, DepositState) {
        let service = client.service.base
        let known = try DepositState.read(plan.state)
        if let known, known.service == service, named == nil || named == known.deposit {
            do {
                return (try await read(known.deposit), known)
            } catch var failure as Failure where failure.code == .notFound {
                failure.hint = "where it was discarded, remove \(plan.state) to begin anew"
                throw failure
            }
        }
        let found: Deposit
        if let named {
            found = try await read(named)
        } else {
            if let known {
                throw Failure(
                    .usage,
                    "\(plan.state) tells of a deposit at \(known.service), not at \(service)",
                    hint: "remove the file to begin anew"
                )
            }
            let answer = try await client.request(
                "POST",
                deposits,
                .json(Data("{}".utf8)),
                to: "make a deposit"
            )
            found = try decode(answer)
        }
        let state = DepositState(service: service, deposit: found.id)
        try state.write(to: plan.state)
        return (found, state)
    }

    private func read(_ id: Int) async throws -> Deposit {
        try decode(try await client.request("GET", "\(deposits)/\(id)", to: "read the deposit \(id)"))
    }

    private func decode(_ data: Data) throws -> Deposit {
        try JSONText.decode(Deposit.self, from: data, source: "the answer of \(client.service.base)")
    }

    private func upload(
        _ item: UploadPlan.Item,
        to deposit: Deposit,
        _ state: inout DepositState,
        _ plan: UploadPlan
    ) async throws -> Result.File {
        let digested = try digest(item, known: state.files[item.name])
        if state.files[item.name] != digested {
            state.files[item.name] = digested
            try state.write(to: plan.state)
        }
        if deposit.has(item.name, bytes: digested.bytes, md5: digested.md5) {
            console.step("\(item.name) is there already")
            return Result.File(name: item.name, bytes: digested.bytes, md5: digested.md5, wasThere: true)
        }
        guard let bucket = deposit.links.bucket else {
            throw Failure(.badData, "the deposit \(deposit.id) takes no files: it has no bucket")
        }
        let allowed = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
        )
        guard let name = item.name.addingPercentEncoding(withAllowedCharacters: allowed) else {
            throw Failure(.usage, "'\(item.name)' cannot be a file's name there")
        }
        for attempt in 1...client.attempts {
            let answer = try await console.step("uploading \(item.name), \(ByteSize(bytes: digested.bytes))")
            {
                try await client.request(
                    "PUT",
                    "\(bucket)/\(name)",
                    .file(item.path),
                    to: "upload \(item.name)"
                )
            }
            let put = try JSONText.decode(
                PutFile.self,
                from: answer,
                source: "the answer of \(client.service.base)"
            )
            if Deposit.digest(put.checksum) == digested.md5, put.size == digested.bytes {
                return Result.File(name: item.name, bytes: digested.bytes, md5: digested.md5, wasThere: false)
            }
            guard FileKind(item.path)?.changed == digested.changed else {
                throw Failure(.badData, "\(item.path) was changed while it was uploaded", hint: "try again")
            }
            if attempt < client.attempts {
                console.warning("\(item.name) arrived damaged; uploading it again")
            }
        }
        throw Failure(.inputOutput, "\(item.name) arrived damaged \(client.attempts) times")
    }

    private func digest(_ item: UploadPlan.Item, known: DepositState.Digested?) throws
        -> DepositState.Digested
    {
        guard let kind = FileKind(item.path), kind.kind == .regular else {
            throw Failure(.notFound, "there is no file \(item.path)")
        }
        if let known, known.bytes == kind.size, known.changed == kind.changed { return known }
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: item.path.string))
        defer { try? file.close() }
        var digest = RunningDigest(.md5)
        while let part = try file.read(upToCount: 4 << 20), !part.isEmpty {
            try Task.checkCancellation()
            part.withUnsafeBytes { digest.update($0) }
        }
        return DepositState.Digested(bytes: kind.size, changed: kind.changed, md5: digest.text)
    }

    private func publish(_ deposit: Deposit, _ files: [Result.File]) async throws -> Deposit {
        let others = (deposit.files ?? []).map(\.filename).filter { name in
            !files.contains { $0.name == name }
        }
        guard others.isEmpty else {
            throw Failure(
                .cannotCreate,
                "the deposit \(deposit.id) has files that are not of this dataset: \(others.joined(separator: ", "))",
                hint: "remove them on its page: what is published stays"
            )
        }
        do {
            let answer = try await client.request(
                "POST",
                "\(deposits)/\(deposit.id)/actions/publish",
                to: "publish the deposit \(deposit.id)"
            )
            return try decode(answer)
        } catch {
            // The answer may have been lost, and not the deed.
            if let now = try? await read(deposit.id), now.submitted == true { return now }
            throw error
        }
    }
}
