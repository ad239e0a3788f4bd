internal import Records

extension ConfigurationReader {
  /// Reads `metrics.metrics_collected`. A configuration that has it is one of the CloudWatch agent, and gets its defaults.
  mutating func readPlugins(_ root: JSON, into configuration: inout Configuration) {
    guard let metrics = root["metrics"], let section = metrics.value[Self.collected] else { return }
    let location = JSONLocation(path: Schema.pluginsSection, schemaPath: Schema.pluginsSection, line: section.line)
    guard case .object(let members) = section.value.value else {
      return report(location, "expected an object, in braces; found \(ValueType.text.found(section.value.value))")
    }
    if metrics.value["namespace"] == nil { configuration.metrics.namespace = "CWAgent" }
    if root["agent"]?.value["metrics_collection_interval"] == nil { configuration.agent.metricsCollectionInterval = 60 }
    var plugins: [PluginSettings] = []
    for (index, member) in members.enumerated() where member.value.value != .null {
      let inner = location.member(member)
      if members[(index + 1)...].contains(where: { $0.key == member.key }) {
        warn(inner, "\(inner.path) is there twice; the last one counts")
      } else if let plugin = PluginCatalogue.plugin(member.key) {
        plugins += readPlugin(plugin, member, inner)
      } else {
        var nothing = PluginSettings(member.key)
        readMember(member.value, inner, keys: [], into: &nothing)
      }
    }
    configuration.metrics.collected = plugins.filter { !$0.measurements.isEmpty }
    checkDropped(plugins, location, configuration.metrics)
  }

  private static let collected = "metrics_collected"

  private mutating func readPlugin(_ plugin: PluginDescription, _ member: JSON.Member, _ location: JSONLocation) -> [PluginSettings] {
    let (keys, empty) = (Schema.keys(of: plugin), PluginSettings(plugin.name))
    if plugin.isList {
      let elements = readList(
        member, at: location.path, keys: keys, empty: empty,
        expected: "a list of objects, each with measurement and exe, pattern or pid_file")
      return elements.map { element, place, json in checked(element, plugin, place, json) }
    }
    var settings = empty
    readObject(member.value, location, keys: keys, into: &settings)
    guard case .object = member.value.value else { return [] }
    return [checked(settings, plugin, location, member.value)]
  }

  private mutating func checked(
    _ settings: PluginSettings, _ plugin: PluginDescription, _ location: JSONLocation, _ json: JSON
  ) -> PluginSettings {
    var settings = settings
    let names = plugin.fields.map(\.name).joined(separator: ", ")
    guard let member = json["measurement"] else {
      report(location, "measurement is missing; \(plugin.name) can measure \(names)")
      return settings
    }
    let place = location.member(member)
    guard case .list(let elements) = member.value.value, elements.count == settings.measurements.count else { return settings }
    if elements.isEmpty { warn(place, "\(place.path) is empty, so that nothing of \(plugin.name) is measured; it can measure \(names)") }
    var measurements: [PluginSettings.Measurement] = []
    var published: [String: Int] = [:]
    for (index, (element, measurement)) in zip(elements, settings.measurements).enumerated() {
      let inner = place.element(index, line: element.line)
      guard isServed(measurement, plugin, inner, element) else { continue }
      let name = measurement.publishedName(of: plugin)
      if let first = published.updateValue(inner.line, forKey: name) {
        warn(inner, "\(inner.path): \(quoted(name)) is in the list twice, first in line \(first); it is published once")
      } else {
        measurements.append(measurement)
      }
    }
    settings.measurements = measurements
    checkSelection(settings, location, json)
    return settings
  }

  /// Whether a measurement can be published; says why not.
  private mutating func isServed(
    _ measurement: PluginSettings.Measurement, _ plugin: PluginDescription, _ location: JSONLocation, _ json: JSON
  ) -> Bool {
    if case .object(let members) = json.value {
      for member in members where !["name", "rename", "unit"].contains(member.key) {
        warn(location, "unknown key \(location.path).\(member.key); it has no effect")
      }
    }
    if plugin.isUnserved(measurement.name) {
      warn(
        location,
        "\(location.path): \(quoted(measurement.name)) is known to the CloudWatch agent and cannot be measured here; it is left out")
      return false
    }
    guard let field = plugin.field(named: measurement.name) else {
      let names = plugin.fields.map(\.name)
      let nearest = names.min { NearestKey.distance(measurement.name, $0) < NearestKey.distance(measurement.name, $1) }
      let hint = nearest.flatMap { NearestKey.distance(measurement.name, $0) <= 3 ? "did you mean \($0)? There are " : nil } ?? "there are "
      report(location, "\(plugin.name) has no \(quoted(measurement.name)); \(hint)\(names.joined(separator: ", "))")
      return false
    }
    if let rename = measurement.rename, !NameRules.isMetricText(rename, 255) {
      report(location, "rename: expected 1 to 255 ASCII characters; found \(quoted(rename))")
      return false
    }
    guard let text = measurement.unit else { return true }
    guard let unit = MetricUnit(named: text) else {
      report(location, "unit: \(quoted(text)) is no unit of CloudWatch, such as \(field.unit.rawValue)")
      return false
    }
    if field.unit.convert(1, to: unit) == nil {
      report(
        location, "unit: \(plugin.metricName(of: field)) is in \(field.unit.rawValue), which cannot be converted into \(unit.rawValue)")
      return false
    }
    return true
  }

  private mutating func checkSelection(_ settings: PluginSettings, _ location: JSONLocation, _ json: JSON) {
    if settings.name == "cpu", !settings.totalcpu, settings.resources == nil {
      warn(location, "\(location.path): totalcpu is false and there are no resources, so that no processor is measured")
    }
    guard settings.name == "procstat" else { return }
    let given = ["pid_file", "exe", "pattern"].filter { json[$0] != nil }
    if given.isEmpty { report(location, "exe, pattern or pid_file is missing, which says what process is meant") }
    // The agent's order.
    if given.count > 1 {
      warn(location, "\(location.path): \(given[0]) counts, \(given.dropFirst().joined(separator: ", ")) has no effect")
    }
  }

  private mutating func checkDropped(_ plugins: [PluginSettings], _ location: JSONLocation, _ metrics: Configuration.Metrics) {
    for settings in plugins where !settings.dropOriginalMetrics.isEmpty {
      let path = "\(location.path).\(settings.name).drop_original_metrics"
      if metrics.aggregationDimensions.isEmpty {
        warn(location, "\(path): without metrics.aggregation_dimensions, what is dropped is not published at all")
      }
      guard let plugin = PluginCatalogue.plugin(settings.name) else { continue }
      for name in settings.dropOriginalMetrics where name != "*" {
        if settings.measurements.contains(where: { $0.isMeant(by: name, of: plugin) }) { continue }
        warn(location, "\(path): \(quoted(name)) is none of the measurements; it has no effect")
      }
    }
  }
}

extension PluginSettings.Measurement {
  /// The metric's name in CloudWatch.
  package func publishedName(of plugin: PluginDescription) -> String {
    rename ?? plugin.field(named: name).map(plugin.metricName) ?? name
  }

  /// Whether a name means it: the field's, with the plugin's before it or without, or the new one.
  package func isMeant(by name: String, of plugin: PluginDescription) -> Bool {
    if let field = plugin.field(named: self.name), field.name == name || plugin.metricName(of: field) == name { return true }
    return name == rename
  }
}
