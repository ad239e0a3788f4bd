internal import Unix

/// One section of `metrics.metrics_collected`, or one element of such a list, as the configuration has it.
package struct PluginSettings: Equatable, Sendable {
  /// That of a `PluginDescription`.
  package let name: String
  package var measurements: [Measurement] = []
  /// Nil: not said.
  package var resources: [String]?
  /// Seconds between two samples; nil: as the others.
  package var interval: Double?
  /// Values are templates, `NameTemplate`.
  package var appendDimensions: [String: String] = [:]
  /// Names, with the plugin's before them, without, or as renamed; `*`: all.
  package var dropOriginalMetrics: [String] = []
  // cpu
  package var totalcpu = true
  // disk
  package var ignoreFileSystemTypes: [String] = []
  package var dropDevice = false
  // procstat
  package var exe: String?
  package var pattern: String?
  package var pidFile: String?

  /// A section that says nothing.
  package init(_ name: String) { self.name = name }

  /// One metric that is asked for.
  package struct Measurement: Equatable, Sendable {
    /// Of a field of the plugin, with the plugin's name before it or without.
    package var name: String
    /// The metric's whole name; nil: the plugin's and the field's.
    package var rename: String?
    /// What values are converted into; nil: the field's own.
    package var unit: String?

    /// As the plugin has it, unless said otherwise.
    package init(_ name: String, rename: String? = nil, unit: String? = nil) {
      self.name = name
      self.rename = rename
      self.unit = unit
    }
  }
}

extension PluginSettings.Measurement: JSONStorable {
  /// Nil if it is neither a name nor an object with one.
  package init?(_ json: JSON.Value) {
    // The agent takes them away, too.
    func isBlank(_ character: Character) -> Bool { character == " " }
    func text(_ key: String) -> String? { JSON(json)[key].flatMap { String($0.value.value) } }
    switch json {
    case .text(let name): self.init(String(name.trimmed(isBlank)))
    case .object:
      guard let name = text("name") else { return nil }
      self.init(String(name.trimmed(isBlank)), rename: text("rename"), unit: text("unit"))
    default: return nil
    }
  }

  package var json: JSON.Value? {
    rename == nil && unit == nil ? .text(name) : ["name": name, "rename": rename, "unit": unit]
  }
}
