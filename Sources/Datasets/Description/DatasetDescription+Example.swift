extension DatasetDescription {
    /// The text of a description to begin with: valid, and each key explained.
    ///
    /// - Parameter name: The dataset's name, of letters, digits, `.`, `_` and `-`.
    /// - Returns: YAML.
    public static func example(name: String) -> String {
        """
        # What a dataset of PANDAcap's is. 'pandacap dataset pack' makes all metadata from this file: Croissant, RO-Crate,
        # BagIt, DataCite, Zenodo, CITATION.cff, Data Package, and a README. docs/dataset.schema.json describes it.
        schema: 1

        # A part of files' names: letters, digits, '.', '_' and '-'.
        name: \(name)
        title: Recordings of visits to SSH honeypots
        version: 1.0.0

        # What it is, in a few sentences of plain text.
        description: |
          Whole-system recordings of visits to SSH honeypots, made with PANDA. Each can be replayed instruction by
          instruction, and analysed as often as one likes.

        # People have 'family' and 'given', organisations have 'name'. All else is optional.
        authors:
          - family: Carberry
            given: Josiah
            affiliation: Brown University
            affiliationUrl: https://www.brown.edu
            orcid: 0000-0002-1825-0097
          - name: The Department of Psychoceramics
            url: https://example.org/psychoceramics

        # An identifier of https://spdx.org/licenses: CC-BY-4.0, CC0-1.0, ODbL-1.0 ...
        licence: CC-BY-4.0

        # All that follows is optional.
        keywords: [PANDA, record and replay, honeypot, SSH]

        # How it was captured: the set-up, what the guests did, what was left out and why.
        capture: |
          Guests of Debian 12 were kept alive by 'pandacap fleet up' and recorded from login to logout.

        # What it has to do with other works. The relations are DataCite's; the scheme of a DOI or of an address is
        # clear, others are named: 'scheme: arXiv'.
        related:
          - identifier: 10.1145/3380786.3391396
            relation: IsDescribedBy

        # Its DOI, once it is reserved, and its page; Croissant asks for one of them.
        # doi: 10.5281/zenodo.3759652
        url: https://example.org/\(name)
        publisher: Zenodo
        # The day of publication; that of packing where it is missing.
        # date: 2026-11-26

        # Who paid; 'grant' is what Zenodo calls it.
        # funding:
        #   - funder: European Commission
        #     award: "786669"
        #     title: ReAct
        #     grant: 10.13039/501100000780::786669

        # Communities of Zenodo's that it is handed to.
        # communities: [cybersecurity]

        # Who answers questions.
        # contact:
        #   name: Josiah Carberry
        #   email: jcarberry@example.org

        # Where its folder, or its archive, can be downloaded, and trackers: for 'pandacap dataset torrent'.
        # webSeeds: [https://example.org/files/]
        # trackers: [udp://tracker.example.org:6969/announce]

        """
    }
}
