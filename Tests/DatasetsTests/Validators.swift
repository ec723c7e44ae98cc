import Foundation
import HostSupport

/// The public validators of the standards, which `make setup` installs.
enum Validators {
    /// Runs a script of Python with one of the folders of validators.
    ///
    /// - Returns: Its output, whatever came of it.
    static func run(_ folder: String, _ script: String, _ arguments: String...) async throws -> ToolOutput {
        let path = try Installation.locate().root / ".build/validators" / folder
        guard FileSystem.isDirectory(path) else {
            throw Failure(.unavailable, "there is no \(path)", hint: "make setup installs it")
        }
        return try await Tool("python3").output(
            ["-c", script] + arguments,
            environment: ["PYTHONPATH": path.string, "PYTHONDONTWRITEBYTECODE": "1"]
        )
    }

    /// Reads Croissant, and the records of its table; prints the number of records, and fails at warnings.
    static let croissant = """
        import logging, sys, warnings
        import mlcroissant
        class Collector(logging.Handler):
            def emit(self, record): sys.exit(record.getMessage())
        handler = Collector(level=logging.WARNING)
        logging.getLogger().addHandler(handler)
        try:
            from absl import logging as other
            other.get_absl_logger().addHandler(handler)
        except ImportError: pass
        dataset = mlcroissant.Dataset(sys.argv[1])
        assert not dataset.metadata.ctx.issues.warnings, dataset.metadata.ctx.issues.warnings
        records = list(dataset.records("traces"))
        print(len(records), records[-1]["traces/name"].decode())
        """

    /// Validates an RO-Crate up to what is recommended.
    ///
    /// The validator fetches its context from the web, and the tests have none: it gets the one that the library `rocrate` comes with.
    static let crate = """
        import pathlib, sys
        import requests, rocrate
        from rocrate_validator import models, services
        from rocrate_validator.utils.http import HttpRequester
        context = (pathlib.Path(rocrate.__file__).parent / "data/ro-crate.jsonld").read_bytes()
        def get(self, url, **options):
            assert url.startswith("https://w3id.org/ro/crate/"), url
            response = requests.Response()
            response.status_code, response.url, response._content = 200, url, context
            response.headers["Content-Type"] = "application/ld+json"
            return response
        HttpRequester.get = get
        result = services.validate(services.ValidationSettings(
            rocrate_uri=sys.argv[1], profile_identifier="ro-crate-1.1",
            requirement_severity=models.Severity.RECOMMENDED))
        issues = [f"{issue.check.identifier} {issue.message}" for issue in result.get_issues()]
        print("\\n".join(issues))
        from rocrate.rocrate import ROCrate
        print(len(ROCrate(sys.argv[1]).root_dataset["hasPart"]), "parts")
        sys.exit(1 if issues else 0)
        """

    /// Validates a bag with bagit, DataCite's metadata against schema 4.5, and a Data Package with its files' digests.
    static let packages = """
        import json, sys
        import bagit, frictionless
        from datacite import schema45
        folder = sys.argv[1]
        bagit.Bag(folder).validate()
        schema45.validator.validate(json.load(open(folder + "/datacite.json")))
        report = frictionless.validate(folder + "/datapackage.json")
        errors = report.flatten(["type", "message"])
        print(len(report.tasks), "resources", errors)
        sys.exit(1 if errors or not report.valid else 0)
        """

    /// Validates a citation, and prints it as BibTeX.
    static let citation = """
        import sys
        from cffconvert import Citation
        citation = Citation(open(sys.argv[1]).read())
        citation.validate()
        print(citation.as_bibtex())
        """
}
