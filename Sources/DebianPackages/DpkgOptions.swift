/// Options of dpkg for roots that people do not read in.
public enum DpkgOptions {
    /// Leaves out manuals, translations and documents but the licences.
    public static let withoutManuals = [
        "path-exclude=/usr/share/man/*", "path-exclude=/usr/share/info/*", "path-exclude=/usr/share/locale/*",
        "path-include=/usr/share/locale/locale.alias", "path-exclude=/usr/share/doc/*",
        "path-include=/usr/share/doc/*/copyright", "path-exclude=/usr/share/lintian/*",
    ]
}
